"""Bytes to an element tree, safely: declared encoding, no entities, no network, bounded size."""

from collections.abc import Iterator

from lxml import etree

from bpmn.dmn.errors import DmnReadError, Problem

_MAX_BYTES = 10_000_000
_NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20151101",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
)


def parse(source: bytes, name: str) -> etree._Element:
    """The `definitions` element. Raises DmnReadError."""
    if len(source) > _MAX_BYTES:
        raise _refusal(name, "file-too-large", 0, f"The file is larger than {_MAX_BYTES} bytes.", "Split the model.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise _refusal(name, "not-well-formed", line, f"The file is no well-formed XML: {error}.",
                       "Save it again from a modelling tool.") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _refusal(name, "document-type", 1, "The file declares a document type.",
                       "Remove the DOCTYPE: entities are not expanded.")
    if root.tag not in [f"{{{namespace}}}definitions" for namespace in _NAMESPACES]:
        raise _refusal(name, "not-dmn", line_of(root), "The root is no 'definitions' of DMN 1.1 to 1.6.",
                       "Export the model as DMN.")
    return root


def _refusal(name: str, rule: str, line: int, message: str, remedy: str) -> DmnReadError:
    return DmnReadError(name, (Problem(rule, "", name, line, message, remedy),))


def line_of(element: etree._Element) -> int:
    """From 1; 0 when it is not known."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def local(element: etree._Element) -> str:
    """The tag without its namespace; '' for elements of other namespaces, which are extensions."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    namespace, _, name = tag.rpartition("}")
    return name if namespace[1:] in _NAMESPACES or not namespace else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    for child in element:
        if local(child) in names:
            yield child


def child(element: etree._Element, *names: str) -> etree._Element | None:
    return next(children(element, *names), None)


def text_of(element: etree._Element | None) -> str:
    """The content of the `text` child, or '' when there is none."""
    text = None if element is None else child(element, "text")
    return "" if text is None else "".join(str(part) for part in text.itertext()).strip()
