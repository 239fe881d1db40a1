"""Bytes to an element tree, refusing what could harm the worker."""

from __future__ import annotations

import re

from lxml import etree

from bpmn.errors import DeploymentRefused, Problem

MAX_BYTES = 8_000_000
MAX_DEPTH = 200
_COMMENT = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.S)
_ROOT = re.compile(rb"<[^!?]")


def parse(source: bytes, name: str) -> etree._Element:
    if len(source) > MAX_BYTES:
        raise _refused("file-size", f"{name} has {len(source)} bytes.", f"Keep a model below {MAX_BYTES} bytes.")
    if _has_doctype(source):
        raise _refused("no-dtd", f"{name} declares a document type.", "Remove the DOCTYPE: BPMN has no use for one.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in (error.msg or ""):
            raise _too_deep(name) from error
        raise _refused(
            "well-formed", f"{name} is not well-formed XML: {error.msg}.", "Export the file again.", error.lineno or 0
        ) from error
    except (LookupError, ValueError) as error:
        raise _refused("encoding", f"{name} cannot be decoded: {error}.", "Save the file as UTF-8.") from error
    if _depth(root) > MAX_DEPTH:
        raise _too_deep(name)
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise _refused("no-dtd", f"{name} declares a document type.", "Remove the DOCTYPE: BPMN has no use for one.")
    return root


def _depth(root: etree._Element) -> int:
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest


def _too_deep(name: str) -> DeploymentRefused:
    return _refused(
        "nesting", f"{name} nests its elements more than {MAX_DEPTH} deep.", "Call a process instead of nesting on."
    )


def _has_doctype(source: bytes) -> bool:
    # UTF-16 and UTF-32 interleave zero bytes; the prolog ends where the root element begins.
    head = _COMMENT.sub(b"", source[:65536].replace(b"\0", b""))
    root = _ROOT.search(head)
    return b"<!DOCTYPE" in (head[: root.start()] if root else head).upper()


def _refused(rule: str, message: str, remedy: str, line: int = 0) -> DeploymentRefused:
    return DeploymentRefused((Problem(rule, "", "", line, message, remedy),))
