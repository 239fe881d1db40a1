"""Global tasks: called by call activities of their file, or of any other."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.events import DefinitionResolved, GraphRef
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import boundary, definitions, end, error, extension, flows, start, user
from tests.bpmn.player import Player

SCRIPT = (
    '<globalScriptTask id="double"><extensionElements><zeebe:script expression="=n * 2" resultVariable="n"/>'
    "</extensionElements></globalScriptTask>"
)
USER = '<globalUserTask id="ask" name="Ask"/>'


def call(name: str, called: str, inside: str = "") -> str:
    return f'<callActivity id="{name}" calledElement="{called}">{inside}</callActivity>'


def file(body: str, *tasks: str) -> bytes:
    return definitions(f'<process id="p" isExecutable="true">{body}</process>' + "".join(tasks))


def test_a_call_activity_runs_a_global_task_of_its_file() -> None:
    play = Player(file(start() + call("c", "double") + user("a") + flows("s>c", "c>a"), SCRIPT), {"n": 3})
    assert play.variables == {"n": 6}
    assert play.open == ["a"]
    assert play.visited().index("double") < play.visited().index("c")


def test_a_global_user_task_is_a_row_of_the_work_list_with_its_own_id() -> None:
    body = start() + call("c", "ask") + boundary("b", "c", error()) + end() + user("z") + flows("s>c", "c>e", "b>z")
    play = Player(file(body, USER))
    assert play.open == ["ask"]
    assert play.do("ask", ok=True).done
    assert play.variables == {"ok": True}


@pytest.mark.parametrize(
    ("task", "commands"),
    [
        ('<globalTask id="g"/>', ["CompleteInstance"]),
        ('<globalManualTask id="g"/>', ["CompleteInstance"]),
        (
            '<globalBusinessRuleTask id="g"><extensionElements><zeebe:calledDecision decisionId="d" '
            'resultVariable="r"/></extensionElements></globalBusinessRuleTask>',
            ["EvaluateDecision"],
        ),
    ],
)
def test_every_kind_of_global_task_runs_like_the_task_of_that_kind(task: str, commands: list[str]) -> None:
    play = Player(file(start() + call("c", "g") + flows("s>c"), task))
    assert [type(command).__name__ for command in play.commands] == commands


def test_a_file_of_global_tasks_alone_is_deployed_and_called_by_others() -> None:
    library = read(definitions(SCRIPT), "library.bpmn")
    called = extension('<zeebe:calledElement processId="double"/>')
    body = start() + f'<callActivity id="c">{called}</callActivity>'
    play = Player(file(body + flows("s>c")), {"n": 4})
    play.graphs[library.hash] = library
    (asked,) = play.commands
    assert asked.process_id == "double"
    assert play.send(DefinitionResolved(asked.request_key, GraphRef(library.hash, "double"))).done
    assert play.variables == {"n": 8}


def test_a_call_of_what_is_neither_a_process_nor_a_global_task_is_refused() -> None:
    with pytest.raises(DeploymentRefused, match="wrong-reference"):
        read(file(start() + call("c", "a") + user("a") + flows("s>c", "c>a")), "x")


def test_a_call_by_the_standards_own_attribute_is_pinned_to_its_file() -> None:
    second = f'<process id="q" isExecutable="true">{start("qs")}{user("inner")}{flows("qs>inner")}</process>'
    play = Player(file(start() + call("c", "q") + flows("s>c"), second))
    assert play.open == ["inner"]
    assert play.do("inner").done
