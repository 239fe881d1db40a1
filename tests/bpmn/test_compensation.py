"""Compensation and transactions: what is undone, by whom, in which order."""

from bpmn.events import DefinitionResolved, GraphRef
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    CANCEL,
    COMPENSATE,
    boundary,
    end,
    error,
    event_sub,
    extension,
    flows,
    gateway,
    io,
    message,
    multi,
    process,
    script,
    start,
    sub,
    throw,
    user,
)
from tests.bpmn.player import Player

SHARED = '<message id="N" name="note"/><error id="E1" errorCode="bad"/>'


def compensable(name: str, undo: str) -> str:
    body = script(name, f'append(log, "{name}")', "log") + boundary(f"{name}_undo", name, COMPENSATE)
    body += script(undo, f'append(log, "{undo}" + string(x))', "log", isForCompensation="true")
    return body + f'<association id="{name}_as" sourceRef="{name}_undo" targetRef="{undo}"/>'


def test_compensation_undoes_what_completed_in_reverse_order_with_its_data() -> None:
    body = start() + compensable("a", "ua") + script("x2", "x + 1", "x") + compensable("b", "ub")
    body += gateway("exclusive", "g", default="g_t") + compensable("never", "un") + throw("t", COMPENSATE) + end()
    body += flows("s>a", "a>x2", "x2>b", "b>g", "g>never ? false", "g>t", "never>t", "t>e")
    play = Player(process(body), {"log": [], "x": 1})
    assert play.variables["log"] == ["a", "b", "ub2", "ua1"]
    assert play.done


def test_compensation_waits_for_its_handlers_and_each_runs_once() -> None:
    body = start() + user("a") + boundary("ab", "a", COMPENSATE) + user("ua", isForCompensation="true")
    body += '<association id="as" sourceRef="ab" targetRef="ua"/>' + throw("t", COMPENSATE) + throw("t2", COMPENSATE)
    body += user("z") + flows("s>a", "a>t", "t>t2", "t2>z")
    play = Player(process(body)).do("a")
    assert play.open == ["ua"]
    assert play.do("ua").open == ["z"]


def test_handlers_inside_a_completed_subprocess_run_when_it_has_none_itself() -> None:
    inner = start("is") + compensable("a", "ua") + compensable("b", "ub") + flows("is>a", "a>b")
    body = start() + sub("p1", inner) + throw("t", '<compensateEventDefinition activityRef="p1"/>') + end()
    play = Player(process(body + flows("s>p1", "p1>t", "t>e")), {"log": [], "x": 1})
    assert play.variables["log"] == ["a", "b", "ub1", "ua1"]


def test_each_completed_iteration_is_undone() -> None:
    body = script("a", 'append(log, "a")', "log", inside=multi("[1,2]", "x", sequential=True))
    body += boundary("ab", "a", COMPENSATE) + script(
        "ua", 'append(log, "u" + string(x))', "log", isForCompensation="true"
    )
    body += '<association id="as" sourceRef="ab" targetRef="ua"/>'
    source = process(start() + body + throw("t", COMPENSATE) + end() + flows("s>a", "a>t", "t>e"))
    assert Player(source, {"log": []}).variables["log"] == ["a", "a", "u2", "u1"]


def test_a_cancelled_transaction_compensates_and_leaves_by_its_cancel_event() -> None:
    inner = start("is") + compensable("a", "ua") + gateway("parallel", "f") + user("u") + end("c", CANCEL)
    inner += flows("is>a", "a>f", "f>u", "f>c")
    body = start() + sub("tx", inner, tag="transaction") + boundary("b", "tx", CANCEL) + user("after") + user("ok")
    play = Player(process(body + flows("s>tx", "tx>ok", "b>after")), {"log": [], "x": 1})
    assert play.open == ["after"]
    assert play.variables["log"] == ["a", "ua1"]


def test_an_error_leaves_a_transaction_without_compensation() -> None:
    inner = start("is") + compensable("a", "ua") + end("c", error("E1")) + flows("is>a", "a>c")
    body = start() + sub("tx", inner, tag="transaction") + boundary("b", "tx", error("E1")) + user("after")
    play = Player(process(body + flows("s>tx", "b>after"), SHARED), {"log": [], "x": 1})
    assert (play.open, play.variables["log"]) == (["after"], ["a"])


def test_an_event_subprocess_compensates_its_scope() -> None:
    handler = start("hs", message("N")) + throw("t", COMPENSATE) + user("h") + flows("hs>t", "t>h")
    inner = start("is") + compensable("a", "ua") + user("u") + flows("is>a", "a>u") + event_sub("es", handler)
    body = start() + sub("p1", inner) + flows("s>p1")
    play = Player(process(body, SHARED), {"log": [], "x": 1}).deliver("note")
    assert (play.open, play.variables["log"]) == (["h"], ["a", "ua1"])


def test_a_compensation_event_subprocess_undoes_its_completed_subprocess() -> None:
    handler = start("hs", COMPENSATE) + script("h", 'append(log, "h" + string(x))', "log") + throw("ht", COMPENSATE)
    inner = start("is") + compensable("a", "ua") + event_sub("es", handler + flows("hs>h", "h>ht")) + flows("is>a")
    body = start() + sub("p1", inner, io({"x": "=5"})) + script("x9", "9", "x") + end("e", COMPENSATE)
    play = Player(process(body + flows("s>p1", "p1>x9", "x9>e")), {"log": [], "x": 1})
    assert play.variables["log"] == ["a", "h5", "ua5"]
    assert play.done


def test_a_compensation_that_nobody_waits_for_runs_beside_the_thrower() -> None:
    body = start() + user("a") + boundary("ab", "a", COMPENSATE) + user("ua", isForCompensation="true")
    body += '<association id="as" sourceRef="ab" targetRef="ua"/>' + user("z")
    body += throw("t", '<compensateEventDefinition waitForCompletion="false"/>') + flows("s>a", "a>t", "t>z")
    play = Player(process(body)).do("a")
    assert play.open == ["ua", "z"]
    assert not play.do("z").done
    assert play.do("ua").done


def undoable(name: str) -> str:
    return (
        user(name)
        + boundary(f"b_{name}", name, COMPENSATE)
        + user(f"undo_{name}", isForCompensation="true")
        + f'<association id="as_{name}" sourceRef="b_{name}" targetRef="undo_{name}"/>'
    )


def calling(callee: str) -> Player:
    """``p`` calls ``q`` of another file, and undoes it once it has completed."""
    definition = extension('<zeebe:calledElement processId="q"/>')
    body = (
        start()
        + f'<callActivity id="c">{definition}</callActivity>'
        + throw("t", COMPENSATE)
        + user("z")
        + flows("s>c", "c>t", "t>z")
    )
    play = Player(process(body))
    other = read(process(callee, name="q"), "other")
    play.graphs[other.hash] = other
    return play.send(DefinitionResolved(play.last[0].request_key, GraphRef(other.hash, "q")))


def test_what_a_process_of_another_file_completed_is_undone_by_its_own_handlers() -> None:
    play = calling(start() + undoable("a") + flows("s>a")).do("a")
    assert play.open == ["undo_a"]
    assert len(play.state.graph_hashes()) == 2
    assert play.do("undo_a").open == ["z"]
    assert len(play.state.graph_hashes()) == 1


def test_a_compensation_event_subprocess_undoes_a_called_process_as_a_whole() -> None:
    handler = event_sub("es", start("es_s", COMPENSATE) + user("h") + flows("es_s>h"))
    play = calling(start() + undoable("a") + handler + flows("s>a")).do("a", paid=5)
    assert play.open == ["h"]
    assert play.do("h").open == ["z"]


def test_a_cancel_inside_a_nested_subprocess_leaves_the_transaction() -> None:
    inner = sub("in", start("ii") + end("ce", CANCEL) + flows("ii>ce"))
    for before, undone in (("", []), (undoable("a"), ["undo_a"])):
        way = flows("i>a", "a>in") if before else flows("i>in")
        body = start() + sub("tx", start("i") + before + inner + way, "", "transaction")
        play = Player(process(body + boundary("b", "tx", CANCEL) + user("z") + flows("s>tx", "b>z")))
        if before:
            assert play.do("a").open == undone
            play.do("undo_a")
        assert play.open == ["z"]
