"""Execution and task listeners: jobs before an element does its work and after its outputs are made."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.events import IncidentRetried, JobFailed
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    end,
    error,
    flows,
    gateway,
    io,
    multi,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.bpmn.player import Player

ERROR = '<error id="E" errorCode="bad"/>'


def listeners(*pairs: str) -> str:
    inner = "".join(
        f'<zeebe:executionListener type="{kind}" eventType="{event}"/>'
        for event, kind in (pair.split(":") for pair in pairs)
    )
    return f"<zeebe:executionListeners>{inner}</zeebe:executionListeners>"


def task_listeners(*pairs: str) -> str:
    inner = "".join(
        f'<zeebe:taskListener type="{kind}" eventType="{event}" retries="5"/>'
        for event, kind in (pair.split(":") for pair in pairs)
    )
    return f"<zeebe:taskListeners>{inner}</zeebe:taskListeners>"


def jobs(play: Player) -> list[str]:
    return [job.type for job in play.jobs.values()]


def test_listeners_run_one_after_the_other_around_the_work() -> None:
    ext = listeners("start:in1", "end:out1", "start:in2", "end:out2")
    play = Player(process(start() + service("w", ext) + user("a") + flows("s>w", "w>a")))
    seen = []
    for _ in range(5):
        seen += jobs(play)
        play.work("w")
    assert seen == ["in1", "in2", "work", "out1", "out2"]
    assert play.open == ["a"]


def test_what_a_start_listener_answers_belongs_to_the_element_and_what_an_end_listener_answers_leaves_it() -> None:
    play = Player(process(start() + service("w", listeners("start:in", "end:out")) + user("a") + flows("s>w", "w>a")))
    play.work("w", rate=5)
    assert play.jobs[max(play.jobs)].variables == {"rate": 5}
    assert play.work("w", done=True).work("w", told=True).variables == {"done": True, "told": True}


def test_a_user_tasks_listeners_lie_inside_its_execution_listeners() -> None:
    ext = listeners("start:in", "end:out") + task_listeners("creating:create", "completing:complete")
    play = Player(process(start() + user("a", ext) + user("b") + flows("s>a", "a>b")))
    assert jobs(play) == ["in"]
    assert jobs(play.work("a")) == ["create"]
    assert play.jobs[max(play.jobs)].retries == 5
    assert play.open == []
    assert play.work("a").open == ["a"]
    assert jobs(play.do("a", ok=True)) == ["complete"]
    assert play.open == []
    assert jobs(play.work("a")) == ["out"]
    assert play.work("a").open == ["b"]
    assert play.variables == {"ok": True}


def test_a_listener_that_fails_is_an_incident_and_only_it_is_tried_again() -> None:
    play = Player(process(start() + user("a", listeners("start:one", "start:two")) + flows("s>a")))
    play.work("a")
    key = play.job_key("a")
    del play.jobs[key]
    play.send(JobFailed(key, "no connection"))
    assert play.rules == ["job-failed"]
    assert jobs(play.send(IncidentRetried(next(iter(play.incidents))))) == ["two"]
    assert play.work("a").open == ["a"]


def test_a_listeners_error_is_caught_like_the_elements_own() -> None:
    body = (
        start() + service("w", listeners("end:out")) + boundary("b", "w", error("E")) + user("h") + flows("s>w", "b>h")
    )
    assert Player(process(body, ERROR)).work("w").fail("w", "bad").open == ["h"]


def test_an_interrupted_listener_is_called_off() -> None:
    body = start() + user("a", listeners("start:in")) + boundary("b", "a", timer("PT1H")) + user("h")
    play = Player(process(body + flows("s>a", "b>h"))).wait(hours=2)
    assert (jobs(play), play.open) == ([], ["h"])


def test_each_instance_of_a_loop_has_its_own_listeners() -> None:
    ext = listeners("start:in", "end:out")
    body = start() + script("k", "i * 2", "r", ext, multi("[1, 2]", "i", "r", "all", sequential=True)) + user("a")
    play = Player(process(body + flows("s>k", "k>a")))
    seen = []
    for _ in range(4):
        seen += jobs(play)
        play.work("k")
    assert (seen, play.variables) == (["in", "out", "in", "out"], {"all": [2, 4]})


def test_events_gateways_and_subprocesses_have_listeners_too() -> None:
    inner = start("i", inside="") + end("ie")
    body = (
        f'<startEvent id="s"><extensionElements>{listeners("end:begun")}</extensionElements></startEvent>'
        + sub("p1", inner + flows("i>ie"), listeners("start:into", "end:outOf"))
        + '<exclusiveGateway id="g" default="g_t">'
        + f"<extensionElements>{listeners('start:decide')}</extensionElements></exclusiveGateway>"
        + throw("t", ext=listeners("start:before", "end:after"))
        + catch("c", timer("PT1H"), listeners("start:armed", "end:rung"))
        + end("e", ext=listeners("start:last"))
    )
    play = Player(process(body + flows("s>p1", "p1>g", "g>t", "t>c", "c>e", "g>e ? x")), {"x": False})
    seen = []
    while not play.done:
        if not play.jobs:
            play.wait(hours=2)
        for job in list(play.jobs.values()):
            seen.append(job.type)
            play.work(job.element_id)
    assert seen == ["begun", "into", "outOf", "decide", "before", "after", "armed", "rung", "last"]


def test_output_mappings_come_before_the_end_listeners() -> None:
    ext = io(outputs={"kept": "=result"}) + listeners("end:out")
    play = Player(process(start() + service("w", ext) + flows("s>w"))).work("w", result=7)
    assert play.jobs[max(play.jobs)].variables == {"kept": 7}


@pytest.mark.parametrize(
    "body",
    [
        user("a", task_listeners("assigning:x")) + flows("s>a"),
        user("a", task_listeners("updating:x")) + flows("s>a"),
        user("a", task_listeners("canceling:x")) + flows("s>a"),
        user("a", listeners("creating:x")) + flows("s>a"),
        user("a", listeners("never:x")) + flows("s>a"),
        user("a") + end("e", error("E"), listeners("end:x")) + flows("s>a", "a>e"),
        user("a")
        + gateway("parallel", "g").replace(
            "/>", f"><extensionElements>{listeners('end:x')}</extensionElements></parallelGateway>"
        )
        + flows("s>g", "g>a"),
        user("a") + boundary("b", "a", timer("PT1H"), ext=listeners("start:x")) + flows("s>a"),
    ],
)
def test_a_moment_that_the_engine_does_not_know_is_refused(body: str) -> None:
    with pytest.raises(DeploymentRefused, match="unsupported-extension"):
        read(process(start() + body, ERROR), "x")


def test_a_start_listener_of_an_event_that_races_would_never_run_and_is_refused() -> None:
    body = gateway("eventBased", "g") + catch("c", timer("PT1H"), listeners("start:x")) + catch("d", timer("PT2H"))
    with pytest.raises(DeploymentRefused, match="event-gateway-target"):
        read(process(start() + body + flows("s>g", "g>c", "g>d")), "x")
