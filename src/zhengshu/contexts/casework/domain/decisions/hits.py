"""Asks the rules of one table and joins those that apply by its hit policy."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.functions import BUILTINS
from zhengshu.contexts.casework.domain.decisions.model import Aggregation, HitPolicy, Output, Rule, Table
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.values import Feel, is_equal

Found = tuple[Feel, tuple[int, ...]]


def hit(table: Table, run: Evaluation) -> Found:
    """Return what a table says, and the numbers of the rules that count.

    Under UNIQUE and ANY, rules that contradict each other give null, as the standard says; the checker names them
    before a case type is published.
    """
    asked = [run.value(one.expression) for one in table.inputs]
    for one, value in zip(table.inputs, asked, strict=True):
        if one.values is not None and value is not None and run.holds(one.values, value) is not True:
            return None, ()
    applying = [rule for rule in table.rules if _applies(rule, asked, run)]
    if not applying:
        return _default(table, run), ()
    return _POLICIES[table.policy](table, applying, run)


def _applies(rule: Rule, asked: Sequence[Feel], run: Evaluation) -> bool:
    return all(run.holds(tests, value) is True for tests, value in zip(rule.tests, asked, strict=True))


def _default(table: Table, run: Evaluation) -> Feel:
    values = [None if one.default is None else run.value(one.default) for one in table.outputs]
    if all(value is None for value in values):
        return Decimal(0) if table.aggregation == Aggregation.COUNT else None
    return values[0] if table.is_single else dict(zip(_names(table), values, strict=True))


def _names(table: Table) -> list[str]:
    return [output.name for output in table.outputs]


def _result(table: Table, rule: Rule, run: Evaluation) -> Feel:
    values = [run.value(node) for node in rule.results]
    return values[0] if table.is_single else dict(zip(_names(table), values, strict=True))


def _unique(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    numbers = tuple(rule.number for rule in rules)
    return (None if len(rules) > 1 else _result(table, rules[0], run)), numbers


def _any(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    results = [_result(table, rule, run) for rule in rules]
    is_one = all(is_equal(results[0], one) is True for one in results[1:])
    return (results[0] if is_one else None), tuple(rule.number for rule in rules)


def _first(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    return _result(table, rules[0], run), (rules[0].number,)


def _priority(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    best = _by_priority(table, rules, run)[0]
    return _result(table, best, run), (best.number,)


def _rule_order(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    return tuple(_result(table, rule, run) for rule in rules), tuple(rule.number for rule in rules)


def _output_order(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    return _rule_order(table, _by_priority(table, rules, run), run)


def _collect(table: Table, rules: list[Rule], run: Evaluation) -> Found:
    results, numbers = _rule_order(table, rules, run)
    work = _AGGREGATIONS.get(table.aggregation)
    return (results if work is None else work(results)), numbers


def _by_priority(table: Table, rules: list[Rule], run: Evaluation) -> list[Rule]:
    return sorted(rules, key=lambda rule: priority(table, rule, run))


def priority(table: Table, rule: Rule, run: Evaluation) -> tuple[int, ...]:
    """Return the rank of a rule's results among the values that the table's outputs may take; the least is first."""
    return tuple(
        _rank(output, run.value(node), run)
        for output, node in zip(table.outputs, rule.results, strict=True)
        if output.values is not None
    )


def _rank(output: Output, value: Feel, run: Evaluation) -> int:
    tests = output.values.alternatives if output.values is not None else ()
    found = (place for place, test in enumerate(tests) if run.passes(test, value) is True)
    rank = next(found, None)
    if rank is None:
        raise NotDecidable(what=f"a result is none of the values of {output.name or 'the output'}")
    return rank


_POLICIES: Mapping[HitPolicy, Callable[[Table, list[Rule], Evaluation], Found]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
_AGGREGATIONS: Mapping[Aggregation, Callable[[Feel], Feel]] = {
    Aggregation.COUNT: BUILTINS["count"].work,
    Aggregation.SUM: BUILTINS["sum"].work,
    Aggregation.MIN: BUILTINS["min"].work,
    Aggregation.MAX: BUILTINS["max"].work,
}
