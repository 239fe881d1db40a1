"""A running instance moves to another version of its model by an explicit plan."""

from bpmn.events import GraphRef, InstanceMigrated
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    Player,
    boundary,
    end,
    event_sub,
    flows,
    gateway,
    message,
    multi,
    process,
    start,
    sub,
    timer,
    user,
)

SHARED = '<message id="N" name="note"/>'
OLD = process(
    start() + user("a") + boundary("b", "a", timer("P1D"), False) + user("r") + end() + flows("s>a", "a>e", "b>r")
)


def move(play: Player, model: bytes, **mapping: str) -> Player:
    graph = read(model, "new.bpmn")
    play.graphs[graph.hash] = graph
    assert play.state is not None
    return play.send(InstanceMigrated(play.state.root, GraphRef(graph.hash, "p"), mapping))


def test_what_did_not_change_stays_and_new_catches_are_armed() -> None:
    new = process(
        start()
        + user("a")
        + boundary("b", "a", timer("P1D"), False)
        + boundary("n", "a", message("N"))
        + user("r")
        + user("z")
        + end()
        + flows("s>a", "a>z", "b>r", "n>e", "z>e")
        + event_sub("es", start("es_s", timer("P9D"), isInterrupting="false")),
        SHARED,
    )
    play = Player(OLD).wait(hours=5)
    before = (dict(play.tasks), dict(play.timers))
    move(play, new)
    assert play.tasks == before[0]
    assert {key: play.timers[key] for key in before[1]} == before[1]
    assert len(play.timers) == 2
    assert [one.message_name for one in play.messages.values()] == ["note"]
    assert play.do("a").open == ["z"]


def test_a_changed_timer_and_a_renamed_task_are_derived_anew() -> None:
    new = process(
        start()
        + user("a2", name="Other")
        + boundary("b2", "a2", timer("P3D"), False)
        + user("r")
        + end()
        + flows("s>a2", "a2>e", "b2>r")
    )
    play = Player(OLD).wait(hours=5)
    (old_task,), (old_timer,) = play.tasks, play.timers
    move(play, new, a="a2", b="b2")
    assert play.open == ["a2"]
    assert old_task not in play.tasks
    assert old_timer not in play.timers
    assert next(iter(play.timers.values())).at == "2026-03-05T14:00:00+08:00"
    assert play.do("a2").done


def test_a_plan_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    new = process(start() + gateway("exclusive", "a") + user("k") + flows("s>a", "a>k"))
    play = Player(OLD)
    graph = read(new, "new.bpmn")
    play.graphs[graph.hash] = graph
    assert play.state is not None
    for mapping in ({}, {"a": "none"}):
        event = InstanceMigrated(play.state.root, GraphRef(graph.hash, "p"), mapping)
        assert play.refusal(event) == "migration"


def test_tokens_in_subprocesses_loops_and_joins_move_along() -> None:
    def model(task: str) -> bytes:
        inner = start("i") + user(task, inside=multi(cardinality="2")) + flows(f"i>{task}")
        body = start() + gateway("parallel", "f") + sub("x", inner) + user("y") + gateway("parallel", "j") + user("z")
        return process(body + flows("s>f", "f>x", "f>y", "x>j", "y>j", "j>z"))

    play = Player(model("u")).do("y").do("u")
    move(play, model("v"), u="v")
    assert play.open == ["v"]
    assert play.do("v").open == ["z"]
