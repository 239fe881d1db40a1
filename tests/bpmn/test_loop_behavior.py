"""``behavior`` of a multi-instance activity: which events it throws while its instances complete (§10.3.8)."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.events import IncidentRetried, VariablesEdited
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import boundary, error, escalation, flows, process, script, signal, start, user
from tests.bpmn.player import Player

SHARED = (
    '<signal id="S" name="one is done"/><escalation id="X" escalationCode="late"/><error id="E" errorCode="bad"/>'
    '<signalEventDefinition id="thrownSignal" signalRef="S"/>'
    '<escalationEventDefinition id="thrownEscalation" escalationRef="X"/>'
    '<errorEventDefinition id="thrownError" errorRef="E"/>'
    '<timerEventDefinition id="aTimer"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
)


def loop(attributes: str, inside: str = "", size: int = 3) -> str:
    return (
        f"<multiInstanceLoopCharacteristics {attributes}><loopCardinality>{size}</loopCardinality>{inside}"
        "</multiInstanceLoopCharacteristics>"
    )


def when(condition: str, event: str) -> str:
    return f"<complexBehaviorDefinition><condition>={condition}</condition>{event}</complexBehaviorDefinition>"


def model(characteristics: str, catch: str, interrupting: bool = False) -> bytes:
    body = start() + user("a", inside=characteristics) + boundary("b", "a", catch, interrupting) + user("h")
    return process(body + user("z") + flows("s>a", "a>z", "b>h"), SHARED)


def test_none_throws_for_each_instance_that_completes() -> None:
    play = Player(model(loop('behavior="None" noneBehaviorEventRef="thrownSignal"'), signal("S")))
    assert play.do("a").open == ["a", "a", "h"]
    assert play.do("a").open == ["a", "h", "h"]
    assert play.do("a").open == ["h", "h", "h", "z"]


def test_one_throws_for_the_first_instance_only() -> None:
    play = Player(model(loop('behavior="One" oneBehaviorEventRef="thrownEscalation"'), escalation("X")))
    assert play.do("a").open == ["a", "a", "h"]
    assert play.do("a").do("a").open == ["h", "z"]


def test_an_interrupting_catch_ends_the_activity_at_the_first_completion() -> None:
    for thrown, caught in (("thrownSignal", signal("S")), ("thrownError", error("E"))):
        play = Player(model(loop(f'behavior="One" oneBehaviorEventRef="{thrown}"'), caught, interrupting=True))
        assert play.do("a").open == ["h"]


def test_without_a_definition_the_signal_reaches_the_boundary_with_the_counts_of_the_loop() -> None:
    source = model(loop('behavior="None" isSequential="true"'), signal("S")).decode()
    noted = source.replace('<userTask id="h"', '<userTask id="h" name="noted"').replace(
        '<extensionElements><zeebe:userTask/></extensionElements></userTask><userTask id="z">',
        '<extensionElements><zeebe:ioMapping><zeebe:input source="=numberOfCompletedInstances" target="done"/>'
        '</zeebe:ioMapping></extensionElements></userTask><userTask id="z">',
    )
    play = Player(noted.encode()).do("a").do("a")
    assert [task.inputs for task in play.tasks.values() if task.element_id == "h"] == [{"done": 1}, {"done": 2}]
    assert play.variables == {}


def test_complex_throws_what_its_definitions_say() -> None:
    event = '<event id="ev"><escalationEventDefinition escalationRef="X"/></event>'
    definitions_ = when("numberOfCompletedInstances = 2", event) + when(
        "false", '<event id="ev2"><eventDefinitionRef>thrownError</eventDefinitionRef></event>'
    )
    play = Player(model(loop('behavior="Complex"', definitions_), escalation("X")))
    assert play.do("a").open == ["a", "a"]
    assert play.do("a").open == ["a", "h"]
    assert play.do("a").open == ["h", "z"]


def test_the_thrown_definition_may_stand_at_the_event_that_catches_it() -> None:
    catch = '<signalEventDefinition id="there" signalRef="S"/>'
    play = Player(model(loop('behavior="One" oneBehaviorEventRef="there"'), catch))
    assert play.do("a").open == ["a", "a", "h"]


def test_all_throws_nothing() -> None:
    play = Player(model(loop('behavior="All"'), signal("S")))
    assert play.do("a").do("a").do("a").open == ["z"]


def test_a_thrown_error_that_nobody_catches_is_an_incident_which_can_be_tried_again() -> None:
    condition = when("go", '<event id="ev"><errorEventDefinition errorRef="E"/></event>')
    body = start() + script("k", "1", "x", inside=loop('behavior="Complex"', condition, 1)) + flows("s>k")
    play = Player(process(body, SHARED), {"go": True})
    assert play.rules == ["uncaught-error"]
    play.send(VariablesEdited(1, {"go": False}))
    assert play.send(IncidentRetried(next(iter(play.incidents)))).done


@pytest.mark.parametrize(
    ("attributes", "inside", "rule"),
    [
        ('behavior="Some"', "", "attribute-value"),
        ('behavior="One" oneBehaviorEventRef="nothing"', "", "dangling-reference"),
        ('behavior="One" oneBehaviorEventRef="aTimer"', "", "wrong-reference"),
        ('behavior="Complex"', "", "complex-behavior"),
        ('behavior="Complex"', when("true", "<event/>"), "complex-behavior"),
        ('behavior="Complex"', when("true", "<event><terminateEventDefinition/></event>"), "event-position"),
        (
            'behavior="Complex"',
            "<complexBehaviorDefinition><condition>yes</condition></complexBehaviorDefinition>",
            "expression-required",
        ),
    ],
)
def test_an_ill_formed_behavior_is_refused(attributes: str, inside: str, rule: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        read(model(loop(attributes, inside), signal("S")), "x")
    assert rule in {problem.rule for problem in refused.value.problems}
