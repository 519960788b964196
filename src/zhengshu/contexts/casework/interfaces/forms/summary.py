"""All answers of a form on one page: for checking before it is sent, and for reading afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhengshu.contexts.casework.application.forms.drafts import AttachedFile
from zhengshu.contexts.casework.domain.forms.evaluating import entries_of
from zhengshu.contexts.casework.domain.forms.ports import Supplied
from zhengshu.contexts.casework.domain.forms.schema import Field, Part, Place, Repeat, Section
from zhengshu.contexts.casework.interfaces.forms.drawing import Drawer, html_id
from zhengshu.foundation.http.problems import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question and its answer in words."""

    label: str
    text: str
    fault: str
    id: str
    supplied: Supplied | None = None
    files: tuple[tuple[str, AttachedFile], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The answers of one page, or of one entry of a repeated group on it."""

    title: str
    page: int
    lines: tuple[Line, ...]


def blocks(drawer: Drawer) -> tuple[Block, ...]:
    """Return all visible answers, page by page."""
    return tuple(block for number in range(1, len(drawer.form.pages) + 1) for block in _page(drawer, number))


def _page(drawer: Drawer, number: int) -> Iterator[Block]:
    page = drawer.form.pages[number - 1]
    lines = tuple(_lines(drawer, page.parts, ""))
    if lines:
        yield Block(title=page.title.read(drawer.language), page=number, lines=lines)
    for repeat in _repeats(drawer, page.parts):
        label = repeat.label.read(drawer.language)
        for entry in range(min(entries_of(repeat, drawer.answers), repeat.most)):
            inner = tuple(_lines(drawer, repeat.parts, f"{repeat.key}.{entry}."))
            yield Block(title=f"{label} {entry + 1}", page=number, lines=inner)


def _lines(drawer: Drawer, parts: tuple[Part, ...], prefix: Place) -> Iterator[Line]:
    for part in parts:
        if isinstance(part, Section) and prefix + part.id in drawer.evaluated.shown:
            yield from _lines(drawer, part.parts, prefix)
        elif (
            isinstance(part, Field) and prefix + part.key in drawer.evaluated.shown and not part.is_for_rules
        ):
            yield _line(drawer, part, prefix + part.key)
        elif isinstance(part, Repeat) and part.key in drawer.evaluated.faults:
            label = part.label.read(drawer.language)
            fault = sentence(drawer.evaluated.faults[part.key])
            yield Line(label=label, text="", fault=fault, id=html_id(part.key))


def _line(drawer: Drawer, part: Field, place: Place) -> Line:
    refusal = drawer.evaluated.faults.get(place)
    return Line(
        label=part.label.read(drawer.language),
        text=drawer.said(part, place),
        fault=sentence(refusal) if refusal is not None else "",
        id=html_id(place),
        supplied=drawer.supplied.get(part.supplier),
        files=drawer.attached(part, drawer.answers.get(place, ())),
    )


def _repeats(drawer: Drawer, parts: tuple[Part, ...]) -> Iterator[Repeat]:
    for part in parts:
        if isinstance(part, Repeat) and part.key in drawer.evaluated.shown:
            yield part
        elif isinstance(part, Section) and part.id in drawer.evaluated.shown:
            yield from _repeats(drawer, part.parts)
