"""What the standard says in its own words, without an extension: operations, languages, data of loops, cycles."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import boundary, end, flows, gateway, process, script, signal, start, timer, user
from tests.bpmn.player import Player

FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
OPERATION = '<interface id="i" name="Bank"><operation id="op" name="charge"/></interface>'


def test_a_service_task_is_a_job_of_the_operation_that_it_names() -> None:
    body = start() + '<serviceTask id="w" implementation="##WebService" operationRef="op"/>' + end()
    play = Player(process(body + flows("s>w", "w>e"), OPERATION))
    assert [(job.element_id, job.type, job.retries) for job in play.jobs.values()] == [("w", "charge", 3)]
    assert play.work("w", paid=True).variables == {"paid": True}


def choice(condition: str) -> str:
    way = f'<sequenceFlow id="way" sourceRef="g" targetRef="a">{condition}</sequenceFlow>'
    return start() + gateway("exclusive", "g", default="g_b") + user("a") + user("b") + way + flows("s>g", "g>b")


@pytest.mark.parametrize(
    ("condition", "head"),
    [
        (f'<conditionExpression language="{FEEL}">x &gt; 5</conditionExpression>', ""),
        ("<conditionExpression language='feel'>= x &gt; 5</conditionExpression>", ""),
        ("<conditionExpression>x &gt; 5</conditionExpression>", f' expressionLanguage="{FEEL}"'),
        (
            "<conditionExpression>=x &gt; 5</conditionExpression>",
            ' expressionLanguage="http://www.w3.org/1999/XPath"',
        ),
    ],
)
def test_an_expression_in_feel_by_its_language_needs_no_sign(condition: str, head: str) -> None:
    source = process(choice(condition)).replace(b' id="file"', f' id="file"{head}'.encode())
    assert [Player(source, {"x": x}).open for x in (6, 5)] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("condition", "rule", "remedy"),
    [
        ("<conditionExpression>${x &gt; 5}</conditionExpression>", "expression-required", "FEEL"),
        ("<conditionExpression>x &gt; 5</conditionExpression>", "expression-required", "="),
        ('<conditionExpression language="javascript">x</conditionExpression>', "expression-language", "FEEL"),
        ('<conditionExpression language="urn:xpath">x</conditionExpression>', "expression-language", "FEEL"),
    ],
)
def test_another_language_is_refused_with_what_to_write_instead(condition: str, rule: str, remedy: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        read(process(choice(condition)), "x")
    (found,) = (problem for problem in refused.value.problems if problem.rule == rule)
    assert found.element_id == "way"
    assert remedy in found.remedy


@pytest.mark.parametrize("format_", ["javascript", "text/x-groovy", "application/python"])
def test_a_script_of_another_language_is_refused_by_its_name(format_: str) -> None:
    body = start() + f'<scriptTask id="t" scriptFormat="{format_}"><script>y = 1</script></scriptTask>' + flows("s>t")
    with pytest.raises(DeploymentRefused, match=rf"script-language\] t .*{format_}"):
        read(process(body), "x")


def test_a_script_whose_format_is_feel_needs_no_sign() -> None:
    body = start() + '<scriptTask id="t" scriptFormat="application/feel"><script>{y: x + 1}</script></scriptTask>'
    assert Player(process(body + flows("s>t")), {"x": 1}).variables == {"x": 1, "y": 2}


def test_an_implicit_throw_event_throws_like_an_intermediate_one() -> None:
    body = start() + f'<implicitThrowEvent id="t">{signal("S")}</implicitThrowEvent>' + user("a") + flows("s>t", "t>a")
    play = Player(process(body, '<signal id="S" name="sig"/>'))
    assert play.open == ["a"]
    assert "t" in play.visited("thrown")


COLLECTION = (
    '<dataObject id="d1" name="orders" isCollection="true"/><dataObject id="d2" name="results"/>'
    '<dataObjectReference id="r1" dataObjectRef="d1"/><dataObjectReference id="r2" dataObjectRef="d2"/>'
)
IO = (
    '<ioSpecification><dataInput id="di" name="items"/><dataOutput id="do" name="made"/>'
    "<inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet><dataOutputRefs>do</dataOutputRefs></outputSet>"
    "</ioSpecification><dataInputAssociation><sourceRef>r1</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
    "<dataOutputAssociation><sourceRef>do</sourceRef><targetRef>r2</targetRef></dataOutputAssociation>"
)


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_the_collections_of_a_loop_are_data_of_its_task(sequential: str) -> None:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopDataInputRef>di</loopDataInputRef>'
        "<loopDataOutputRef>do</loopDataOutputRef><inputDataItem id='item'/><outputDataItem id='x' name='answer'/>"
        "</multiInstanceLoopCharacteristics>"
    )
    body = COLLECTION + start() + f'<userTask id="a">{IO}{loop}</userTask>' + end() + flows("s>a", "a>e")
    play = Player(process(body), {"orders": [5, 6]})
    assert play.tasks[play.task_key("a")].inputs["item"] == 5
    assert play.do("a", answer="x").do("a", answer="y").variables == {"orders": [5, 6], "results": ["x", "y"]}


def test_an_assignment_names_its_target_by_id_or_name() -> None:
    for target in ("di", "items"):
        copied = f"<dataInputAssociation><targetRef>di</targetRef><assignment><from>=n + 1</from><to>{target}</to>"
        body = start() + f'<userTask id="a">{IO[: IO.index("<dataInputA")]}{copied}</assignment></dataInputAssociation>'
        play = Player(process(COLLECTION + body + "</userTask>" + end() + flows("s>a", "a>e")), {"n": 1})
        assert play.tasks[play.task_key("a")].inputs == {"items": 2}


@pytest.mark.parametrize(
    ("cycle", "times"),
    [
        ("R2/2026-03-02T10:00:00+08:00/2026-03-02T10:10:00+08:00", 2),
        ("R/PT10M/2026-03-02T09:35:00+08:00", 3),
        ("R2/PT10M/2026-03-02T09:35:00+08:00", 2),
        ("R/P1D/2026-03-02T12:00:00+08:00", 0),
        ("R2/2026-03-02T10:00:00+08:00/PT10M", 2),
    ],
)
def test_a_cycle_is_bounded_by_any_interval_of_iso_8601(cycle: str, times: int) -> None:
    body = start() + user("a") + boundary("b", "a", timer(cycle, "timeCycle"), False) + user("r") + end()
    assert Player(process(body + flows("s>a", "a>e", "b>r"))).wait(hours=3).open.count("r") == times


def test_an_interval_that_does_not_go_forward_is_refused() -> None:
    backwards = timer("R2/2026-03-02T10:00:00Z/2026-03-02T09:00:00Z", "timeCycle")
    body = start() + script("t", "1", "x") + boundary("b", "t", backwards, False) + end() + flows("s>t", "t>e", "b>e")
    with pytest.raises(DeploymentRefused, match="does not go forward"):
        read(process(body), "x")


def test_an_expression_names_data_with_spaces_as_it_is_drawn() -> None:
    data = '<dataObject id="d" name="Amount Due"/>'
    source = process(data + choice("<conditionExpression>=Amount Due &gt; 5</conditionExpression>"))
    assert [Player(source, {"Amount Due": x}).open for x in (6, 5)] == [["a"], ["b"]]


def test_an_assignment_of_a_plain_text_is_that_text() -> None:
    copied = "<dataInputAssociation><targetRef>di</targetRef><assignment><from>Check it</from><to>di</to>"
    body = start() + f'<userTask id="a">{IO[: IO.index("<dataInputA")]}{copied}</assignment></dataInputAssociation>'
    play = Player(process(COLLECTION + body + "</userTask>" + end() + flows("s>a", "a>e")))
    assert play.tasks[play.task_key("a")].inputs == {"items": "Check it"}
