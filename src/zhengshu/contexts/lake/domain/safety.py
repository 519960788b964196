"""Values that go back into spreadsheets must not run there."""

import re

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]\d[\d.,]*(?:[eE][+-]?\d+)?")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe is put before one.

    Plain signed numbers stay as they are.

    >>> neutral("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> neutral("-12.5")
    '-12.5'
    """
    if not text.startswith(_STARTS_A_FORMULA) or _NUMBER.fullmatch(text):
        return text
    return "'" + text


def original(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTS_A_FORMULA) else text
