"""A counted backtracking matcher on an explicit stack.

Without back-references a state (instruction, position) that failed once fails always, so it is entered once only: the
work is bounded by pattern × text whatever the pattern. With them each step is counted against the budget."""

from collections.abc import Iterator

from bpmn.feel.budget import Meter
from bpmn.feel.pattern_program import BACK, JUMP, LINE_END, LINE_START, MATCH, SAVE, SPLIT, TEST, Program

Groups = tuple[int, ...]  # start and end of each group, -1 where it took no part


def find_all(program: Program, text: str, meter: Meter) -> Iterator[Groups]:
    """Matches from left to right without overlap; after an empty one the next place is tried."""
    position = 0
    while position <= len(text):
        groups = search(program, text, position, meter)
        if groups is None:
            return
        yield groups
        position = groups[1] if groups[1] > groups[0] else groups[1] + 1


def search(program: Program, text: str, start: int, meter: Meter) -> Groups | None:
    failed: set[int] = set()  # asked for members only, never iterated
    for position in range(start, len(text) + 1):
        groups = _match_at(program, text, position, meter, failed)
        if groups is not None:
            return groups
    return None


def _match_at(program: Program, text: str, start: int, meter: Meter, failed: set[int]) -> Groups | None:
    code, size = program.code, len(program.code)
    empty: Groups = (-1,) * (2 * program.groups + 2)
    stack: list[tuple[int, int, Groups]] = [(0, start, empty)]
    remember = not program.references
    while stack:
        at, position, groups = stack.pop()
        while True:
            meter.step()
            if remember:
                state = position * size + at
                if state in failed:
                    break
                failed.add(state)
            operation, first, second = code[at]
            if operation == TEST:
                if second:
                    meter.step(second)
                if position >= len(text) or not first(text[position]):
                    break
                position += 1
                at += 1
            elif operation == SPLIT:
                stack.append((at + second, position, groups))
                at += first
            elif operation == JUMP:
                at += first
            elif operation == SAVE:
                groups = (*groups[:first], position, *groups[first + 1 :])
                at += 1
            elif operation == MATCH:
                return groups
            elif operation == BACK:
                meter.step(max(0, groups[2 * first + 1] - groups[2 * first]) // 64)
                length = _repeats(program, text, position, groups[2 * first], groups[2 * first + 1])
                if length is None:
                    break
                position += length
                at += 1
            elif _at_border(program, text, position, operation):
                at += 1
            else:
                break
    return None


def _repeats(program: Program, text: str, position: int, start: int, end: int) -> int | None:
    """How far the group's text repeats here; a group without a match matches the empty string."""
    if start < 0 or end < 0:
        return 0
    wanted, found = text[start:end], text[position : position + end - start]
    same = wanted.casefold() == found.casefold() if program.ignore_case else wanted == found
    return len(wanted) if same else None


def _at_border(program: Program, text: str, position: int, operation: int) -> bool:
    if operation == LINE_START:
        return position == 0 or (program.multiline and text[position - 1] == "\n" and position < len(text))
    return operation == LINE_END and (
        position == len(text) or (program.multiline and text[position] == "\n")
    )
