"""Multi-instance activities and standard loops."""

import pytest

from bpmn.events import JobCompleted
from tests.bpmn.bpmn_models import (
    TERMINATE,
    boundary,
    end,
    flows,
    gateway,
    multi,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.player import Player


@pytest.mark.parametrize("sequential", [False, True])
def test_multi_instance_collects_outputs_in_index_order(sequential: bool) -> None:
    loop = multi("list", "item", "r", "results", sequential=sequential)
    play = Player(process(start() + service("w", inside=loop) + end() + flows("s>w", "w>e")), {"list": [3, 4, 5]})
    assert len(play.jobs) == (1 if sequential else 3)
    while play.jobs:
        key = max(play.jobs)
        job = play.jobs.pop(key)
        play.send(JobCompleted(key, {"r": job.variables["item"] * 10}))
    assert play.variables == {"list": [3, 4, 5], "results": [30, 40, 50]}


def test_no_instance_completes_at_once_and_a_negative_number_is_an_incident() -> None:
    source = process(start() + user("a", inside=multi(cardinality="=n")) + end() + flows("s>a", "a>e"))
    assert Player(source, {"n": 0}).done
    assert Player(source, {"n": -1}).rules == ["loop-cardinality"]
    assert Player(source, {"n": 2}).open == ["a", "a"]


def test_a_completion_condition_cancels_the_rest() -> None:
    loop = multi(cardinality="3", until="numberOfCompletedInstances >= 2")
    play = Player(process(start() + user("a", inside=loop) + end() + flows("s>a", "a>e"))).do("a")
    assert not play.done
    assert play.do("a").done
    assert play.visited("cancelled") == ["a"]


def test_a_boundary_stands_on_the_body_of_a_loop() -> None:
    loop = multi(cardinality="3")
    body = start() + user("a", inside=loop) + boundary("b", "a", timer("PT1H")) + user("c") + flows("s>a", "b>c")
    play = Player(process(body))
    assert len(play.timers) == 1
    assert play.do("a").wait(hours=1).open == ["c"]


def test_terminate_in_a_loop_ends_that_instance_only() -> None:
    inner = start("is") + gateway("exclusive", "g", default="g_u") + user("u") + end("t", TERMINATE)
    inner += flows("is>g", "g>t ? item = 1", "g>u") + multi("[1,2,3]", "item")
    play = Player(process(start() + sub("p1", inner) + end() + flows("s>p1", "p1>e")))
    assert play.open == ["u", "u"]
    assert play.do("u").do("u").done


def test_a_standard_loop_runs_while_its_condition_holds() -> None:
    def source(attributes: str, condition: str) -> bytes:
        loop = f"<standardLoopCharacteristics{attributes}><loopCondition>={condition}</loopCondition>"
        return process(
            start()
            + script("k", "n + 1", "n", inside=loop + "</standardLoopCharacteristics>")
            + end()
            + flows("s>k", "k>e")
        )

    assert Player(source("", "n &lt; 3"), {"n": 0}).variables == {"n": 3}
    assert Player(source("", "false"), {"n": 0}).variables == {"n": 1}
    assert Player(source(' testBefore="true"', "false"), {"n": 0}).variables == {"n": 0}
    assert Player(source(' loopMaximum="4"', "true"), {"n": 0}).variables == {"n": 4}


def test_ten_thousand_instances_fit_one_step() -> None:
    play = Player(process(start() + user("a", inside=multi(cardinality="10000")) + flows("s>a")), round_trip=False)
    assert len(play.tasks) == 10_000
    assert not play.incidents


def test_bpmn_s_own_loop_data_names_the_collection() -> None:
    data = '<dataObject id="d1" name="list"/><dataObject id="d2" name="results"/>'
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>d1</loopDataInputRef><loopDataOutputRef>d2"
        '</loopDataOutputRef><inputDataItem id="ii" name="item"/><outputDataItem id="oi" name="r"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    source = process(data + start() + script("k", "item + 1", "r", inside=loop) + end() + flows("s>k", "k>e"))
    assert Player(source, {"list": [1, 2]}).variables["results"] == [2, 3]
