"""Functions of FEEL about lists."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import reduce

from zhengshu.contexts.casework.domain.decisions.durations import Months, Seconds
from zhengshu.contexts.casework.domain.decisions.functions_of_numbers import whole
from zhengshu.contexts.casework.domain.decisions.values import (
    ARITHMETIC,
    Feel,
    as_list,
    both,
    either,
    is_equal,
    order,
    truth,
)

Work = Callable[..., Feel]
Items = tuple[Feel, ...]
SPREADING = frozenset({"min", "max", "sum", "mean", "median", "mode", "stddev", "product", "all", "any"})
"""Functions that take a list, or its elements one by one."""


def _of_numbers(work: Callable[[list[Decimal]], Feel], *, empty: Feel = None) -> Work:
    """Return a function of a list of numbers; null as soon as an element is none."""

    def wrapped(values: Feel) -> Feel:
        items = as_list(values)
        numbers = [one for one in items if isinstance(one, Decimal)]
        if values is None or len(numbers) < len(items):
            return None
        return work(numbers) if numbers else empty

    return wrapped


def _added(numbers: list[Decimal]) -> Decimal:
    return reduce(ARITHMETIC.add, numbers)


def _sum(values: Feel) -> Feel:
    items = as_list(values)
    for kind in (Months, Seconds):
        if items and all(isinstance(one, kind) for one in items):
            total = sum(Decimal(one.count) for one in items if isinstance(one, kind))
            return Months(int(total)) if kind is Months else Seconds(Decimal(total))
    return _of_numbers(_added)(values)


def _mean(numbers: list[Decimal]) -> Decimal:
    return ARITHMETIC.divide(_added(numbers), Decimal(len(numbers)))


def _median(numbers: list[Decimal]) -> Feel:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else _mean(ordered[middle - 1 : middle + 1])


def _mode(numbers: list[Decimal]) -> Feel:
    counted = Counter(numbers)
    most = max(counted.values())
    return tuple(sorted(number for number, count in counted.items() if count == most))


def _stddev(numbers: list[Decimal]) -> Feel:
    if len(numbers) < 2:  # noqa: PLR2004 - one number has no deviation
        return None
    mean = _mean(numbers)
    squares = [ARITHMETIC.power(ARITHMETIC.subtract(number, mean), 2) for number in numbers]
    return ARITHMETIC.sqrt(ARITHMETIC.divide(_added(squares), Decimal(len(numbers) - 1)))


def _extreme(side: int) -> Work:
    def work(values: Feel) -> Feel:
        items = as_list(values)
        if not items or any(order(items[0], one) is None for one in items):
            return None
        return reduce(lambda best, one: one if order(one, best) == side else best, items)

    return work


def _truths(decide: Callable[[list[bool | None]], bool | None]) -> Work:
    def work(values: Feel) -> Feel:
        if values is None:
            return None
        return decide([truth(one) for one in as_list(values)])

    return work


def _has(items: Items, wanted: Feel) -> bool:
    return any(is_equal(one, wanted) is True for one in items)


def _distinct(items: Items) -> Items:
    found: list[Feel] = []
    for one in items:
        if not _has(tuple(found), one):
            found.append(one)
    return tuple(found)


def _flat(items: Items) -> Iterator[Feel]:
    for one in items:
        if isinstance(one, tuple):
            yield from _flat(one)
        else:
            yield one


def _of_list(work: Callable[..., Feel]) -> Work:
    """Return a function that is null for null, and takes anything else as a list."""
    return lambda values, *more: None if values is None else work(as_list(values), *more)


def _sublist(items: Items, start: Feel, length: Feel = Decimal(10**8)) -> Feel:
    first, count = whole(start), whole(length)
    if not first or count is None or count < 1 or abs(first) > len(items):
        return None
    begin = first - 1 if first > 0 else len(items) + first
    return items[begin : begin + count]


def _inserted(items: Items, position: Feel, new: Feel) -> Feel:
    at = whole(position)
    if not at or abs(at) > len(items):
        return None
    index = at - 1 if at > 0 else len(items) + at
    return (*items[:index], new, *items[index:])


def _removed(items: Items, position: Feel) -> Feel:
    at = whole(position)
    if not at or abs(at) > len(items):
        return None
    index = at - 1 if at > 0 else len(items) + at
    return items[:index] + items[index + 1 :]


def _indices(items: Items, wanted: Feel) -> Feel:
    return tuple(Decimal(place) for place, one in enumerate(items, 1) if is_equal(one, wanted) is True)


def _joined(*lists: Feel) -> Items:
    return tuple(one for items in lists for one in (as_list(items) if items is not None else (None,)))


def _product(numbers: list[Decimal]) -> Decimal:
    return reduce(ARITHMETIC.multiply, numbers)


_ANY_NUMBER = " | ".join(", ".join(f"list{n}" for n in range(1, count + 1)) for count in range(1, 10))
LISTS: Mapping[str, tuple[str, Work]] = {
    "min": ("list", _extreme(-1)),
    "max": ("list", _extreme(1)),
    "sum": ("list", _sum),
    "mean": ("list", _of_numbers(_mean)),
    "median": ("list", _of_numbers(_median)),
    "mode": ("list", _of_numbers(_mode, empty=())),
    "stddev": ("list", _of_numbers(_stddev)),
    "product": ("list", _of_numbers(_product)),
    "count": ("list", _of_list(lambda items: Decimal(len(items)))),
    "all": ("list", _truths(both)),
    "any": ("list", _truths(either)),
    "list contains": ("list, element", _of_list(_has)),
    "append": (_ANY_NUMBER.replace("list", "item"), _of_list(lambda items, *more: (*items, *more))),
    "concatenate": (_ANY_NUMBER, _joined),
    "union": (_ANY_NUMBER, lambda *lists: _distinct(_joined(*lists))),
    "distinct values": ("list", _of_list(_distinct)),
    "reverse": ("list", _of_list(lambda items: items[::-1])),
    "flatten": ("list", _of_list(lambda items: tuple(_flat(items)))),
    "sublist": ("list, start position | list, start position, length", _of_list(_sublist)),
    "insert before": ("list, position, newItem", _of_list(_inserted)),
    "remove": ("list, position", _of_list(_removed)),
    "index of": ("list, match", _of_list(_indices)),
}
