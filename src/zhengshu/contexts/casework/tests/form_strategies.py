"""Random forms with answers, and a slow evaluator that was written apart from the real one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.forms.schema import (
    Field,
    Form,
    Kind,
    Option,
    Page,
    Part,
    Repeat,
    Rules,
    Section,
    Words,
)
from zhengshu.contexts.casework.tests.expression_strategies import Names, Stuck, draw_expression

LOOKS = {
    Kind.TEXT: "textfield",
    Kind.NUMBER: "number",
    Kind.TICK: "checkbox",
    Kind.CHOICE: "radio",
    Kind.CHOICES: "checklist",
}
OPTIONS = tuple(Option(value=one, label=Words(zh=one, en=one)) for one in ("a", "b", "c"))
TEXTS = (
    "",
    "a",
    "b",
    "é",
    "𠮷",
    "ab",
    "12",
    "-3",
    "7.5",
    "０８",
    "1,000",
    "x" * 6,
    " a ",
    "99999999999999",
    "on",
)

COUNTS = st.sampled_from([(), ("0",), ("1",), ("2",), ("3",), ("4",), ("x",)])
CHOSEN = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3).map(tuple)
TYPED = st.sampled_from([(), *((text,) for text in TEXTS)])


@dataclass(frozen=True)
class Trial:
    """A form, the meaning of its expressions, and answers."""

    form: Form
    meanings: Mapping[str, Callable[[Names], Value]]
    answers: Mapping[str, tuple[str, ...]]


@cache
def _rules(kind: Kind) -> st.SearchStrategy[Rules]:
    return st.builds(
        Rules,
        is_required=st.booleans(),
        min_length=st.sampled_from([None, 1, 3]),
        max_length=st.sampled_from([None, 3, 5]),
        least=st.sampled_from([None, "-1", "0.5"]),
        most=st.sampled_from([None, "9", "1000"]),
        decimals=st.sampled_from([0, 0, 2]) if kind == Kind.NUMBER else st.just(0),
    )


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """Draw a form of up to eight parts, whose expressions read what stands before, and answers to it."""
    meanings: dict[str, Callable[[Names], Value]] = {}
    counter = iter(range(100))

    def expression(known: list[str], *, often: bool = False) -> str:
        if not known or not draw(st.booleans() if often else st.sampled_from([True, False, False])):
            return ""
        one = draw_expression(draw, known)
        meanings[one.text] = one.meaning
        return one.text

    def field(known: list[str]) -> Field:
        key = f"f{next(counter)}"
        kind = draw(st.sampled_from(list(LOOKS)))
        computable = kind in {Kind.TEXT, Kind.NUMBER, Kind.TICK}
        rules = draw(_rules(kind))
        options = OPTIONS if kind in {Kind.CHOICE, Kind.CHOICES} else ()
        hide = expression(known, often=True)
        calculate = expression(known) if computable else ""
        part = Field(
            id=f"id_{key}",
            key=key,
            look=LOOKS[kind],
            kind=kind,
            label=Words(zh=key, en=key),
            rules=rules,
            options=options,
            hide=hide,
            calculate=calculate,
        )
        if kind == Kind.CHOICES:
            known.extend(f"{key}_{option.value}" for option in options)
        elif kind != Kind.NUMBER or rules.decimals == 0:
            known.append(key)
        return part

    def parts(known: list[str], depth: int, *, most: int) -> tuple[Part, ...]:
        found: list[Part] = []
        for _ in range(draw(st.integers(1, most))):
            what = draw(st.sampled_from(["field"] * 3 + (["section", "repeat"] if depth == 0 else [])))
            if what == "field":
                found.append(field(known))
                continue
            hide, key = expression(known, often=True), f"g{next(counter)}"
            if what == "section":
                inner = parts(known, 1, most=3)
                found.append(Section(id=key, label=Words(zh=key), parts=inner, hide=hide))
                continue
            inner = parts(list(known), 1, most=3)
            found.append(Repeat(id=key, key=key, label=Words(), parts=inner, hide=hide, fewest=1, most=3))
            known.append(f"{key}_count")
            known.extend(f"{key}_{one.key}_sum" for one in _whole(inner))
        return tuple(found)

    form = Form(code="random", pages=(Page(title=Words(), parts=parts([], 0, most=6)),))
    answers = {place: draw(_typed(one)) for place, one in _all_places(form.parts)}
    return Trial(form, meanings, {place: texts for place, texts in answers.items() if texts})


def _typed(part: Field | Repeat) -> st.SearchStrategy[tuple[str, ...]]:
    if isinstance(part, Repeat):
        return COUNTS
    return CHOSEN if part.kind == Kind.CHOICES else TYPED


def _all_places(parts: tuple[Part, ...]) -> Iterator[tuple[str, Field | Repeat]]:
    for part in parts:
        if isinstance(part, Field):
            yield part.key, part
        elif isinstance(part, Section):
            yield from _all_places(part.parts)
        elif isinstance(part, Repeat):
            yield part.key, part
            for number in range(4):
                yield from ((f"{part.key}.{number}.{key}", one) for key, one in _all_places(part.parts))


def _whole(parts: tuple[Part, ...]) -> list[Field]:
    return [one for _, one in _all_places(parts) if isinstance(one, Field) and one.is_whole]


class Slow:
    """Answers each question about a place from nothing, again and again: what is it, is it shown, what is wrong."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    def visible(self) -> list[str]:
        return list(self._visible(self.trial.form.parts, ""))

    def outcome(self, part: Field, prefix: str) -> object:
        """Return the value at a place that is shown, or the code of its fault."""
        try:
            return self.value(part, prefix)
        except InvalidOperation as fault:
            return f"casework.{fault.args[0]}"

    def value(self, part: Field, prefix: str) -> object:
        if part.calculate:
            found = self._run(part.calculate, part, prefix)
            wanted = {Kind.NUMBER: int, Kind.TICK: bool}.get(part.kind, str)
            return found if type(found) is wanted else (False if part.kind == Kind.TICK else "")
        return read(part, self.trial.answers.get(prefix + part.key, ()))

    def _visible(self, parts: tuple[Part, ...], prefix: str) -> Iterator[str]:
        for part in parts:
            if not self.is_shown(part, prefix):
                continue
            yield prefix + (part.key if isinstance(part, Field | Repeat) else part.id)
            if isinstance(part, Section):
                yield from self._visible(part.parts, prefix)
            elif isinstance(part, Repeat):
                for number in range(min(self.count(part), part.most)):
                    yield from self._visible(part.parts, f"{part.key}.{number}.")

    def is_shown(self, part: Part, prefix: str) -> bool:
        return not (part.hide and bool(self._run(part.hide, part, prefix)))

    def count(self, part: Repeat) -> int:
        typed = self.trial.answers.get(part.key, ("",))[0]
        return int(typed) if typed.isdigit() else part.fewest

    def _run(self, text: str, reader: Part, prefix: str) -> Value:
        try:
            return self.trial.meanings[text](_Lookup(self, reader, prefix))
        except Stuck:
            return ""


class _Lookup(dict[str, Value]):
    """The names that a part may read, each found when it is asked for."""

    def __init__(self, slow: Slow, reader: Part, prefix: str) -> None:
        super().__init__()
        self.slow, self.reader, self.prefix = slow, reader, prefix

    def __missing__(self, name: str) -> Value:
        return self._find(self.slow.trial.form.parts, name, "", is_shown=True)

    def _find(self, parts: tuple[Part, ...], name: str, prefix: str, *, is_shown: bool) -> Value:
        for part in parts:
            shown = is_shown and self.slow.is_shown(part, prefix)
            if isinstance(part, Field) and (name == part.key or name.startswith(f"{part.key}_")):
                return self._field(part, name, prefix) if shown else self._blank(part, name)
            if isinstance(part, Section):
                found = self._find(part.parts, name, prefix, is_shown=shown)
                if found is not None:
                    return found
            if isinstance(part, Repeat):
                if name == f"{part.key}_count":
                    return self.slow.count(part) if shown else 0
                if name.startswith(f"{part.key}_") and name.endswith("_sum"):
                    return self._total(part, name) if shown else 0
                if self.prefix.startswith(f"{part.key}."):
                    found = self._find(part.parts, name, self.prefix, is_shown=True)
                    if found is not None:
                        return found
        return None  # type: ignore[return-value]  # only within the search

    def _field(self, part: Field, name: str, prefix: str) -> Value:
        try:
            value = self.slow.value(part, prefix)
        except InvalidOperation:
            return self._blank(part, name)
        if name != part.key:
            assert isinstance(value, tuple)
            return name.removeprefix(f"{part.key}_") in value
        assert isinstance(value, str | int)
        return value

    def _blank(self, part: Field, name: str) -> Value:
        return False if name != part.key or part.kind == Kind.TICK else ""

    def _total(self, part: Repeat, name: str) -> Value:
        key = name.removeprefix(f"{part.key}_").removesuffix("_sum")
        total: Value = 0
        for number in range(min(self.slow.count(part), part.most)):
            reader = _Lookup(self.slow, part, f"{part.key}.{number}.")
            value = reader._find(part.parts, key, reader.prefix, is_shown=True)
            if type(value) is int and isinstance(total, int):
                total = total + value if abs(total + value) <= 10**15 else ""
        return total


def read(part: Field, typed: tuple[str, ...]) -> object:
    """Return what an answer means, or raise with the code of what is wrong with it."""
    texts = [text.strip() for text in typed if text.strip()]
    rules = part.rules
    if part.kind == Kind.TICK:
        return _or(rules.is_required and texts[:1] != ["on"], "tick-missing", texts[:1] == ["on"])
    if not texts:
        code = "choice-missing" if part.options else "answer-missing"
        return _or(rules.is_required, code, () if part.kind == Kind.CHOICES else "")
    if part.options:
        wrong = bool(set(texts) - {"a", "b", "c"})
        kept = tuple(sorted(set(texts), key=texts.index))
        return _or(wrong, "not-an-option", kept if part.kind == Kind.CHOICES else texts[0])
    if part.kind == Kind.TEXT:
        length = len(texts[0])
        _or(length < (rules.min_length or 0), "answer-too-short", None)
        return _or(length > (rules.max_length or 10**6), "answer-too-long", texts[0])
    return _read_number(texts[0].replace("０", "0").replace("８", "8").replace(",", ""), rules)


def _read_number(typed: str, rules: Rules) -> object:
    digits = typed.removeprefix("-").split(".")
    _or(not all(one.isdigit() for one in digits) or len(digits[0]) > 12, "not-a-number", None)
    number = Decimal(typed)
    finer = "too-many-decimals" if rules.decimals else "number-not-whole"
    _or(number != round(number, rules.decimals), finer, None)
    _or(rules.least is not None and number < Decimal(rules.least or 0), "number-too-small", None)
    _or(rules.most is not None and number > Decimal(rules.most or 0), "number-too-large", None)
    return int(number) if rules.decimals == 0 else str(round(number, rules.decimals))


def _or(is_wrong: bool, code: str, value: object) -> object:  # noqa: FBT001 - reads as a sentence
    if is_wrong:
        raise InvalidOperation(code)
    return value
