"""Functions of FEEL about numbers."""

import decimal
from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengshu.contexts.casework.domain.decisions.durations import Months, Seconds
from zhengshu.contexts.casework.domain.decisions.values import ARITHMETIC, Feel

FEWEST_PLACES, MOST_PLACES = -6111, 6176
Work = Callable[..., Feel]


def whole(value: Feel) -> int | None:
    """Return a whole number that is small enough to count with."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < 10**9:
        return int(value)
    return None


def cut(value: Feel) -> int | None:
    """Return a number without its fraction, if it is small enough to count with."""
    return int(value) if isinstance(value, Decimal) and abs(value) < 10**9 else None


def _of_one(work: Callable[[Decimal], Feel]) -> Work:
    return lambda number=None: work(number) if isinstance(number, Decimal) else None


def _absolute(value: Feel) -> Feel:
    if isinstance(value, Decimal):
        return abs(value)
    if isinstance(value, Months):
        return Months(abs(value.count))
    return Seconds(abs(value.count)) if isinstance(value, Seconds) else None


def _rounded(mode: str) -> Work:
    def work(number: Feel, scale: Feel = Decimal(0)) -> Feel:
        places = cut(scale)
        if not isinstance(number, Decimal) or places is None or not FEWEST_PLACES <= places <= MOST_PLACES:
            return None
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent <= places:
            return number
        context = decimal.Context(prec=2 * MOST_PLACES, Emax=ARITHMETIC.Emax, Emin=-2 * MOST_PLACES)
        return number.quantize(Decimal(1).scaleb(-places), rounding=mode, context=context)

    return work


def _modulo(dividend: Feel, divisor: Feel) -> Feel:
    if not isinstance(dividend, Decimal) or not isinstance(divisor, Decimal) or divisor == 0:
        return None
    quotient = ARITHMETIC.divide(dividend, divisor).to_integral_value(rounding=decimal.ROUND_FLOOR)
    return ARITHMETIC.subtract(dividend, ARITHMETIC.multiply(divisor, quotient))


def _logarithm(number: Decimal) -> Feel:
    return ARITHMETIC.ln(number) if number > 0 else None


def _root(number: Decimal) -> Feel:
    return ARITHMETIC.sqrt(number) if number >= 0 else None


def _number(text: Feel, grouping: Feel = None, point: Feel = None) -> Feel:
    if not isinstance(text, str) or grouping not in {None, " ", ",", "."} or point not in {None, ",", "."}:
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(str(grouping), "") if grouping is not None else text
    plain = plain.replace(str(point), ".") if point is not None else plain
    if not plain.strip() or any(letter not in "0123456789.+-eE" for letter in plain):
        return None
    return ARITHMETIC.create_decimal(plain)


NUMBERS: Mapping[str, tuple[str, Work]] = {
    "abs": ("n", _absolute),
    "sqrt": ("number", _of_one(_root)),
    "exp": ("number", _of_one(ARITHMETIC.exp)),
    "log": ("number", _of_one(_logarithm)),
    "modulo": ("dividend, divisor", _modulo),
    "even": ("number", _of_one(lambda number: number % 2 == 0)),
    "odd": ("number", _of_one(lambda number: abs(number) % 2 == 1)),
    "floor": ("n | n, scale", _rounded(decimal.ROUND_FLOOR)),
    "ceiling": ("n | n, scale", _rounded(decimal.ROUND_CEILING)),
    "decimal": ("n, scale", _rounded(decimal.ROUND_HALF_EVEN)),
    "round up": ("n, scale", _rounded(decimal.ROUND_UP)),
    "round down": ("n, scale", _rounded(decimal.ROUND_DOWN)),
    "round half up": ("n, scale", _rounded(decimal.ROUND_HALF_UP)),
    "round half down": ("n, scale", _rounded(decimal.ROUND_HALF_DOWN)),
    "number": ("from | from, grouping separator, decimal separator", _number),
}
