"""What a form shows, computes and finds wrong for some answers.

One walk in the order of the file: a condition or a calculation reads only what stands before it (the checker sees to
that), so that nothing depends on the order of computing. A hidden question has no answer, whatever was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.expressions import NotComputable, Value
from zhengshu.contexts.casework.domain.forms import refusals
from zhengshu.contexts.casework.domain.forms.kinds import Typed, option_values, read_answer, texts_at
from zhengshu.contexts.casework.domain.forms.schema import (
    MOST_ENTRIES,
    Answers,
    Field,
    Form,
    Kind,
    Part,
    Place,
    Repeat,
    Section,
    blank,
    blanks,
    choice_names,
    count_name,
    fields_of,
    sum_name,
)
from zhengshu.kernel.errors import Refused

Tables = Mapping[str, frozenset[str]]
"""Code table → its codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the platform knows besides of the answers.

    Attributes:
        tables: the codes of the code tables that the form names.
        supplied: data element or field of a certificate → the value that it gave for this case.
        files: digests of the files that were received for these answers.
    """

    tables: Tables = field(default_factory=dict)
    supplied: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What came of answers.

    Attributes:
        visible: the ids of parts and the places of fields that are shown, in order.
        values: the value of each visible field whose answer is right, computed ones included.
        names: what the form's expressions know at its end, outside of repeated groups.
        faults: place → the sentence that says what is wrong.
    """

    visible: tuple[Place, ...]
    values: Mapping[Place, Typed]
    names: Mapping[str, Value]
    faults: Mapping[Place, Refused]

    @property
    def shown(self) -> frozenset[Place]:
        """What is visible, for asking."""
        return frozenset(self.visible)


def evaluate(form: Form, answers: Answers, *, known: Known = NOTHING_KNOWN) -> Evaluated:
    """Return what a form makes of answers."""
    walk = _Walk(answers=answers, known=known)
    names: dict[str, Value] = dict(blanks(form.parts))
    walk.parts(form.parts, prefix="", names=names)
    return Evaluated(visible=tuple(walk.visible), values=walk.values, names=names, faults=walk.faults)


def holds(expression: str, names: Mapping[str, Value]) -> bool:
    """Whether a condition holds; one that cannot be computed from what is answered so far does not."""
    try:
        return bool(expressions.evaluate(expression, data=names))
    except NotComputable:
        return False


def computed(expression: str, names: Mapping[str, Value]) -> Value:
    """Return the value of a calculation; empty while it cannot be computed."""
    try:
        return expressions.evaluate(expression, data=names)
    except NotComputable:
        return ""


def entries_of(repeat: Repeat, answers: Answers) -> int:
    """Return how many entries a repeated group has: as counted by the answers, else the fewest."""
    texts = texts_at(answers, repeat.key)
    if texts and texts[0].isascii() and texts[0].isdigit():
        return min(int(texts[0][:6]), MOST_ENTRIES + 1)
    return repeat.fewest


class _Walk:
    """The walk through a form with what it has found so far."""

    def __init__(self, *, answers: Answers, known: Known) -> None:
        self.answers, self.known = answers, known
        self.visible: list[Place] = []
        self.values: dict[Place, Typed] = {}
        self.faults: dict[Place, Refused] = {}

    def parts(self, parts: tuple[Part, ...], *, prefix: str, names: dict[str, Value]) -> None:
        for part in parts:
            if part.hide and holds(part.hide, names):
                continue
            place = prefix + (part.key if isinstance(part, Field | Repeat) else part.id)
            self.visible.append(place)
            if isinstance(part, Field):
                self._field(part, place, names)
            elif isinstance(part, Section):
                self.parts(part.parts, prefix=prefix, names=names)
            elif isinstance(part, Repeat):
                self._repeat(part, names)

    def _field(self, part: Field, place: Place, names: dict[str, Value]) -> None:
        try:
            value = _calculated(part, names) if part.calculate else self._answer(part, place)
        except Refused as refusal:
            self.faults[place] = refusal
            return
        self.values[place] = value
        if isinstance(value, tuple):
            names[part.key] = ",".join(value)
            names |= {name: one in value for one, name in choice_names(part).items()}
        else:
            names[part.key] = value

    def _answer(self, part: Field, place: Place) -> Typed:
        options = self.known.files if part.kind == Kind.FILES else option_values(part, self.known.tables)
        return read_answer(part, self._texts(part, place), options=options)

    def _texts(self, part: Field, place: Place) -> tuple[str, ...]:
        if part.supplier:
            supplied = self.known.supplied.get(part.supplier, "")
            if supplied or part.is_bound:
                return (supplied,) if supplied else ()
        if part.is_fixed:
            return part.default
        return texts_at(self.answers, place)

    def _repeat(self, part: Repeat, names: dict[str, Value]) -> None:
        count = entries_of(part, self.answers)
        if count > part.most:
            self.faults[part.key] = refusals.TooManyEntries(most=part.most, count=count)
        elif count < part.fewest:
            self.faults[part.key] = refusals.TooFewEntries(fewest=part.fewest, count=count)
        names[count_name(part)] = count
        for number in range(min(count, part.most)):
            inner = {**names, **blanks(part.parts)}
            self.parts(part.parts, prefix=f"{part.key}.{number}.", names=inner)
            for one in fields_of(part.parts):
                if one.is_whole:
                    name = sum_name(part, one)
                    names[name] = _sum(names[name], inner.get(one.key, ""))


def _calculated(part: Field, names: Mapping[str, Value]) -> Value:
    """Return a computed value if it is of the field's kind."""
    value = computed(part.calculate, names)
    kind = type(value)
    wanted = {Kind.NUMBER: int, Kind.TICK: bool}.get(part.kind, str)
    return value if kind is wanted else blank(part)


def _sum(total: Value, value: Value) -> Value:
    """Add a number to a total; what is no number adds nothing, and too large a total is none."""
    if not isinstance(total, int) or not isinstance(value, int):
        return total
    result = total + value
    return result if abs(result) <= expressions.LARGEST_NUMBER else ""
