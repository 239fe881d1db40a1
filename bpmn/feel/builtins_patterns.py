"""matches, replace, split, extract (DMN 1.5, 10.3.4.3)."""

from collections.abc import Callable

from bpmn.feel.pattern_match import Groups, find_all, search
from bpmn.feel.pattern_parse import compile_pattern
from bpmn.feel.pattern_program import PatternError, Program
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.values import Value


def _guarded(rule: Callable[..., Value]) -> Callable[..., Value]:
    """An error in the pattern or the replacement makes the result null."""

    def evaluate(runtime: Runtime, *values: Value) -> Value:
        try:
            return rule(runtime, *values)
        except PatternError as error:
            runtime.warn(f"Unusable pattern: {error}")
            return None

    return evaluate


def _compiled(runtime: Runtime, pattern: str, flags: str | None) -> Program:
    runtime.meter.step(len(pattern))
    return compile_pattern(pattern, flags or "")


def _matches(runtime: Runtime, text: str, pattern: str, flags: str | None = None) -> Value:
    return search(_compiled(runtime, pattern, flags), text, 0, runtime.meter) is not None


def _replace(runtime: Runtime, text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    program = _compiled(runtime, pattern, flags)
    if search(program, "", 0, runtime.meter) is not None:
        raise PatternError("it matches the empty string.")
    pieces = [("text", replacement)] if flags and "q" in flags else _pieces(replacement, program.groups)
    parts: list[str] = []
    size = position = 0
    for groups in find_all(program, text, runtime.meter):
        parts.append(text[position : groups[0]])
        size += len(parts[-1])
        runtime.meter.step(len(pieces) // 8)
        for piece in pieces:
            parts.append(_filled(piece, groups, text))
            size += len(parts[-1])
            runtime.meter.size(size)
        position = groups[1]
    return "".join(parts) + text[position:]


Piece = tuple[str, str | int]


def _filled(piece: Piece, groups: Groups, text: str) -> str:
    content = piece[1]
    if isinstance(content, str):
        return content
    start, end = groups[2 * content], groups[2 * content + 1]
    return text[start:end] if start >= 0 and end >= 0 else ""


def _pieces(replacement: str, groups: int) -> list[Piece]:
    """Text and $N; \\$ and \\\\ stand for themselves (F&O 5.6.4)."""
    pieces: list[Piece] = []
    position = 0
    while position < len(replacement):
        character = replacement[position]
        following = replacement[position + 1 : position + 2]
        if character == "\\":
            if following not in ("\\", "$") or not following:
                raise PatternError("a backslash in the replacement escapes \\ or $ only.")
            pieces.append(("text", following))
            position += 2
        elif character == "$":
            number, position = _group_number(replacement, position + 1, groups)
            pieces.append(("group", number) if number <= groups else ("text", ""))
        else:
            pieces.append(("text", character))
            position += 1
    return pieces


def _group_number(replacement: str, position: int, groups: int) -> tuple[int, int]:
    """As many digits as still name a group."""
    if replacement[position : position + 1] not in tuple("0123456789"):
        raise PatternError("a $ in the replacement needs the number of a group.")
    number = int(replacement[position])
    position += 1
    while replacement[position : position + 1] in tuple("0123456789"):
        longer = number * 10 + int(replacement[position])
        if longer > groups:
            break
        number = longer
        position += 1
    return number, position


def _split(runtime: Runtime, text: str, delimiter: str) -> Value:
    program = _compiled(runtime, delimiter, None)
    if search(program, "", 0, runtime.meter) is not None:
        raise PatternError("it matches the empty string.")
    parts: list[str] = []
    position = 0
    for groups in find_all(program, text, runtime.meter):
        parts.append(text[position : groups[0]])
        runtime.meter.length(len(parts))
        position = groups[1]
    return [*parts, text[position:]]


def _extract(runtime: Runtime, text: str, pattern: str) -> Value:
    program = _compiled(runtime, pattern, None)
    return [text[groups[0] : groups[1]] for groups in find_all(program, text, runtime.meter)]


PATTERNS = (
    Builtin("matches", (signature("input: string, pattern: string, flags: string?!", _guarded(_matches)),)),
    Builtin("replace", (
        signature("input: string, pattern: string, replacement: string, flags: string?!", _guarded(_replace)),
    )),
    Builtin("split", (signature("string: string, delimiter: string", _guarded(_split)),)),
    Builtin("extract", (signature("string: string, pattern: string", _guarded(_extract)),)),
)
