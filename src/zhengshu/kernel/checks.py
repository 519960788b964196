"""Check characters: the three systems that Chinese identifiers use."""

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: no I, O, S, V, Z."""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CREDIT_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_CREDIT_VALUES = {letter: value for value, letter in enumerate(CREDIT_ALPHABET)}
_CITIZEN_WEIGHTS = tuple(pow(2, 17 - position, 11) for position in range(17))
_CITIZEN_CHECKS = "10X98765432"
_ALPHANUMERIC_VALUES = {letter: value for value, letter in enumerate(ALPHANUMERIC)}


def credit_check(body: str) -> str:
    """Return the check character of the 17 characters of a unified social credit code.

    Basis: GB 32100-2015.

    >>> credit_check("11100000000013338")
    'W'
    """
    total = sum(_CREDIT_VALUES[letter] * weight for letter, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def citizen_check(body: str) -> str:
    """Return the check character of the 17 digits of a citizen ID (ISO 7064 MOD 11-2).

    Basis: GB 11643-1999.

    >>> citizen_check("36042619910101007")
    '1'
    """
    total = sum(int(digit) * weight for digit, weight in zip(body, _CITIZEN_WEIGHTS, strict=True))
    return _CITIZEN_CHECKS[total % 11]


def mod_37_36(body: str) -> str:
    """Return the check character of digits and capitals by ISO 7064 MOD 37,36.

    Basis: GB/T 36904-2018, which uses it for certificate identifiers.

    >>> mod_37_36("A12425GABC1234002")
    'M'
    """
    product = 36
    for letter in body:
        product = (((product + _ALPHANUMERIC_VALUES[letter]) % 36 or 36) * 2) % 37
    return ALPHANUMERIC[(37 - product) % 36]
