"""Chinese punctuation where FEEL has its own. By the grammar (rules 28 to 30) most of these are letters of a name, so
they cannot be refused; messages point them out."""

_ASCII = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "，": ",", "、": ",", "；": ";", "：": ":", "。": ".", "．": ".",
    "（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "｛": "{", "｝": "}", "＝": "=", "≠": "!=",
    "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "＋": "+", "－": "-", "＊": "*", "×": "*", "／": "/", "÷": "/",
    "＠": "@", "？": "?",
}


def hint(text: str) -> str:
    """What to write instead, for the end of a message; '' where the text holds none."""
    found = [f"{_ASCII[character]} for {character}" for character in dict.fromkeys(text) if character in _ASCII]
    return f" FEEL writes {', '.join(found)}." if found else ""
