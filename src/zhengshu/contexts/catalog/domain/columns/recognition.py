"""The shape of a column: content decides, the header helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengshu.contexts.catalog.domain.columns.headers import asks_yes_or_no, look_up, plain
from zhengshu.contexts.catalog.domain.columns.samples import ColumnSample, Reason
from zhengshu.contexts.catalog.domain.columns.shapes import TESTS, Shape, are_boolean
from zhengshu.contexts.catalog.domain.faults import gettext_noop
from zhengshu.contexts.catalog.domain.standards import CodeTableRecord

_ENOUGH: Mapping[Shape, float] = {
    Shape.CITIZEN_ID: 0.5,
    Shape.CREDIT_CODE: 0.5,
    Shape.MOBILE: 0.7,
    Shape.LANDLINE: 0.6,
    Shape.EMAIL: 0.7,
    Shape.DATETIME: 0.8,
    Shape.DATE: 0.6,
    Shape.REGION_CODE: 0.95,
    Shape.AMOUNT: 0.6,
    Shape.INTEGER: 0.95,
    Shape.DECIMAL: 0.95,
    Shape.ORGANIZATION_NAME: 0.7,
    Shape.ADDRESS: 0.6,
    Shape.PERSON_NAME: 0.85,
}
"""The share of a sample that must have a shape. Check digits allow much dirt, looks do not."""

_ENOUGH_WITH_HEADER = 0.4
_MANY_CODES = 8
_LEAST_DISTINCT_NAMES = 0.3
_LEAST_COVERAGE = 0.9

WORDS: Mapping[Shape, str] = {
    Shape.CITIZEN_ID: gettext_noop(
        "%(share)s of the values are citizen ID numbers with a right check digit (GB 11643)."
    ),
    Shape.CREDIT_CODE: gettext_noop(
        "%(share)s of the values are unified social credit codes with a right check digit (GB 32100)."
    ),
    Shape.MOBILE: gettext_noop("%(share)s of the values are mobile numbers."),
    Shape.LANDLINE: gettext_noop("%(share)s of the values are landline numbers with an area code."),
    Shape.EMAIL: gettext_noop("%(share)s of the values are e-mail addresses."),
    Shape.DATETIME: gettext_noop("%(share)s of the values name a day and a time."),
    Shape.DATE: gettext_noop("%(share)s of the values name a day."),
    Shape.REGION_CODE: gettext_noop("%(share)s of the values have the form of a region code (GB/T 2260)."),
    Shape.AMOUNT: gettext_noop("%(share)s of the values are sums of money with unit or currency."),
    Shape.INTEGER: gettext_noop("%(share)s of the values are whole numbers."),
    Shape.DECIMAL: gettext_noop("%(share)s of the values are numbers."),
    Shape.ORGANIZATION_NAME: gettext_noop("%(share)s of the values end like names of organizations."),
    Shape.ADDRESS: gettext_noop("%(share)s of the values hold several words of places."),
    Shape.PERSON_NAME: gettext_noop("%(share)s of the values are a common surname and one to three letters."),
}

CODES_OF_TABLE = gettext_noop("%(share)s of the values are codes of the code table “%(table)s”.")
NAMES_OF_TABLE = gettext_noop("%(share)s of the values are names of the code table “%(table)s”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognized:
    """What a column looks like.

    Attributes:
        shape: the shape found; text where none was.
        share: how much of the sample has it.
        code_table: the code table that holds the values, for `Shape.CODE`.
        reasons: why.
    """

    shape: Shape
    share: float
    code_table: str = ""
    reasons: tuple[Reason, ...] = ()


def recognize(sample: ColumnSample, *, code_tables: Sequence[CodeTableRecord]) -> Recognized:
    """Return the shape of a column, by its values first."""
    values = sample.filled()
    if not values:
        return Recognized(
            shape=Shape.TEXT,
            share=0.0,
            reasons=(Reason(message="The sample has no values, so this is a guess."),),
        )
    distinct = frozenset(values)
    if are_boolean(distinct, is_asked=asks_yes_or_no(sample.name)):
        return Recognized(
            shape=Shape.BOOLEAN,
            share=1.0,
            reasons=(Reason(message="The values are yes and no in one spelling."),),
        )
    if coded := _of_code_table(sample.name, values, code_tables):
        return coded
    header = look_up(sample.name)
    hint = header.shape if header else None
    for shape in _order(hint):
        share = sum(map(TESTS[shape], values)) / len(values)
        if share >= _needed(shape, hint) and _is_plausible(shape, hint, values):
            return Recognized(
                shape=shape, share=share, reasons=_why(shape, share, hint=hint, header=sample.name)
            )
    return Recognized(
        shape=Shape.TEXT, share=1.0, reasons=(Reason(message="The values have no form in common."),)
    )


def percent(share: float) -> str:
    """Return a share as whole percents, never rounded up to all of it."""
    return f"{int(share * 100)}%"


def _order(hint: Shape | None) -> tuple[Shape, ...]:
    checked = (Shape.CITIZEN_ID, Shape.CREDIT_CODE)
    rest = tuple(shape for shape in TESTS if shape not in checked)
    if hint in rest:
        rest = (hint, *(shape for shape in rest if shape is not hint))
    return (*checked, *rest)


def _needed(shape: Shape, hint: Shape | None) -> float:
    return (
        _ENOUGH_WITH_HEADER
        if shape is hint and shape not in {Shape.INTEGER, Shape.DECIMAL}
        else _ENOUGH[shape]
    )


def _is_plausible(shape: Shape, hint: Shape | None, values: tuple[str, ...]) -> bool:
    """Names that repeat all the time are rather places or kinds; the header overrules."""
    if shape is not Shape.PERSON_NAME or shape is hint:
        return True
    return len(frozenset(values)) / len(values) >= _LEAST_DISTINCT_NAMES


def _why(shape: Shape, share: float, *, hint: Shape | None, header: str) -> tuple[Reason, ...]:
    found = [Reason(message=WORDS[shape], data={"share": percent(share)})]
    if shape is hint:
        found.append(Reason(message="The header “%(header)s” says the same.", data={"header": header}))
    if share < 1 and shape in {Shape.CITIZEN_ID, Shape.CREDIT_CODE, Shape.DATE, Shape.DATETIME, Shape.MOBILE}:
        found.append(
            Reason(
                message="%(share)s of the values are not of this form; such rows would be set aside where the type"
                " demands it.",
                data={"share": f"{100 - int(share * 100)}%"},
            )
        )
    return tuple(found)


def _of_code_table(
    header: str, values: tuple[str, ...], code_tables: Sequence[CodeTableRecord]
) -> Recognized | None:
    """Return the code table whose codes or names cover the values; few or short codes need the header's help."""
    distinct = frozenset(values)
    best: tuple[float, int, CodeTableRecord, bool] | None = None
    for table in code_tables:
        codes = frozenset(entry.code for entry in table.entries)
        names = frozenset(entry.name for entry in table.entries)
        for is_name, known in ((False, codes), (True, names)):
            coverage = sum(value in known for value in values) / len(values)
            is_named = _is_named(header, table)
            if coverage < _LEAST_COVERAGE or not (is_named or _is_telling(distinct & known, is_name=is_name)):
                continue
            candidate = (coverage + is_named, -len(table.entries), table, is_name)
            if best is None or candidate[:2] > best[:2]:
                best = candidate
    if best is None:
        return None
    score, _, table, is_name = best
    message = NAMES_OF_TABLE if is_name else CODES_OF_TABLE
    share = min(1.0, score - 1 if score > 1 else score)
    reason = Reason(message=message, data={"share": percent(share), "table": table.name})
    return Recognized(shape=Shape.CODE, share=share, code_table=table.code, reasons=(reason,))


def _is_telling(distinct: frozenset[str], *, is_name: bool) -> bool:
    if is_name:
        return len(distinct) > 1
    return len(distinct) >= _MANY_CODES or min(map(len, distinct)) > 2  # noqa: PLR2004 - 01 and 1 are in every table


def _is_named(header: str, table: CodeTableRecord) -> bool:
    bare, name = plain(header), plain(table.name)
    known = look_up(header)
    return bare.removesuffix("代码") in name or (
        known is not None and known.name.removesuffix("代码") in name
    )
