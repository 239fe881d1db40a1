"""Type expressions of `instance of` and of parameters (DMN 1.5, 10.3.1.2, rule 54)."""

from collections.abc import Mapping

from bpmn.feel.name_index import NameIndex, normal
from bpmn.feel.scanner import Scanner
from bpmn.feel.types import (
    ALIASES,
    ANY,
    SIMPLE_NAMES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NullType,
    RangeType,
    SimpleType,
    UnknownType,
)

_BUILT_IN: Mapping[str, FeelType] = {
    **{name: SimpleType(name) for name in SIMPLE_NAMES},
    **{alias: SimpleType(name) for alias, name in ALIASES.items() if name in SIMPLE_NAMES},
    "Any": ANY,
    "any": ANY,
    "Null": NullType(),
    "null": NullType(),
    "list": ListType(ANY),
    "range": RangeType(ANY),
    "context": ContextType(),
    "function": FunctionType(),
    "<Undefined>": ANY,  # what KIE's editor writes where no type was chosen
}
_MAX_NESTING = 40


def built_in(name: str) -> FeelType | None:
    """A type of FEEL itself by its name."""
    return _BUILT_IN.get(normal(name))


def parse_type(scanner: Scanner, types: Mapping[str, FeelType], nesting: int = 0) -> FeelType:
    if nesting > _MAX_NESTING:
        raise scanner.error("The type nests too deep.")
    name = _type_name(scanner, types)
    if name == "function" and scanner.starts("<"):
        return _function(scanner, types, nesting)
    if name in ("list", "range") and scanner.take("<"):
        item = parse_type(scanner, types, nesting + 1)
        scanner.expect(">", f"to close the type of the {name}")
        return ListType(item) if name == "list" else RangeType(item)
    if name == "context" and scanner.take("<"):
        return _context(scanner, types, nesting)
    return types.get(name) or _BUILT_IN.get(name) or UnknownType(name)


def _type_name(scanner: Scanner, types: Mapping[str, FeelType]) -> str:
    word = scanner.word()
    if not word:
        raise scanner.error(f"Expected the name of a type, found {scanner.found()}.")
    start = scanner.position
    known = NameIndex((*types, *_BUILT_IN)).longest(scanner.text, start, word)
    scanner.position = known[1] if known else start + len(word)
    name = known[0] if known else word
    while known is None and scanner.starts(".") and not scanner.starts(".."):
        scanner.position += 1
        part = scanner.word()
        scanner.position += len(part)
        name = f"{name}.{part}"
    return name


def _function(scanner: Scanner, types: Mapping[str, FeelType], nesting: int) -> FeelType:
    scanner.expect("<", "to open the types of the parameters")
    parameters: list[FeelType] = []
    if not scanner.take(">"):
        parameters.append(parse_type(scanner, types, nesting + 1))
        while scanner.take(","):
            parameters.append(parse_type(scanner, types, nesting + 1))
        scanner.expect(">", "to close the types of the parameters")
    scanner.expect("->", "before the type of the function's result")
    return FunctionType(tuple(parameters), parse_type(scanner, types, nesting + 1))


def _context(scanner: Scanner, types: Mapping[str, FeelType], nesting: int) -> FeelType:
    fields: list[tuple[str, FeelType]] = []
    while True:
        scanner.skip()
        end = scanner.text.find(":", scanner.position)
        if end < 0:
            raise scanner.error("Expected 'name: type' in the type of the context.")
        name = normal(scanner.text[scanner.position : end])
        scanner.position = end + 1
        fields.append((name, parse_type(scanner, types, nesting + 1)))
        if not scanner.take(","):
            break
    scanner.expect(">", "to close the type of the context")
    return ContextType(tuple(fields))
