"""A file as Camunda Modeler writes it deploys unchanged and runs; what means nothing at run time is kept."""

from __future__ import annotations

import pytest

from bpmn.commands import CreateTask, EvaluateDecision
from bpmn.errors import DeploymentRefused
from bpmn.events import DecisionEvaluated, SignalDelivered
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import extension, flows, process, start, user
from tests.bpmn.player import Player

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
    xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.30.0"
    modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <bpmn:collaboration id="Collaboration_1">
    <bpmn:participant id="Participant_1" name="Orders" processRef="orders" />
    <bpmn:participant id="Participant_2" name="Customer" />
    <bpmn:messageFlow id="Flow_m1" sourceRef="Participant_2" targetRef="Event_cancel" />
  </bpmn:collaboration>
  <bpmn:process id="orders" name="Orders" isExecutable="true">
    <bpmn:extensionElements>
      <zeebe:versionTag value="v1.2" />
      <zeebe:properties><zeebe:property name="owner" value="sales" /></zeebe:properties>
    </bpmn:extensionElements>
    <bpmn:laneSet id="LaneSet_1">
      <bpmn:lane id="Lane_1" name="clerks">
        <bpmn:flowNodeRef>Start_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Activity_check</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Event_cancel</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Start_1" name="Order came">
      <bpmn:extensionElements><zeebe:formDefinition formId="order" /></bpmn:extensionElements>
      <bpmn:outgoing>Flow_1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="Start_1" targetRef="Activity_check" />
    <bpmn:userTask id="Activity_check" name="Check" zeebe:modelerTemplate="some.template"
      zeebe:modelerTemplateVersion="2">
      <bpmn:documentation>Read it.</bpmn:documentation>
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:formDefinition formId="check" bindingType="deployment" />
        <zeebe:assignmentDefinition assignee="=clerk" candidateGroups="=[&quot;clerks&quot;, &quot;heads&quot;]" />
        <zeebe:taskSchedule dueDate="=now() + duration(&quot;P2D&quot;)" followUpDate="2026-03-05T09:00:00+08:00" />
        <zeebe:priorityDefinition priority="70" />
        <zeebe:ioMapping>
          <zeebe:input source="=order.total" target="total" />
          <zeebe:output source="=approved" target="approved" />
        </zeebe:ioMapping>
        <zeebe:taskHeaders><zeebe:header key="help" value="page 4" /></zeebe:taskHeaders>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming>
      <bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="Event_cancel" name="Withdrawn" attachedToRef="Activity_check">
      <bpmn:outgoing>Flow_3</bpmn:outgoing>
      <bpmn:messageEventDefinition id="MessageEventDefinition_1" messageRef="Message_1" />
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="Flow_3" sourceRef="Event_cancel" targetRef="Event_end" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_check" targetRef="Gateway_1" />
    <bpmn:exclusiveGateway id="Gateway_1" name="Approved?" default="Flow_no">
      <bpmn:incoming>Flow_2</bpmn:incoming>
      <bpmn:outgoing>Flow_yes</bpmn:outgoing>
      <bpmn:outgoing>Flow_no</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="Flow_yes" name="yes" sourceRef="Gateway_1" targetRef="Activity_rule">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=approved = true</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_no" name="no" sourceRef="Gateway_1" targetRef="Event_end" />
    <bpmn:businessRuleTask id="Activity_rule" name="Discount">
      <bpmn:extensionElements>
        <zeebe:calledDecision decisionId="discount" resultVariable="discount" />
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_yes</bpmn:incoming>
      <bpmn:outgoing>Flow_4</bpmn:outgoing>
    </bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="Flow_4" sourceRef="Activity_rule" targetRef="Activity_lines" />
    <bpmn:serviceTask id="Activity_lines" name="Reserve each line">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="reserve" retries="5" />
        <zeebe:taskHeaders><zeebe:header key="store" value="north" /></zeebe:taskHeaders>
        <zeebe:ioMapping><zeebe:output source="=reserved" target="reserved" /></zeebe:ioMapping>
        <zeebe:executionListeners>
          <zeebe:executionListener eventType="start" type="audit" retries="3" />
        </zeebe:executionListeners>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_4</bpmn:incoming>
      <bpmn:outgoing>Flow_5</bpmn:outgoing>
      <bpmn:multiInstanceLoopCharacteristics isSequential="true">
        <bpmn:extensionElements>
          <zeebe:loopCharacteristics inputCollection="=order.lines" inputElement="line" outputCollection="all"
            outputElement="=reserved" />
        </bpmn:extensionElements>
        <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=reserved = 0</bpmn:completionCondition>
      </bpmn:multiInstanceLoopCharacteristics>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="Flow_5" sourceRef="Activity_lines" targetRef="Activity_sum" />
    <bpmn:scriptTask id="Activity_sum" name="Sum">
      <bpmn:extensionElements><zeebe:script expression="=sum(all)" resultVariable="sum" /></bpmn:extensionElements>
      <bpmn:incoming>Flow_5</bpmn:incoming>
      <bpmn:outgoing>Flow_6</bpmn:outgoing>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="Flow_6" sourceRef="Activity_sum" targetRef="Event_wait" />
    <bpmn:eventBasedGateway id="Event_wait">
      <bpmn:incoming>Flow_6</bpmn:incoming>
      <bpmn:outgoing>Flow_7</bpmn:outgoing>
      <bpmn:outgoing>Flow_8</bpmn:outgoing>
    </bpmn:eventBasedGateway>
    <bpmn:sequenceFlow id="Flow_7" sourceRef="Event_wait" targetRef="Event_paid" />
    <bpmn:sequenceFlow id="Flow_8" sourceRef="Event_wait" targetRef="Event_late" />
    <bpmn:intermediateCatchEvent id="Event_paid" name="Paid">
      <bpmn:incoming>Flow_7</bpmn:incoming>
      <bpmn:outgoing>Flow_9</bpmn:outgoing>
      <bpmn:signalEventDefinition id="SignalEventDefinition_1" signalRef="Signal_1" />
    </bpmn:intermediateCatchEvent>
    <bpmn:intermediateCatchEvent id="Event_late" name="30 days">
      <bpmn:incoming>Flow_8</bpmn:incoming>
      <bpmn:outgoing>Flow_10</bpmn:outgoing>
      <bpmn:timerEventDefinition id="TimerEventDefinition_1">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P30D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="Flow_9" sourceRef="Event_paid" targetRef="Event_end" />
    <bpmn:sequenceFlow id="Flow_10" sourceRef="Event_late" targetRef="Event_told" />
    <bpmn:endEvent id="Event_told" name="Reminder sent">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="remind" />
        <zeebe:ioMapping><zeebe:input source="=sum" target="amount" /></zeebe:ioMapping>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_10</bpmn:incoming>
      <bpmn:messageEventDefinition id="MessageEventDefinition_2" />
    </bpmn:endEvent>
    <bpmn:endEvent id="Event_end" name="Done">
      <bpmn:incoming>Flow_3</bpmn:incoming>
      <bpmn:incoming>Flow_no</bpmn:incoming>
      <bpmn:incoming>Flow_9</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:dataStoreReference id="DataStore_1" name="Stock" />
    <bpmn:textAnnotation id="TextAnnotation_1"><bpmn:text>North only</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_1" associationDirection="None" sourceRef="Activity_lines"
      targetRef="TextAnnotation_1" />
  </bpmn:process>
  <bpmn:message id="Message_1" name="withdrawn">
    <bpmn:extensionElements><zeebe:subscription correlationKey="=order.id" /></bpmn:extensionElements>
  </bpmn:message>
  <bpmn:signal id="Signal_1" name="paid" />
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Collaboration_1">
      <bpmndi:BPMNShape id="Shape_1" bpmnElement="Activity_check" bioc:stroke="#0d4372" color:border-color="#0d4372">
        <dc:Bounds x="230" y="80" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="Edge_1" bpmnElement="Flow_1"><di:waypoint x="188" y="120" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
ORDER = {"order": {"id": 17, "total": 300, "lines": ["a", "b"]}, "clerk": "wang"}


def play() -> Player:
    return Player(MODEL.encode(), ORDER)


def test_a_model_of_the_stock_modeler_runs_from_end_to_end() -> None:
    run = play()
    (task,) = (command for command in run.commands if isinstance(command, CreateTask))
    assert (task.assignee, task.candidate_groups, task.priority) == ("wang", ("clerks", "heads"), 70)
    assert (task.form_id, task.inputs, task.due_at) == ("check", {"total": 300}, "2026-03-04T09:00:00+08:00")
    assert [(one.message_name, one.correlation_key) for one in run.messages.values()] == [("withdrawn", "17")]
    run.do("Activity_check", approved=True)
    (asked,) = (command for command in run.last if isinstance(command, EvaluateDecision))
    run.send(DecisionEvaluated(asked.request_key, 5))
    for reserved in (1, 2):
        assert [job.type for job in run.jobs.values()] == ["audit"]
        run.work("Activity_lines")
        assert [(job.type, job.retries, job.headers) for job in run.jobs.values()] == [
            ("reserve", 5, {"store": "north"})
        ]
        run.work("Activity_lines", reserved=reserved)
    assert run.variables["sum"] == 3
    assert run.send(SignalDelivered(next(iter(run.signals)))).done
    assert run.visited()[-1] == "Event_end"


def test_its_timer_leads_to_the_message_that_a_job_sends() -> None:
    run = play().do("Activity_check", approved=True)
    run.send(DecisionEvaluated(run.last[-1].request_key, 5))
    for _ in range(2):
        run.work("Activity_lines").work("Activity_lines", reserved=1)
    run.wait(days=31)
    assert [(job.type, job.variables["amount"]) for job in run.jobs.values()] == [("remind", 2)]
    assert run.work("Event_told").done


def test_its_message_withdraws_the_task() -> None:
    assert play().deliver("withdrawn").done


@pytest.mark.parametrize(
    ("written", "instead", "rule"),
    [
        ("<zeebe:userTask />", '<zeebe:agentDefinition agentId="x" />', "unsupported-extension"),
        ("<zeebe:userTask />", '<zeebe:novelty of="8.12" />', "unknown-extension"),
        ('priority="70"', 'priority="70" weight="2"', "unknown-extension"),
        ("<zeebe:userTask />", '<zeebe:script expression="=1" resultVariable="x" />', "misplaced-extension"),
        (
            'zeebe:modelerTemplateVersion="2"',
            'xmlns:c7="http://camunda.org/schema/1.0/bpmn" c7:assignee="me"',
            "foreign-runtime",
        ),
    ],
)
def test_what_would_mean_something_and_is_not_executed_is_refused(written: str, instead: str, rule: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        read(MODEL.replace(written, instead).encode(), "x")
    assert {problem.rule for problem in refused.value.problems} == {rule}
    assert {problem.element_id for problem in refused.value.problems} == {"Activity_check"}


FORM = '<zeebe:userTaskForm id="F1">{"components": []}</zeebe:userTaskForm>'


def test_a_task_names_a_form_inside_its_process() -> None:
    def form_of(key: str, inside: str = FORM) -> str | None:
        body = extension(inside) + start() + user("a", f'<zeebe:formDefinition formKey="{key}"/>') + flows("s>a")
        play = Player(process(body))
        return next(iter(play.tasks.values())).form_id

    assert form_of("camunda-forms:bpmn:F1") == "p.F1"
    # Any other key is a note, as it was.
    assert form_of("camunda-forms:bpmn:F2") is None
    assert form_of("embedded:app:forms/a.html") is None
    assert form_of("F1") is None


@pytest.mark.parametrize("inside", ["", "{", "[1]", '{"components": 3}', "[" * 200_000])
def test_an_embedded_form_that_is_no_form_is_refused(inside: str) -> None:
    broken = f'<zeebe:userTaskForm id="F1">{inside}</zeebe:userTaskForm>'
    with pytest.raises(DeploymentRefused) as told:
        read(process(extension(broken) + start() + user("a") + flows("s>a")), "x")
    assert [problem.rule for problem in told.value.problems] == ["embedded-form"]
