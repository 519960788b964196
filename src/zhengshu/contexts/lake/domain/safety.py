"""Values that go back into spreadsheets must not run there."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER_LETTERS = frozenset("0123456789.,eE+-")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe is put before one.

    Plain signed numbers stay as they are.

    >>> neutral("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> neutral("-12.5")
    '-12.5'
    """
    if not text.startswith(_STARTS_A_FORMULA):
        return text
    if text[0] in "+-" and len(text) > 1 and set(text[1:]) <= _NUMBER_LETTERS and text[1].isdigit():
        return text
    return "'" + text


def original(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTS_A_FORMULA) else text
