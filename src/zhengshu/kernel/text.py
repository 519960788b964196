"""Letters as they were typed: full-width forms and stray blanks."""

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
_BLANKS = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0xFEFF, 0x09), 0x20)
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D)
_NARROW = {**_WIDE, **_BLANKS, **_DASHES}


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and signs made ASCII, and no blanks around it.

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
