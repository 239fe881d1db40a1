"""Tasks: who does them, what goes in and out, quantities of tokens."""

from bpmn.commands import CreateTask, EvaluateDecision
from bpmn.events import DecisionEvaluated
from tests.bpmn.bpmn_models import (
    catch,
    end,
    extension,
    flows,
    gateway,
    io,
    message,
    process,
    properties,
    script,
    start,
    sub,
    user,
)
from tests.bpmn.player import Player

SHARED = '<message id="N" name="note"/><error id="E1" errorCode="bad"/>'


def task(play: Player, name: str) -> CreateTask:
    return play.tasks[play.task_key(name)]


def test_a_user_task_says_who_what_and_until_when() -> None:
    ext = (
        (
            '<zeebe:assignmentDefinition assignee="=who" candidateGroups="a, b" candidateUsers="=[&quot;u1&quot;]"/>'
            '<zeebe:taskSchedule dueDate="=date and time(&quot;2026-03-09T00:00:00+08:00&quot;)" '
            'followUpDate="2026-03-05T09:00:00"/><zeebe:priorityDefinition priority="70"/>'
            '<zeebe:formDefinition formId="f1"/>'
        )
        + io({"n": "=1+1"})
        + properties({"jiannuo:stage": '="s" + who', "plain": "x"})
    )
    found = task(Player(process(start() + user("a", ext, name="Do it") + flows("s>a")), {"who": "li"}), "a")
    assert (found.name, found.assignee, found.candidate_groups, found.candidate_users) == (
        "Do it",
        "li",
        ("a", "b"),
        ("u1",),
    )
    assert found.due_at == "2026-03-09T00:00:00+08:00"
    assert found.follow_up_at == "2026-03-05T09:00:00+08:00"
    assert (found.priority, found.form_id, found.inputs) == (70, "f1", {"n": 2})
    assert found.properties == {"jiannuo:stage": "sli", "plain": "x"}


def test_a_lane_is_the_candidate_group_of_its_tasks() -> None:
    lanes = '<laneSet id="ls"><lane id="l1" name="DRC"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    assert task(Player(process(lanes + start() + user("a") + flows("s>a"))), "a").candidate_groups == ("DRC",)


def test_inputs_are_local_and_only_outputs_leave() -> None:
    ext = io({"x": "=y + 1", "o.p": "=x"}, {"z": "=x + given", "o.q": "=given"})
    play = Player(process(start() + user("a", ext) + end() + flows("s>a", "a>e")), {"y": 1, "x": 50, "o": {"k": 1}})
    play.do("a", given=10)
    assert play.variables == {"y": 1, "x": 50, "z": 12, "o": {"k": 1, "q": 10}}


def test_a_decision_is_asked_for_and_its_result_kept() -> None:
    rule = '<businessRuleTask id="d">' + extension('<zeebe:calledDecision decisionId="dd" resultVariable="r"/>')
    play = Player(process(start() + rule + "</businessRuleTask>" + end() + flows("s>d", "d>e")), {"x": 1})
    (asked,) = [one for one in play.commands if isinstance(one, EvaluateDecision)]
    assert (asked.decision_id, asked.variables) == ("dd", {"x": 1})
    play.send(DecisionEvaluated(asked.request_key, {"ok": True}))
    assert play.variables == {"x": 1, "r": {"ok": True}}


def test_manual_and_abstract_tasks_pass() -> None:
    assert Player(process(start() + '<manualTask id="m"/><task id="t"/>' + end() + flows("s>m", "m>t", "t>e"))).done


def test_quantities_gather_and_multiply_tokens() -> None:
    body = start() + user("a", completionQuantity="3") + user("b") + flows("s>a", "a>b")
    assert Player(process(body)).do("a").open == ["b", "b", "b"]
    body = start() + gateway("parallel", "f") + user("a") + user("b") + user("c", startQuantity="2")
    play = Player(process(body + flows("s>f", "f>a", "f>b", "a>c", "b>c"))).do("a")
    assert play.open == ["b"]
    assert play.do("b").open == ["c"]


def test_data_objects_are_variables_of_their_scope() -> None:
    data = '<dataObject id="d1" name="Total"/><dataObjectReference id="r1" dataObjectRef="d1"/>'
    out = (
        '<dataOutputAssociation id="x"><sourceRef>sum_out</sourceRef><targetRef>r1</targetRef></dataOutputAssociation>'
    )
    spec = '<ioSpecification id="io"><dataOutput id="sum_out" name="sum"/><inputSet/><outputSet/></ioSpecification>'
    inner = data + start("is") + script("k", "3", "sum", inside=spec + out) + script("l", "Total + 1", "seen")
    body = start() + sub("p1", inner + flows("is>k", "k>l")) + end() + flows("s>p1", "p1>e")
    play = Player(process(body))
    assert play.variables == {"sum": 3, "seen": 4}


def test_an_instance_starts_at_an_instantiating_gateway_or_receive_task() -> None:
    def source(kind: str) -> bytes:
        body = gateway("eventBased", "g", instantiate="true", eventGatewayType=kind) + catch("m", message("N"))
        body += catch("o", message("O")) + user("a") + user("b") + flows("g>m", "g>o", "m>a", "o>b")
        return process(body, SHARED + '<message id="O" name="other"/>')

    play = Player(source("Exclusive"), {"x": 1}, start_event="m")
    assert (play.open, play.messages, play.variables) == (["a"], {}, {"x": 1})
    play = Player(source("Parallel"), start_event="m")
    assert [one.message_name for one in play.messages.values()] == ["other"]
    assert play.deliver("other").open == ["a", "b"]
    receive = '<receiveTask id="r" instantiate="true" messageRef="N"/>' + user("a") + flows("r>a")
    assert Player(process(receive, SHARED), start_event="r").open == ["a"]


def role(kind: str, inside: str) -> str:
    return f"<{kind}>{inside}</{kind}>"


def by(expression: str) -> str:
    written = f"<formalExpression>{expression}</formalExpression>"
    return f"<resourceAssignmentExpression>{written}</resourceAssignmentExpression>"


def test_the_standards_own_roles_say_who_does_a_task() -> None:
    roles = role("humanPerformer", by("=who")) + role("potentialOwner", "<resourceRef>R</resourceRef>")
    body = (
        start() + user("a", inside=roles) + user("b", inside=role("potentialOwner", by("x, y"))) + flows("s>a", "a>b")
    )
    play = Player(process(body, '<resource id="R" name="reviewers"/>'), {"who": "lee"})
    assert (task(play, "a").assignee, task(play, "a").candidate_groups) == ("lee", ("reviewers",))
    assert task(play.do("a"), "b").candidate_groups == ("x", "y")


def plain_script(text: str, inside: str = "") -> bytes:
    written = f'<scriptTask id="k" scriptFormat="FEEL">{inside}<script>{text}</script></scriptTask>'
    return process(start() + written + user("a") + flows("s>k", "k>a"))


def test_a_script_of_the_standard_in_feel_makes_variables() -> None:
    assert Player(plain_script("={total: n + 1, seen: true}"), {"n": 1}).variables == {"n": 1, "total": 2, "seen": True}
    output = '<ioSpecification><dataOutput id="o" name="total"/></ioSpecification>'
    assert Player(plain_script("=n + 1", output), {"n": 1}).variables == {"n": 1, "total": 2}
    assert Player(plain_script("=n + 1"), {"n": 1}).rules == ["script-result"]
