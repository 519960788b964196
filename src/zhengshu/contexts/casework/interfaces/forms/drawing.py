"""A page of a form as templates draw it: no case, no draft, no request is needed.

`preview` draws a form that nobody fills in, for the studio.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext

from zhengshu.contexts.casework.application.forms.drafts import AttachedFile
from zhengshu.contexts.casework.domain.forms.evaluating import Evaluated, entries_of, evaluate
from zhengshu.contexts.casework.domain.forms.files import endings_of
from zhengshu.contexts.casework.domain.forms.ports import Supplied
from zhengshu.contexts.casework.domain.forms.schema import (
    Answers,
    Field,
    Form,
    Kind,
    Note,
    Option,
    Part,
    Place,
    Repeat,
    Section,
)
from zhengshu.contexts.casework.interfaces.forms.silences import silence_words
from zhengshu.foundation.http.problems import sentence
from zhengshu.kernel.errors import Refused

INPUT_TYPES: Mapping[Kind, str] = {
    Kind.DAY: "date",
    Kind.TIME: "time",
    Kind.MOMENT: "datetime-local",
    Kind.EMAIL: "email",
    Kind.PHONE: "tel",
}
AUTOCOMPLETE: Mapping[Kind, str] = {Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.ADDRESS: "street-address"}
TEMPLATES: Mapping[str, str] = {
    "textarea": "area",
    "checkbox": "tick",
    "radio": "options",
    "checklist": "options",
    "taglist": "options",
    "select": "select",
    "filepicker": "file",
}
"""Component of form-js → the template that draws it; all others are one line."""

Tables = Mapping[str, tuple[Option, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An option as it stands on the page."""

    id: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field as it stands on the page."""

    template: str
    place: Place
    id: str
    label: str
    hint: str
    fault: str
    text: str
    choices: tuple[Choice, ...]
    is_several: bool
    is_required: bool
    is_shown: bool
    is_output: bool
    input_type: str = "text"
    input_mode: str = ""
    autocomplete: str = ""
    most_letters: int | None = None
    accept: str = ""
    supplied: Supplied | None = None
    silence: str = ""
    """Why the source of a bound field gave nothing, in a sentence."""
    files: tuple[tuple[str, AttachedFile], ...] = ()
    """Digest and file, for what was attached."""

    @property
    def first_id(self) -> str:
        """The control to which the list of errors leads."""
        return self.choices[0].id if self.choices and self.template.endswith("options.html") else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """Something to read."""

    template: str
    place: Place
    look: str
    blocks: tuple[tuple[str, tuple[str, ...]], ...]
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A section, or one entry of a repeated group."""

    template: str
    place: Place
    id: str
    label: str
    items: "tuple[View, ...]"
    is_shown: bool
    key: str = ""
    number: int = 0
    may_be_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatView:
    """A repeated group."""

    template: str
    place: Place
    id: str
    label: str
    key: str
    count: int
    fault: str
    items: tuple[GroupView, ...]
    is_shown: bool
    may_grow: bool


View = FieldView | NoteView | GroupView | RepeatView


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page of a form."""

    title: str
    number: int
    count: int
    items: tuple[View, ...]
    shown: str
    faults: tuple[tuple[str, str, str], ...] = field(default_factory=tuple)
    """Id of the control, label, sentence."""


def preview(form: Form, *, number: int = 1, answers: Answers, tables: Tables, language: str) -> PageView:
    """Return a page of a form as it looks with some answers, without faults; for trying a form out."""
    evaluated = evaluate(form, answers)
    drawer = Drawer(form=form, answers=answers, evaluated=evaluated, tables=tables, language=language)
    return drawer.page(number, with_faults=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """Draws the pages of a form with some answers."""

    form: Form
    answers: Answers
    evaluated: Evaluated
    tables: Tables
    language: str
    supplied: Mapping[str, Supplied] = field(default_factory=dict)
    silent: Mapping[str, Supplied] = field(default_factory=dict)
    files: Mapping[str, AttachedFile] = field(default_factory=dict)

    def with_faults(self, further: Mapping[Place, Refused]) -> "Drawer":
        """Return the drawer with what else is wrong, as files that were not taken."""
        faults = {**self.evaluated.faults, **further}
        return replace(self, evaluated=replace(self.evaluated, faults=faults))

    def page(self, number: int, *, with_faults: bool) -> PageView:
        """Return one page, counted from one."""
        page = self.form.pages[number - 1]
        items = self._views(page.parts, "", with_faults=with_faults)
        return PageView(
            title=page.title.read(self.language),
            number=number,
            count=len(self.form.pages),
            items=items,
            shown=" ".join(self.evaluated.visible),
            faults=tuple(_faults(items)),
        )

    def options(self, part: Field) -> tuple[Option, ...]:
        """Return what may be chosen in a field."""
        return self.tables.get(part.table, ()) if part.table else part.options

    def _views(self, parts: tuple[Part, ...], prefix: str, *, with_faults: bool) -> tuple[View, ...]:
        drawn = (part for part in parts if not (isinstance(part, Field) and part.is_for_rules))
        return tuple(self._view(part, prefix, with_faults=with_faults) for part in drawn)

    def _view(self, part: Part, prefix: str, *, with_faults: bool) -> View:
        place = prefix + (part.key if isinstance(part, Field | Repeat) else part.id)
        is_shown = place in self.evaluated.shown
        match part:
            case Note():
                blocks = tuple(blocks_of(part.text.read(self.language)))
                name = "casework/forms/looks/note.html"
                return NoteView(template=name, place=place, look=part.look, blocks=blocks, is_shown=is_shown)
            case Section():
                return GroupView(
                    template="casework/forms/looks/section.html",
                    place=place,
                    id=html_id(place),
                    label=part.label.read(self.language),
                    items=self._views(part.parts, prefix, with_faults=with_faults),
                    is_shown=is_shown,
                )
            case Repeat():
                return self._repeat(part, is_shown=is_shown, with_faults=with_faults)
            case Field():
                return self._field(part, place, is_shown=is_shown, with_faults=with_faults)

    def _repeat(self, part: Repeat, *, is_shown: bool, with_faults: bool) -> RepeatView:
        count = min(entries_of(part, self.answers), part.most)
        return RepeatView(
            template="casework/forms/looks/repeat.html",
            place=part.key,
            id=html_id(part.key),
            label=part.label.read(self.language),
            key=part.key,
            count=count,
            fault=self._fault(part.key) if with_faults else "",
            items=tuple(self._entry(part, number, count, with_faults=with_faults) for number in range(count)),
            is_shown=is_shown,
            may_grow=count < part.most,
        )

    def _entry(self, part: Repeat, number: int, count: int, *, with_faults: bool) -> GroupView:
        prefix = f"{part.key}.{number}."
        return GroupView(
            template="casework/forms/looks/entry.html",
            place=part.key,
            id=html_id(f"{part.key}.{number}"),
            label=part.label.read(self.language),
            items=self._views(part.parts, prefix, with_faults=with_faults),
            is_shown=True,
            key=part.key,
            number=number,
            may_be_removed=count > part.fewest,
        )

    def _field(self, part: Field, place: Place, *, is_shown: bool, with_faults: bool) -> FieldView:
        texts = self.answers.get(place, ())
        is_output = not part.is_typed or part.supplier in self.supplied
        return FieldView(
            template=f"casework/forms/looks/{'output' if is_output else TEMPLATES.get(part.look, 'line')}.html",
            place=place,
            id=html_id(place),
            label=part.label.read(self.language),
            hint=part.hint.read(self.language),
            fault=self._fault(place) if with_faults else "",
            text=self.said(part, place) if is_output else (texts[0] if texts else ""),
            choices=tuple(self._choices(part, place, texts)),
            is_several=part.kind == Kind.CHOICES or part.rules.is_several,
            is_required=part.rules.is_required,
            is_shown=is_shown,
            is_output=is_output,
            input_type=INPUT_TYPES.get(part.kind, "text"),
            input_mode=("numeric" if part.is_whole else "decimal") if part.kind == Kind.NUMBER else "",
            autocomplete=AUTOCOMPLETE.get(part.kind, ""),
            most_letters=part.rules.max_length if part.kind == Kind.TEXT else None,
            accept=",".join(endings_of(part.rules)) if part.kind == Kind.FILES else "",
            supplied=self.supplied.get(part.supplier),
            silence=silence_words(self.silent[part.supplier])
            if part.is_bound and part.supplier in self.silent
            else "",
            files=self.attached(part, texts),
        )

    def attached(self, part: Field, texts: tuple[str, ...]) -> tuple[tuple[str, AttachedFile], ...]:
        """Return the files that were attached to a field."""
        if part.kind != Kind.FILES:
            return ()
        return tuple((digest, self.files[digest]) for digest in texts if digest in self.files)

    def said(self, part: Field, place: Place) -> str:
        """Return a field's value in words; what was typed where it is not right."""
        value = self.evaluated.values.get(place, ", ".join(self.answers.get(place, ())))
        names = {option.value: option.label.read(self.language) for option in self.options(part)}
        if part.kind == Kind.FILES:
            return ", ".join(one.name for _, one in self.attached(part, self.answers.get(place, ())))
        if part.kind in {Kind.CHOICE, Kind.CHOICES}:
            values = value if isinstance(value, tuple) else (str(value),)
            joint = ", " if self.language == "en" else "、"
            return joint.join(names.get(one, one) for one in values if one)
        if part.kind == Kind.TICK:
            return gettext("Yes") if value is True else gettext("No")
        return str(value) if not isinstance(value, tuple) else ", ".join(value)

    def _choices(self, part: Field, place: Place, texts: tuple[str, ...]) -> Iterator[Choice]:
        for number, option in enumerate(self.options(part)):
            yield Choice(
                id=f"{html_id(place)}-{number}",
                value=option.value,
                label=option.label.read(self.language),
                is_chosen=option.value in texts,
            )
        if part.kind == Kind.TICK:
            yield Choice(id=html_id(place), value="on", label="", is_chosen=bool(texts and texts[0]))

    def _fault(self, place: Place) -> str:
        refusal = self.evaluated.faults.get(place)
        return sentence(refusal) if refusal is not None else ""


def html_id(place: Place) -> str:
    """Return the id of a control."""
    return "form-" + place.replace(".", "-")


def blocks_of(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the headings, lists and paragraphs of a text of form-js; nothing else of Markdown is drawn."""
    entries: list[str] = []
    for line in (*(one.strip() for one in text.splitlines()), ""):
        if line.startswith(("- ", "* ")):
            entries.append(line[2:].strip())
            continue
        if entries:
            yield "list", tuple(entries)
            entries = []
        if line.startswith("#"):
            yield "heading", (line.lstrip("#").strip(),)
        elif line:
            yield "paragraph", (line,)


def _faults(items: tuple[View, ...]) -> Iterator[tuple[str, str, str]]:
    for item in items:
        if isinstance(item, FieldView) and item.fault:
            yield item.first_id, item.label, item.fault
        elif isinstance(item, RepeatView | GroupView):
            if isinstance(item, RepeatView) and item.fault:
                yield item.id, item.label, item.fault
            yield from _faults(item.items)
