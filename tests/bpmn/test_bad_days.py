"""Files and models that would harm a worker: each is refused, or stopped as an incident with a sentence."""

import time

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.events import DefinitionResolved, GraphRef, IncidentRetried, InstanceCancelled
from bpmn.lint import processes
from bpmn.reader.read import read
from bpmn.run import agenda, run
from tests.bpmn.bpmn_models import (
    boundary,
    definitions,
    extension,
    flows,
    gateway,
    message,
    multi,
    process,
    script,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.player import Player

ENTITY = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&a;&a;">]>'


def refused(source: bytes) -> list[str]:
    with pytest.raises(DeploymentRefused) as found:
        read(source, "x.bpmn")
    assert all(problem.message and problem.remedy for problem in found.value.problems)
    return sorted({problem.rule for problem in found.value.problems})


def model(*body: str) -> str:
    return process("".join(body)).decode().partition("?>")[2]


SMALL = model(start(), user("a", name="受理"), flows("s>a"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "gb18030"])
def test_entities_are_refused_in_every_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITY}{SMALL.replace("受理", "&b;")}'
    assert refused(text.encode(encoding)) == ["no-dtd"]


def test_a_document_type_behind_comments_is_seen() -> None:
    assert refused(f"<!-- {'x' * 100_000} --><?pi?>{ENTITY}{SMALL}".encode()) == ["no-dtd"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk", "big5"])
def test_a_file_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else "utf-16" if encoding == "utf-16-le" else encoding
    text = f'<?xml version="1.0" encoding="{name}"?>{SMALL}'
    source = text.encode(encoding) if encoding != "utf-16-le" else b"\xff\xfe" + text.encode(encoding)
    assert read(source, "x").nodes["a"].name == "受理"


@pytest.mark.parametrize(
    "source",
    [
        SMALL.encode("gb18030"),
        f'<?xml version="1.0" encoding="utf-8"?>{SMALL}'.encode("gb18030"),
        f'<?xml version="1.0" encoding="no-such-thing"?>{SMALL}'.encode(),
        b"\xff\xfe\x00\x00",
        b"",
        b"PK\x03\x04 a zip",
    ],
)
def test_bytes_in_another_encoding_than_declared_are_refused_with_a_sentence(source: bytes) -> None:
    assert refused(source)[0] in ("well-formed", "encoding")


def test_fifty_megabytes_are_refused_at_once() -> None:
    source = b"<definitions>" + b" " * 50_000_000
    before = time.process_time()
    assert refused(source) == ["file-size"]
    assert time.process_time() - before < 1


@pytest.mark.parametrize("depth", [250, 100_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    opened = "".join(f'<subProcess id="p{index}">' for index in range(depth))
    assert refused(process(opened + "</subProcess>" * depth)) == ["nesting"]


def test_a_model_larger_than_any_diagram_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "MAXIMUM_NODES", 100)
    tasks = "".join(f'<task id="t{index}"/>' for index in range(101))
    assert refused(process(tasks)) == ["model-size"]


def test_every_double_id_is_told_with_its_line() -> None:
    with pytest.raises(DeploymentRefused) as found:
        read(process(start() + user("a") + "\n" + user("a") + "\n" + user("s") + flows("s>a")), "x")
    assert [(one.element_id, one.line) for one in found.value.problems if one.rule == "unique-id"] == [
        ("a", 2),
        ("s", 3),
    ]


def test_processes_that_call_each_other_in_a_circle_end_in_an_incident() -> None:
    def calling(name: str, called: str) -> str:
        definition = f'<zeebe:calledElement processId="{called}"/>'
        call = f'<callActivity id="{name}_c">{extension(definition)}</callActivity>'
        body = start(f"{name}_s") + call + flows(f"{name}_s>{name}_c")
        return f'<process id="{name}" isExecutable="true">{body}</process>'

    play = Player(definitions(calling("p", "q") + calling("q", "p")), round_trip=False)
    while not play.incidents:
        asked = play.last[-1]
        play.send(DefinitionResolved(asked.request_key, GraphRef(play.graph.hash, asked.process_id)))
    assert play.rules == ["call-depth"]
    assert play.send(InstanceCancelled("a circle")).state.status == "cancelled"  # type: ignore[union-attr]


def test_scopes_inside_scopes_are_bounded_and_can_be_cancelled() -> None:
    inner = "".join(f'<subProcess id="x{index}">{start(f"xs{index}")}' for index in range(60))
    closed = "".join(f"{flows(f'xs{index}>x{index + 1}')}</subProcess>" for index in reversed(range(59)))
    definition = '<zeebe:calledElement processId="p" bindingType="deployment"/>'
    call = f'<callActivity id="c">{extension(definition)}</callActivity>{flows("xs59>c")}</subProcess>'
    play = Player(process(start() + inner + call + closed + flows("s>x0")), round_trip=False)
    assert play.rules == ["scope-depth"]
    assert play.send(InstanceCancelled("too deep")).state.status == "cancelled"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "expression",
    [
        "{f: function(x) f(x), r: f(1)}.r",
        "for x in 1..100000000 return x",
        "count(for x in 1..10000, y in 1..10000 return x)",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    ],
)
def test_an_expression_that_recurses_or_does_not_end_is_an_incident_or_a_plain_answer(expression: str) -> None:
    before = time.process_time()
    play = Player(process(start() + script("k", expression, "r") + flows("s>k")))
    assert play.done or play.rules == ["expression"]
    assert time.process_time() - before < 20


def test_an_expression_nested_without_end_is_refused() -> None:
    assert refused(process(start() + script("k", "(" * 5_000 + "1" + ")" * 5_000, "r") + flows("s>k"))) == [
        "feel-syntax"
    ]


def test_a_model_that_forks_without_end_is_stopped_in_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "MAXIMUM_MOVES", 2_000)
    body = start() + gateway("exclusive", "m") + gateway("parallel", "f") + gateway("exclusive", "g") + user("a")
    body += flows("s>m", "m>f", "f>a", "f>g", "g>m ? x != 1", "g>a ? x = 1")
    play = Player(process(body), {"x": 2}, round_trip=False)
    assert play.rules == ["step-bound"]


def test_a_start_that_is_stopped_can_be_tried_again_from_each_of_its_beginnings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agenda, "MAXIMUM_MOVES", 1)
    several = Player(process(user("a") + script("k", "1", "x") + user("b") + flows("k>b")))
    begun = start("s", message("M")) + script("k", "heard + 1", "x") + user("a") + flows("s>k", "k>a")
    told = Player(process(begun, '<message id="M" name="m"/>'), {"heard": 4}, start_event="s")
    assert (several.rules, told.rules) == (["step-bound"] * 2, ["step-bound"])
    monkeypatch.undo()
    for play in (several, told):
        for key in list(play.incidents):
            play.send(IncidentRetried(key))
    assert (several.open, told.open, told.variables) == (["a", "b"], ["a"], {"heard": 4, "x": 5})


def test_a_model_that_forks_over_the_years_is_stopped_by_the_instances_own_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "MAXIMUM_TOKENS", 10)
    body = start() + user("a") + boundary("b", "a", timer("R/PT1H", "timeCycle"), False) + user("h")
    play = Player(process(body + flows("s>a", "b>h"))).wait(hours=20)
    assert play.rules == ["token-bound"]
    assert play.open == ["a"] + ["h"] * 9


def test_a_loop_of_more_instances_than_any_is_an_incident() -> None:
    for count in ("100000000", "-3"):
        play = Player(process(start() + user("a", inside=multi(cardinality=f"={count}")) + flows("s>a")))
        assert play.rules == ["loop-cardinality"]


def test_a_worker_goes_on_after_each_of_them() -> None:
    test_an_expression_nested_without_end_is_refused()
    assert Player(process(start() + sub("p1", start("i") + user("a") + flows("i>a")) + flows("s>p1"))).do("a").done
