"""Computes expressions of FEEL over named values; what cannot be computed is null, as the standard says."""

import decimal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from zhengshu.contexts.casework.domain.decisions import syntax
from zhengshu.contexts.casework.domain.decisions.durations import DAY, Months, Seconds, moved
from zhengshu.contexts.casework.domain.decisions.functions import BUILTINS, Function
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.syntax import Node, UnaryTests
from zhengshu.contexts.casework.domain.decisions.values import (
    ARITHMETIC,
    MOST_ITEMS,
    Feel,
    Ordered,
    Range,
    as_list,
    both,
    either,
    is_equal,
    is_within,
    kind_of,
    order,
    truth,
)

MOST_STEPS = 200_000
"""Parts of expressions that one decision may compute."""
_NOTHING: Mapping[str, Function] = {}


@dataclass(slots=True)
class Budget:
    """How much may still be computed; shared by all expressions of one decision."""

    left: int = MOST_STEPS

    def spend(self) -> None:
        """Count one step.

        Raises:
            NotDecidable: there were too many.
        """
        self.left -= 1
        if self.left < 0:
            raise NotDecidable(what=f"it computes more than {MOST_STEPS} steps")


@dataclass(slots=True)
class Evaluation:
    """Values and functions by their names, and the value that a test is about."""

    scope: Mapping[str, Feel]
    functions: Mapping[str, Function] = field(default_factory=lambda: _NOTHING)
    this: Feel = None
    budget: Budget = field(default_factory=Budget)

    def value(self, node: Node) -> Feel:  # noqa: C901, PLR0911, PLR0912 - one case for each part of the language
        """Return the value of an expression.

        Raises:
            NotDecidable: it computes too much, or with what we do not compute.
        """
        self.budget.spend()
        match node:
            case syntax.Literal(value=value):
                return value
            case syntax.Name(name=name):
                return self.scope.get(name)
            case syntax.This():
                return self.this
            case syntax.Path(of=of, name=name):
                return member(self.value(of), name)
            case syntax.Filter():
                return _filter(self, node)
            case syntax.Negate(operand=operand):
                return _negated(self.value(operand))
            case syntax.Arithmetic():
                return _arithmetic(self, node)
            case syntax.Compare():
                return _compare(self, node)
            case syntax.Logic(is_all=is_all, parts=parts):
                truths = [truth(self.value(part)) for part in parts]
                return both(truths) if is_all else either(truths)
            case syntax.Choice(condition=condition, yes=yes, no=no):
                return self.value(yes if self.value(condition) is True else no)
            case syntax.Call():
                return _call(self, node)
            case syntax.ListOf(parts=parts):
                return tuple(self.value(part) for part in parts)
            case syntax.ContextOf():
                return _context(self, node)
            case syntax.Interval():
                return _interval(self, node)
            case syntax.Member(value=value_node, tests=tests):
                return self.holds(tests, self.value(value_node))
            case syntax.Loop():
                return _loop(self, node)
        raise NotDecidable(what="a test stands where a value is expected")

    def holds(self, tests: UnaryTests, value: Feel) -> bool | None:
        """Whether a value passes tests; None where that cannot be said."""
        if tests.is_any:
            return True
        inside = self.within({}, this=value)
        found = either([inside.passes(test, value) for test in tests.alternatives])
        return None if found is None else found is not tests.is_negated

    def passes(self, test: Node, value: Feel) -> bool | None:
        """Whether a value passes one test."""
        if isinstance(test, syntax.Unequal):
            found = is_equal(value, self.value(test.value))
            return None if found is None else not found
        wanted = self.value(test)
        if syntax.asks_itself(test) and not isinstance(test, syntax.This):
            return truth(wanted)
        if wanted is None and isinstance(test, syntax.Interval):
            return None
        if isinstance(wanted, bool) and not isinstance(value, bool) and not isinstance(test, syntax.Literal):
            return wanted
        return is_in(value, wanted)

    def within(self, names: Mapping[str, Feel], *, this: Feel = None) -> "Evaluation":
        """Return an evaluation that knows more names."""
        scope = {**self.scope, **names} if names else self.scope
        return Evaluation(scope, self.functions, this if this is not None else self.this, self.budget)


def is_in(value: Feel, wanted: Feel) -> bool | None:
    """Whether a value is another, lies in a range, or is or lies in one of the elements of a list."""
    if isinstance(wanted, Range) and not isinstance(value, Range):
        return is_within(value, wanted)
    if isinstance(wanted, tuple):
        same = isinstance(value, tuple) and is_equal(value, wanted) is True
        return same or any(is_in(value, one) is True for one in wanted)
    return is_equal(value, wanted)


def member(value: Feel, name: str) -> Feel:  # noqa: PLR0911 - one line for each kind of value
    """Return a component of a context, of each context in a list, or a property of a day, duration or range."""
    match value:
        case tuple():
            return tuple(member(one, name) for one in value)
        case Mapping():
            return value.get(name)
        case date():
            found = {
                "year": value.year,
                "month": value.month,
                "day": value.day,
                "weekday": value.isoweekday(),
            }
            return Decimal(found[name]) if name in found else None
        case Months():
            return _of_months(value, name)
        case Seconds():
            return _of_seconds(value, name)
        case Range():
            ends: dict[str, Feel] = {
                "start": value.low,
                "end": value.high,
                "start included": value.is_low_in,
                "end included": value.is_high_in,
            }
            return ends.get(name)
    return None


def _of_months(value: Months, name: str) -> Feel:
    sign = -1 if value.count < 0 else 1
    years, months = divmod(abs(value.count), 12)
    found = {"years": years, "months": months}
    return Decimal(sign * found[name]) if name in found else None


def _of_seconds(value: Seconds, name: str) -> Feel:
    sign = -1 if value.count < 0 else 1
    whole = abs(value.count)
    found = {
        "days": whole // DAY,
        "hours": whole % DAY // 3600,
        "minutes": whole % 3600 // 60,
        "seconds": whole % 60,
    }
    return sign * found[name] if name in found else None


def _filter(run: Evaluation, node: syntax.Filter) -> Feel:
    items = as_list(run.value(node.of))
    names = syntax.names_in(node.condition)
    if not names & {"item", *(key for one in items if isinstance(one, Mapping) for key in one)}:
        wanted = run.value(node.condition)
        if isinstance(wanted, Decimal):
            return _nth(items, wanted)
    found = []
    for item in items:
        known: dict[str, Feel] = {"item": item, **(item if isinstance(item, Mapping) else {})}
        if run.within(known).value(node.condition) is True:
            found.append(item)
    return tuple(found)


def _nth(items: tuple[Feel, ...], number: Decimal) -> Feel:
    if number != number.to_integral_value() or not 1 <= abs(number) <= len(items):
        return None
    return items[int(number) - 1 if number > 0 else int(number)]


def _negated(value: Feel) -> Feel:
    if isinstance(value, Decimal):
        return -value
    if isinstance(value, Months):
        return Months(-value.count)
    return Seconds(-value.count) if isinstance(value, Seconds) else None


def _arithmetic(run: Evaluation, node: syntax.Arithmetic) -> Feel:
    left, right = run.value(node.left), run.value(node.right)
    try:
        return computed(node.op, left, right)
    except decimal.DecimalException:
        return None


def computed(op: str, left: Feel, right: Feel) -> Feel:
    """Return the sum, difference, product, quotient or power of two values; null where there is none."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _NUMBERS[op](left, right)
    if isinstance(left, str) and isinstance(right, str) and op == "+":
        return left + right
    if isinstance(left, date) or isinstance(right, date):
        return _with_days(op, left, right)
    if isinstance(left, Months | Seconds) or isinstance(right, Months | Seconds):
        return _with_durations(op, left, right)
    return None


_NUMBERS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "**": ARITHMETIC.power,
}


def _with_days(op: str, left: Feel, right: Feel) -> Feel:
    if isinstance(left, date) and isinstance(right, date):
        return Seconds(Decimal((left - right).days * DAY)) if op == "-" else None
    if isinstance(left, date) and isinstance(right, Months | Seconds) and op in "+-":
        return moved(left, right, sign=1 if op == "+" else -1)
    if isinstance(left, Months | Seconds) and isinstance(right, date) and op == "+":
        return moved(right, left, sign=1)
    return None


def _with_durations(op: str, left: Feel, right: Feel) -> Feel:
    for kind in (Months, Seconds):
        if isinstance(left, kind) and isinstance(right, kind):
            result = _NUMBERS[op](Decimal(left.count), Decimal(right.count)) if op in "+-/" else None
            return result if result is None or op == "/" else _duration(kind, result)
        if isinstance(left, kind) and isinstance(right, Decimal) and op in {"*", "/"}:
            return _duration(kind, _NUMBERS[op](Decimal(left.count), right))
        if isinstance(left, Decimal) and isinstance(right, kind) and op == "*":
            return _duration(kind, _NUMBERS[op](left, Decimal(right.count)))
    return None


def _duration(kind: type[Months] | type[Seconds], count: Decimal) -> Feel:
    return Months(int(count)) if kind is Months else Seconds(count)


def _compare(run: Evaluation, node: syntax.Compare) -> Feel:
    left, right = run.value(node.left), run.value(node.right)
    if node.op in {"=", "!="}:
        same = is_equal(left, right)
        return None if same is None else same is (node.op == "=")
    found = order(left, right)
    return None if found is None else _ORDERS[node.op](found)


_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda found: found < 0,
    "<=": lambda found: found <= 0,
    ">": lambda found: found > 0,
    ">=": lambda found: found >= 0,
}


def _call(run: Evaluation, node: syntax.Call) -> Feel:
    arguments = tuple(run.value(argument) for argument in node.arguments)
    function = run.functions.get(node.name) or BUILTINS.get(node.name)
    if function is None:
        raise NotDecidable(what=f"there is no function {node.name}")
    return function.called(arguments, node.names)


def _context(run: Evaluation, node: syntax.ContextOf) -> Feel:
    found: dict[str, Feel] = {}
    for key, part in zip(node.keys, node.parts, strict=True):
        found[key] = run.within(found).value(part)
    return found


def _interval(run: Evaluation, node: syntax.Interval) -> Feel:
    ends = [None if end is None else run.value(end) for end in (node.low, node.high)]
    low, high = (end if isinstance(end, Ordered) else None for end in ends)
    is_whole = (low is None) is (node.low is None) and (high is None) is (node.high is None)
    if not is_whole or (low is not None and high is not None and kind_of(low) != kind_of(high)):
        return None
    return Range(low, high, is_low_in=node.is_low_in, is_high_in=node.is_high_in)


def _loop(run: Evaluation, node: syntax.Loop) -> Feel:
    results: list[Feel] = []
    rounds = _rounds(run, node)
    if rounds is None:
        return None
    for names in rounds:
        more: dict[str, Feel] = {"partial": tuple(results)} if node.kind == "for" else {}
        results.append(run.within({**names, **more}).value(node.body))
    if node.kind == "for":
        return tuple(results)
    truths = [truth(one) for one in results]
    return both(truths) if node.kind == "every" else either(truths)


def _rounds(run: Evaluation, node: syntax.Loop) -> list[Mapping[str, Feel]] | None:
    """Return what the names of a loop stand for in each of its rounds; None where a list is none."""
    rounds: list[Mapping[str, Feel]] = [{}]
    for name, first, end in zip(node.names, node.lists, node.ends, strict=True):
        longer: list[Mapping[str, Feel]] = []
        for names in rounds:
            items = _items(run.within(names), first, end)
            if items is None:
                return None
            longer += [{**names, name: item} for item in items]
            if len(longer) > MOST_ITEMS:
                raise NotDecidable(what=f"a loop has more than {MOST_ITEMS} rounds")
        rounds = longer
    return rounds


def _items(run: Evaluation, first: Node, end: Node | None) -> tuple[Feel, ...] | None:
    start = run.value(first)
    if end is not None:
        return _counted(start, run.value(end))
    if isinstance(start, tuple) and len(start) == 1 and isinstance(start[0], Range):
        start = start[0]
    if not isinstance(start, Range):
        return as_list(start)
    is_closed = start.is_low_in and start.is_high_in
    return _counted(start.low, start.high) if is_closed and order(start.low, start.high) != 1 else None


def _counted(start: Feel, last: Feel) -> tuple[Feel, ...] | None:
    """Return the whole numbers, or the days, from one to another, in whichever direction."""
    if isinstance(start, date) and isinstance(last, date):
        numbers = _numbers(start.toordinal(), last.toordinal())
        return tuple(date.fromordinal(number) for number in numbers)
    if isinstance(start, Decimal) and isinstance(last, Decimal):
        return tuple(Decimal(number) for number in _numbers(int(start), int(last)))
    return None


def _numbers(start: int, last: int) -> Iterator[int]:
    step = 1 if last >= start else -1
    return islice(range(start, last + step, step), MOST_ITEMS + 1)
