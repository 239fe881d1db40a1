"""Forms that a process carries inside itself, as Camunda's Modeler writes them: JSON in a ``zeebe:userTaskForm``."""

from __future__ import annotations

import json

from lxml import etree

from bpmn import dialect
from bpmn.elements.expression import Value
from bpmn.reader.source import Source, kid, kids, zeebe

# What a ``formKey`` begins with that names one of them.
PREFIX = "camunda-forms:bpmn:"


def read_forms(source: Source, process: etree._Element) -> dict[str, str]:
    """By the id under which each is deployed, the JSON as it was written."""
    found: dict[str, str] = {}
    for element in _forms(process):
        written = (element.text or "").strip()
        if not element.get("id"):
            source.problem("embedded-form", element, "The embedded form has no id.", "Give it the one in formKey.")
        elif not _shaped(written):
            source.problem(
                "embedded-form", element, f"The embedded form '{element.get('id')}' is no form.",
                "Write a JSON object with a list of components, or put the form into a file of its own.",
            )  # fmt: skip
        else:
            found[_deployed_id(process, element.get("id", ""))] = written
    return found


def embedded_form(task: etree._Element) -> Value | None:
    """The form that the task's ``formKey`` names in its own process; any other ``formKey`` is a note."""
    definition = zeebe(task, "formDefinition")
    key = "" if definition is None else definition.get("formKey", "")
    process = next(task.iterancestors(f"{{{dialect.BPMN}}}process"), None)
    if process is None or not key.startswith(PREFIX):
        return None
    named = key.removeprefix(PREFIX)
    here = any(element.get("id") == named for element in _forms(process))
    return Value(_deployed_id(process, named)) if here else None


def _forms(process: etree._Element) -> list[etree._Element]:
    extensions = kid(process, "extensionElements")
    return [] if extensions is None else list(kids(extensions, "userTaskForm", dialect.ZEEBE))


def _deployed_id(process: etree._Element, form: str) -> str:
    """Two processes may carry different forms under one id."""
    return f"{process.get('id', '')}.{form}"


def _shaped(written: str) -> bool:
    try:
        form = json.loads(written)
    except (ValueError, RecursionError):
        return False
    return isinstance(form, dict) and isinstance(form.get("components"), list)
