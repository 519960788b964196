"""Reading one answer as its kind: what was typed becomes a value, or a sentence says why not."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengshu.contexts.casework.domain.forms import refusals
from zhengshu.contexts.casework.domain.forms.schema import MOST_LETTERS, Answers, Field, Kind, Rules
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.dates import read_date, read_datetime
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.phones import Phone
from zhengshu.kernel.regions import RegionCode
from zhengshu.kernel.text import narrow, seen

Typed = str | int | bool | tuple[str, ...]
"""The value of an answer; numbers with decimals are texts, so that nothing is lost."""

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,10})?", re.ASCII)
"""Twelve digits, so that sums over all entries stay exact in every browser too."""
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", re.ASCII)
_PLACE_WORDS = re.compile(
    r"[省市区县旗镇乡街路道巷弄村组号社]|\b(?:road|street|district|county|city)\b", re.IGNORECASE
)
SHORTEST_ADDRESS = 6


def cleaned(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was typed as it is seen, without blanks around it and empty texts; lines end as in Unix."""
    plain = (seen(text.replace("\r\n", "\n").replace("\r", "\n")) for text in texts)
    return tuple(text for text in plain if text)


def read_answer(field: Field, texts: tuple[str, ...], *, options: frozenset[str]) -> Typed:
    """Return the value of an answer; empty answers that need not be given are the empty text.

    Args:
        field: the question.
        texts: what was typed, cleaned.
        options: the values that may be chosen, for fields of that kind; the digests of received files.

    Raises:
        Refused: the sentence that says what is wrong.
    """
    if field.kind == Kind.TICK:
        return _tick(field, texts)
    if not texts:
        if field.rules.is_required:
            raise missing(field)
        return () if field.kind in {Kind.CHOICES, Kind.FILES} else ""
    if field.kind in {Kind.CHOICES, Kind.FILES}:
        return _several(field, texts, options=options)
    if len(texts[0]) > MOST_LETTERS:
        raise refusals.AnswerTooLong(most=MOST_LETTERS, length=len(texts[0]))
    if field.kind == Kind.CHOICE:
        return _one_of(texts[0], options=options)
    return _READERS[field.kind](texts[0], field.rules)


def missing(field: Field) -> Refused:
    """Return the sentence for a field that must be filled in and is empty."""
    if field.is_bound:
        return refusals.SourceSilent()
    match field.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return refusals.ChoiceMissing()
        case Kind.TICK:
            return refusals.TickMissing()
        case Kind.FILES:
            return refusals.FileMissing()
    return refusals.AnswerMissing()


def option_values(field: Field, tables: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the values that may be chosen in a field."""
    if field.table:
        return tables.get(field.table, frozenset())
    return frozenset(option.value for option in field.options)


def texts_at(answers: Answers, place: str) -> tuple[str, ...]:
    """Return what was typed at a place, cleaned."""
    return cleaned(answers.get(place, ()))


def _tick(field: Field, texts: tuple[str, ...]) -> bool:
    is_ticked = texts[:1] in {("on",), ("true",), ("True",)}
    if field.rules.is_required and not is_ticked:
        raise missing(field)
    return is_ticked


def _one_of(text: str, *, options: frozenset[str]) -> str:
    if text not in options:
        raise refusals.NotAnOption
    return text


def _several(field: Field, texts: tuple[str, ...], *, options: frozenset[str]) -> tuple[str, ...]:
    is_file = field.kind == Kind.FILES
    if any(text not in options for text in texts):
        raise refusals.NoSuchFile if is_file else refusals.NotAnOption
    if is_file and len(texts) > 1 and not field.rules.is_several:
        raise refusals.SeveralFiles
    return tuple(dict.fromkeys(texts))


def _text(text: str, rules: Rules) -> str:
    if rules.min_length is not None and len(text) < rules.min_length:
        raise refusals.AnswerTooShort(least=rules.min_length, length=len(text))
    if rules.max_length is not None and len(text) > rules.max_length:
        raise refusals.AnswerTooLong(most=rules.max_length, length=len(text))
    if rules.pattern and not re.search(rules.pattern, text, re.ASCII):
        raise refusals.AnswerOfAnotherForm
    return text


def _number(text: str, rules: Rules) -> str | int:
    typed = narrow(text).replace(",", "")
    if not _NUMBER.fullmatch(typed):
        raise refusals.NotANumber
    number = Decimal(typed)
    if -int(number.normalize().as_tuple().exponent) > rules.decimals:
        raise refusals.TooManyDecimals(decimals=rules.decimals) if rules.decimals else refusals.NumberNotWhole
    if rules.least is not None and number < Decimal(rules.least):
        raise refusals.NumberTooSmall(least=rules.least)
    if rules.most is not None and number > Decimal(rules.most):
        raise refusals.NumberTooLarge(most=rules.most)
    if rules.decimals == 0:
        return int(number)
    return f"{number:.{rules.decimals}f}"


def _day(text: str, _rules: Rules) -> str:
    return read_date(text).isoformat()


def _time(text: str, _rules: Rules) -> str:
    found = _TIME.fullmatch(narrow(text))
    if found is None:
        raise refusals.NotATime
    return f"{int(found[1]):02}:{found[2]}"


def _moment(text: str, _rules: Rules) -> str:
    return f"{read_datetime(text):%Y-%m-%dT%H:%M}"


def _email(text: str, _rules: Rules) -> str:
    if not _EMAIL.fullmatch(narrow(text)):
        raise refusals.NotAnEmail
    return narrow(text)


def _citizen_id(text: str, _rules: Rules) -> str:
    return str(CitizenId.parse(text))


def _credit_code(text: str, _rules: Rules) -> str:
    return str(CreditCode.parse(text))


def _phone(text: str, _rules: Rules) -> str:
    return str(Phone.parse(text))


def _region(text: str, _rules: Rules) -> str:
    return str(RegionCode.parse(text))


def _address(text: str, rules: Rules) -> str:
    if len(text) < SHORTEST_ADDRESS or not _PLACE_WORDS.search(text):
        raise refusals.NotAnAddress
    return _text(text, rules)


_READERS: Mapping[Kind, Callable[[str, Rules], str | int]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.TIME: _time,
    Kind.MOMENT: _moment,
    Kind.EMAIL: _email,
    Kind.CITIZEN_ID: _citizen_id,
    Kind.CREDIT_CODE: _credit_code,
    Kind.PHONE: _phone,
    Kind.REGION: _region,
    Kind.ADDRESS: _address,
}
