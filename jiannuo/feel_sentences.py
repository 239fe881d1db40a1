"""What is wrong with an expression, in Chinese: the sentences of FEEL's parser by their shape."""

import re
import unicodedata

from bpmn.feel.api import FeelSyntaxError

_END = "the end of the expression"
_PLACES = {
    "a value": "一个值",
    "an operator or the end": "运算符或表达式结束",
    "a key and ':'": "键和「:」",
    "the name of a type": "类型名",
    "the name of the iterator": "循环变量名",
    "the name of a parameter": "参数名",
    "a name after '.'": "「.」后的名称",
    "'in' after the name of the iterator": "循环变量名后的「in」",
    "']', ')' or '[' to close the interval": "结束区间的「]」「)」或「[」",
    "the end": "表达式结束",
    "a bracket": "括号",
    "a literal": "字面值",
    "a literal that has an order": "可比较大小的字面值",
    "a string": "字符串",
    "a string after '@'": "「@」后的字符串",
    "'name: type' in the type of the context": "上下文类型中的「名称: 类型」",
}
_SHAPES: tuple[tuple[str, str], ...] = (
    (r"Expected a value, found the keyword '(.+)'\.", "此处应为一个值,却是关键字「{0}」。"),
    (r"Expected (?P<place>.+), found (?P<found>.+)\.", "此处应为{place},却{found}。"),
    (r"Expected (?P<place>.+)\.", "此处应为{place}。"),
    (r"A positional argument may not follow a named one\.", "按位置给出的参数不能放在按名称给出的参数之后。"),
    (r"Arguments are either all positional or all named\.", "参数要么都按位置给出,要么都按名称给出。"),
    (r"The cause of assert\(\) is a text in quotes.*", "assert() 的原因须是带引号的文字。"),
    (r"The context has the key '(.+)' twice\.", "上下文中的键「{0}」出现了两次。"),
    (r"The type nests too deep\.", "类型嵌套过深。"),
    (r"The expression nests deeper than (\d+) levels\.", "表达式嵌套超过 {0} 层。"),
    (r"The expression is longer than (\d+) characters\.", "表达式超过 {0} 个字符。"),
    (r"The expression is too ambiguous.*", "表达式有歧义:括号有太多种读法。"),
    (r"(.+)\(\) is refused: .*", "不能使用 {0}():重放时表达式必须得出同样的结果。"),
    (r"This quoted name has no closing backtick\.", "名称缺少结尾的反引号。"),
    (r"This string has no closing quote\.", "字符串缺少结尾的引号。"),
    (r"This comment has no closing \*/\.", "注释缺少结尾的 */。"),
    (r"This number is outside the range of FEEL numbers\.", "数字超出 FEEL 的范围。"),
)


def explained(error: FeelSyntaxError) -> str:
    """Chinese first: where and what, the line with a mark below the place, then the English message."""
    line = error.text.split("\n")[error.line - 1]
    before = line[: error.column - 1]
    mark = "".join("  " if unicodedata.east_asian_width(one) in "WF" else " " for one in before) + "^"
    place = f"表达式第 {error.line} 行第 {error.column} 列:{sentence(error.message)}"
    return "\n".join((place, line, mark, str(error)))


def sentence(message: str) -> str:
    head, _, hint = message.partition(" FEEL writes ")
    told = f"FEEL 中应写 {hint.removesuffix('.').replace(' for ', ' 而不是 ')}。" if hint else ""
    for shape, words in _SHAPES:
        match = re.fullmatch(shape, head, re.DOTALL)
        if match:
            named = match.groupdict()
            if "place" in named:
                named = {"place": _place(named["place"]), "found": _found(named.get("found") or "")}
            return words.format(*match.groups(), **named) + told
    return head + told


def _place(place: str) -> str:
    symbol = re.match(r"'([^']+)' ", place)
    return _PLACES.get(place) or (f"「{symbol[1]}」" if symbol else place)


def _found(found: str) -> str:
    return "已到表达式末尾" if found == _END else f"是「{found[1:-1]}」"
