"""The pattern matcher against `re` on patterns that mean the same in both, and XPath's own constructs."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.feel.budget import DEFAULT, Meter
from bpmn.feel.pattern_match import find_all
from bpmn.feel.pattern_parse import compile_pattern
from bpmn.feel.pattern_program import PatternError
from tests.feel.evaluating import value

ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "a|b", "ab"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]})(?:{pair[1]})")
        | st.tuples(inner, st.sampled_from(["+", "*", "?", "+?", "*?", "{1,2}", "{2}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        )
        | st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})")
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(PATTERNS, st.text(alphabet="abc", max_size=8))
def test_first_match_is_the_one_that_re_finds(pattern: str, text: str) -> None:
    expected = re.search(pattern, text)
    found = next(iter(find_all(compile_pattern(pattern), text, Meter(DEFAULT))), None)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found[0] == expected.start()
        # After an empty iteration of a loop the two may keep another length; both are matches.
        assert re.compile(pattern).fullmatch(text, found[0], found[1])


@pytest.mark.parametrize(
    "pattern", ["(", ")", "a**", "[", "[b-a]", "\\y", "(?=a)", "a{2,1}", "\\1(a)", "\\p{Xx}", "{", "a{1001}"]
)
def test_what_xpath_does_not_know_is_an_error(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("\\p{Lu}+", "abCDe", "CD"),
        ("\\p{IsCJKUnifiedIdeographs}+", "ab失信cd", "失信"),
        ("[a-z-[aeiou]]+", "aebcd", "bcd"),
        ("\\i\\c*", "1a-b.c", "a-b.c"),
        ("(a)\\1", "baa", "aa"),
        ("\\d{2,}", "a1b234", "234"),
        ("^b", "a\nb", None),
        ("$", "a", ""),
    ],
)
def test_constructs_of_xpath(pattern: str, text: str, expected: str | None) -> None:
    found = next(iter(find_all(compile_pattern(pattern), text, Meter(DEFAULT))), None)
    assert (None if found is None else text[found[0] : found[1]]) == expected


def test_flags() -> None:
    assert value('matches("a\\nb", "^b", "m")') is True
    assert value('matches("ab", "a b", "x")') is True
    assert value('matches("ÄB", "äb", "i")') is True
    assert value('matches("hello world", " hello[ ]world ", "x")') is True
    assert value('matches("abc", "\\p{ I s Basic Latin }+", "x")') is True
    assert value('matches("abc", "\\p{ IsBasicLatin}+")') is None
    assert value('matches("a b", "a\\ s b", "x")') is True
    assert value('matches("\u212a", "[A-Z]", "i")') is True
    assert value('matches("q", "[A-Z-[OI]]", "i")') is True
    assert value('matches("o", "[A-Z-[OI]]", "i")') is False
    assert value('matches("q", "[^Q]", "i")') is False
    assert value('matches("a", "a", " ")') is None
