"""Which answers a form can have: unknown ones are refused, entries come and go, a new version keeps what it asks."""

import re
from collections.abc import Iterable, Iterator

from zhengshu.contexts.casework.domain.forms.evaluating import entries_of
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
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
    every_part,
    fields_of,
)

_INNER = re.compile(r"(?P<group>[a-z][a-z0-9_]*)\.(?P<number>\d{1,3})\.(?P<key>[a-z][a-z0-9_]*)")
MOST_NAMED = 5


def field_at(parts: tuple[Part, ...], place: Place) -> Field | None:
    """Return the field whose answer stands at a place."""
    found = _INNER.fullmatch(place)
    if found is None:
        return next((one for one in _outer(parts) if one.key == place), None)
    repeat = repeat_at(parts, found["group"])
    if repeat is None or int(found["number"]) >= MOST_ENTRIES:
        return None
    return next((one for one in fields_of(repeat.parts) if one.key == found["key"]), None)


def repeat_at(parts: tuple[Part, ...], key: str) -> Repeat | None:
    """Return the repeated group of a key."""
    repeats = (part for part in every_part(parts) if isinstance(part, Repeat))
    return next((one for one in repeats if one.key == key), None)


def check_places(parts: tuple[Part, ...], names: Iterable[str]) -> None:
    """Refuse answers to questions that the parts do not ask.

    Raises:
        UnknownAnswers: with the names of the first few.
    """
    unknown = sorted(name for name in names if not _is_place(parts, name))
    if unknown:
        raise UnknownAnswers(names=", ".join(name[:60] for name in unknown[:MOST_NAMED]))


def defaults(form: Form) -> dict[Place, tuple[str, ...]]:
    """Return the answers with which a fresh form begins."""
    return {one.key: one.default for one in _outer(form.parts) if one.default and one.is_typed}


def with_entry(repeat: Repeat, answers: Answers) -> dict[Place, tuple[str, ...]]:
    """Return the answers with one more entry of a repeated group, empty but for defaults."""
    count = min(entries_of(repeat, answers), repeat.most)
    fresh = {f"{repeat.key}.{count}.{one.key}": one.default for one in fields_of(repeat.parts) if one.default}
    grown = {repeat.key: (str(min(count + 1, repeat.most)),)}
    return {**answers, **grown, **(fresh if count < repeat.most else {})}


def without_entry(repeat: Repeat, number: int, answers: Answers) -> dict[Place, tuple[str, ...]]:
    """Return the answers without one entry of a repeated group; those behind it move up."""
    count = entries_of(repeat, answers)
    if not 0 <= number < count:
        return dict(answers)
    kept: dict[Place, tuple[str, ...]] = {}
    for place, texts in answers.items():
        found = _INNER.fullmatch(place)
        if found is None or found["group"] != repeat.key:
            kept[place] = texts
        elif int(found["number"]) != number:
            at = int(found["number"]) - (int(found["number"]) > number)
            kept[f"{repeat.key}.{at}.{found['key']}"] = texts
    kept[repeat.key] = (str(max(repeat.fewest, count - 1)),)
    return kept


def carried(old: Form, new: Form, answers: Answers) -> tuple[dict[Place, tuple[str, ...]], tuple[Place, ...]]:
    """Return the answers that another version still asks for in the same sense, and the places which it does not."""
    kept: dict[Place, tuple[str, ...]] = {}
    lost: list[Place] = []
    for place, texts in answers.items():
        before, after = field_at(old.parts, place), field_at(new.parts, place)
        is_count = repeat_at(old.parts, place) is not None and repeat_at(new.parts, place) is not None
        if is_count or (before is not None and after is not None and _is_alike(before, after)):
            kept[place] = texts
        elif any(texts):
            lost.append(place)
    return kept, tuple(lost)


def label_of(form: Form, place: Place, *, language: str) -> str:
    """Return the label of the question or group at a place."""
    part = field_at(form.parts, place) or repeat_at(form.parts, place)
    return part.label.read(language) if part is not None else place


def places_of(parts: tuple[Part, ...], answers: Answers) -> Iterator[Place]:
    """Yield the places of the fields that these answers have, hidden ones included."""
    for part in parts:
        match part:
            case Field():
                yield part.key
            case Section():
                yield from places_of(part.parts, answers)
            case Repeat():
                yield part.key
                count = min(entries_of(part, answers), part.most)
                yield from (
                    f"{part.key}.{n}.{one.key}" for n in range(count) for one in fields_of(part.parts)
                )
            case _:
                pass


def _is_place(parts: tuple[Part, ...], name: str) -> bool:
    field = field_at(parts, name)
    return (field is not None and field.is_typed) or repeat_at(parts, name) is not None


def _outer(parts: tuple[Part, ...]) -> Iterator[Field]:
    """Yield the fields that stand in no repeated group."""
    for part in parts:
        if isinstance(part, Field):
            yield part
        elif isinstance(part, Section):
            yield from _outer(part.parts)


def _is_alike(before: Field, after: Field) -> bool:
    if before.kind != after.kind or not after.is_typed:
        return False
    return before.kind != Kind.CHOICE or before.table == after.table
