"""A run that is taken over after every step, and one that is not, tell the same story; races in both orders."""

from decimal import Decimal

from bpmn.commands import SetTimer, StartJob
from bpmn.events import JobFailed, TaskCompleted, TimerFired
from bpmn.json_text import dumps, loads
from bpmn.outstanding import opened
from tests.bpmn.bpmn_models import boundary, end, extension, flows, gateway, process, service, start, timer, user
from tests.bpmn.player import Player
from tests.bpmn.test_random_models import VARIABLES, Builder, model

RACE = process(
    start()
    + gateway("parallel", "f")
    + user("a")
    + boundary("b", "a", timer("PT1H"))
    + service("w")
    + user("c")
    + end()
    + flows("s>f", "f>a", "f>w", "a>e", "b>c")
)


def test_state_through_json_after_every_step_leaves_trace_and_commands_unchanged() -> None:
    for seed in range(12):
        net = Builder(seed).blocks()
        plays = [Player(model(net), dict.fromkeys(VARIABLES, True), round_trip=kept) for kept in (True, False)]
        for _ in range(6):
            for play in plays:
                if play.tasks:
                    play.send(TaskCompleted(min(play.tasks), {"v1": False, "v2": False, "v0": False, "v3": False}))
        assert plays[0].trace == plays[1].trace
        assert plays[0].commands == plays[1].commands


def test_of_a_completion_and_a_timer_the_first_wins_and_the_other_is_refused() -> None:
    play = Player(RACE)
    (timer_key,), task_key = play.timers, play.task_key("a")
    play.send(TaskCompleted(task_key))
    assert play.refusal(TimerFired(timer_key)) == "timer-closed"
    play = Player(RACE)
    play.timers.clear()
    play.send(TimerFired(timer_key))
    assert play.refusal(TaskCompleted(task_key)) == "task-closed"
    assert play.open == ["c"]


def test_what_is_open_folded_from_commands_is_what_the_state_waits_for() -> None:
    play = Player(RACE)
    assert play.state is not None
    found = [type(one) for one in opened(play.commands).values()]
    assert found == [SetTimer, StartJob]


def test_a_decision_that_cannot_be_had_is_an_incident() -> None:
    rule = '<businessRuleTask id="d">' + extension('<zeebe:calledDecision decisionId="dd" resultVariable="r"/>')
    play = Player(process(start() + rule + "</businessRuleTask>" + flows("s>d")))
    assert play.state is not None
    (key,) = play.state.waits
    play.send(JobFailed(key, "no such decision"))
    assert play.rules == ["job-failed"]


def test_json_text_keeps_every_digit() -> None:
    value = {"a": [Decimal("0.10"), Decimal("123456789012345678901234567890.12"), 1, None, "受理"], "b": {"c": True}}
    text = dumps(value)
    assert text == '{"a":[0.10,123456789012345678901234567890.12,1,null,"受理"],"b":{"c":true}}'
    assert loads(text) == value
