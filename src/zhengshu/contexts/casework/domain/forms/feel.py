"""Conditions of form-js (FEEL) in the language of flows, as far as they have the same meaning there."""

import re

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.expressions import OutsideTheLanguage

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<contains>list\s+contains\b)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>\d+)
    |(?P<sign>!=|==|<=|>=|[=<>()\[\],+\-])
    |(?P<other>\S))""",
    re.VERBOSE,
)
_WORDS = {"true": "True", "false": "False", "null": '""'}
_SIGNS = {"=": "==", "[": "(", "]": ")"}
_ASKS_FOR_CHOICE = re.compile(r'LIST_CONTAINS\s*\(\s*(\w+)\s*,\s*"(\w+)"\s*\)')


def translated(text: str) -> str:
    """Return an expression of a form in the language of flows.

    What begins with ``=`` is FEEL: ``=``, ``!=``, ``and``, ``or``, ``not(…)``, ``in (…)``, ``null``, ``if … then
    … else``, ``list contains(choices, "one")``. Everything else is read as the language itself.

    Raises:
        OutsideTheLanguage: it says something that the language cannot.
    """
    source = text.strip()
    result = _of_feel(source[1:]) if source.startswith("=") else source
    expressions.parse(result)
    return result


def _of_feel(source: str) -> str:
    parts = [_part(found, source) for found in _TOKEN.finditer(source) if found.lastgroup]
    joined = _with_choice(" ".join(parts))
    return _ASKS_FOR_CHOICE.sub(r"\1_\2", joined)


def _part(found: re.Match[str], source: str) -> str:
    token = found[found.lastgroup or 0]
    match found.lastgroup:
        case "contains":
            return "LIST_CONTAINS"
        case "word":
            return _WORDS.get(token, token)
        case "sign":
            return _SIGNS.get(token, token)
        case "other":
            raise OutsideTheLanguage(text=source, what=f"“{token}” of FEEL has no counterpart")
    return token


def _with_choice(text: str) -> str:
    """Turn one ``if a then b else c`` that is the whole expression into ``b if a else c``."""
    found = re.fullmatch(r"if (.+) then (.+) else (.+)", text)
    return f"({found[2]}) if ({found[1]}) else ({found[3]})" if found else text
