"""Chinese first, English second: the catalogue is whole, and the switch holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

from jinja2.ext import babel_extract

import api
import workflows
from api.errors import TITLES
from api.language import language
from bpmn.events import Event
from cases import engine_words, words
from cases.orders import states
from cases.orders.issue import ADDRESSEES
from cases.policy.files import find_files
from cases.policy.loader import load
from tests.api.region_builder import PACK
from tests.api.web_site import Site

ROOT = Path(api.__path__[0])


def texts() -> set[str]:
    found: set[str] = set()
    for template in (ROOT / "templates").glob("*.html"):
        with template.open("rb") as file:
            # A text with placeholders comes with its arguments.
            messages = (message for _, _, message, _ in babel_extract(file, ("_",), [], {}))
            found |= {str(message[0] if isinstance(message, tuple) else message) for message in messages}
    for source in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "gettext" and node.args:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()  # type: ignore[arg-type]
    return found


def test_every_text_of_the_pages_has_an_english_one() -> None:
    english = language("en").words
    assert sorted(text for text in texts() if text not in english) == []


def test_every_word_for_a_code_has_an_english_one() -> None:
    english = language("en").words
    modules = (words, engine_words)
    tables = [getattr(module, name) for module in modules for name in dir(module) if name.isupper()]
    tables += [states.STATES, states.KINDS, ADDRESSEES]
    named = {text for table in tables for text in table.values()} | set(TITLES.values())
    assert sorted(text for text in named if text not in english) == []


def test_every_task_act_and_deadline_of_the_procedure_has_an_english_name() -> None:
    english, pack = language("en").words, load(PACK)
    named = {clock.title for clock in pack.deadlines.values()} | {row.start_title for row in pack.deadlines.values()}
    named |= {clock.title for channel in pack.channels.values() for clock in channel.deadlines.values()}
    for file in find_files(pack, "*.bpmn").values():
        for element in ElementTree.parse(file).iter():
            acts = any(child.get("name") == "jiannuo:acts" for child in element.iter())
            if element.tag.endswith("}userTask") or (element.tag.endswith(("Event", "receiveTask")) and acts):
                named.add(element.get("name", ""))
    assert sorted(name for name in named if name and name not in english) == []


def test_every_sentence_that_an_execution_refuses_with_has_an_english_one() -> None:
    english = language("en").words
    found = {
        node.value
        for source in Path(workflows.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[\u4e00-\u9fff]", node.value)
    }
    assert found
    assert sorted(sentence for sentence in found if sentence not in english) == []


def test_every_kind_of_step_has_a_word_in_the_history_of_a_case() -> None:
    assert {kind.__name__ for kind in get_args(Event)} == set(engine_words.EVENTS)


async def test_the_switch_holds_and_leads_back(site: Site) -> None:
    browser = site.browser()
    assert "工作人员登录" in (await browser.get("/follow")).text
    answer = await browser.get("/language/en?back=/follow")
    assert answer.headers["location"] == "/follow"
    page = await browser.get("/follow")
    assert 'lang="en"' in page.text
    assert "Follow a case" in page.text
    assert (await browser.get("/language/en?back=//evil.example")).headers["location"] == "/"
