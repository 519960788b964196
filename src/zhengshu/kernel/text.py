"""Letters as they were typed or pasted: full-width forms, stray blanks, and signs that nobody sees."""

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
_BLANKS = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x09), 0x20)
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D)
_UNSEEN: dict[int, int | None] = dict.fromkeys(
    (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF), None
)
"""What chats and PDFs put between letters: whoever pastes a number cannot see that it is there."""
_KEPT = {0x200C, 0x200D}
"""Joiners, which some scripts write with."""
_NO_LETTERS: dict[int, int | None] = dict.fromkeys(
    ({*_UNSEEN, *range(0x20), *range(0x7F, 0xA0)} - _KEPT - {ord("\t"), ord("\n"), ord("\r")}), None
)
_NARROW: dict[int, int | None] = {**_WIDE, **_BLANKS, **_DASHES, **_UNSEEN}


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and signs made ASCII, nothing unseen, and no blanks around it.

    >>> narrow("　２０２４－０３－０５ ")
    '2024-03-05'
    """
    return (text if text.isascii() else text.translate(_NARROW)).strip()


def compact(text: str) -> str:
    """Return the narrowed text in capitals without blanks and hyphens, as identifiers are compared.

    >>> compact("9147 0302-mａ0")
    '91470302MA0'
    """
    return narrow(text).replace(" ", "").replace("-", "").upper()


def seen(text: str) -> str:
    r"""Return the text as it is seen: without control characters, marks of direction and blanks of no width.

    Two names that look the same are then the same; letters, also rare ones and joiners, stay.

    >>> seen("望\u200b川\u202e小馆 ")
    '望川小馆'
    """
    return text.translate(_NO_LETTERS).strip()
