"""The form in which an officer writes a version of an item, with its rows: shown, reshaped, read, marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import msgspec
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.application.records import ThemeRecord
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.limits import LimitUnit
from zhengshu.contexts.services.domain.vocabulary import CaseKind, ItemKind, ItemLevel, MaterialSource
from zhengshu.contexts.services.interfaces.item_fields import GROUPS, MOST_ROWS, RowForm, VersionForm
from zhengshu.contexts.services.interfaces.labels import fault_text

_LISTS: Final = ("words", "basis", "conditions")
"""Parts that are written one a line."""
_LIMITS: Final = ("statutory", "promised")
_FIELD_OF: Final[Mapping[str, str]] = {
    "statutory": "statutory_value",
    "promised": "promised_value",
    "handling_body": "handling_code",
}
"""Part of the declaration → the field at which its fault is shown, where it has another name."""
_NOT_DECLARED: Final = frozenset({"effective_from", "cause", "expected_revision"})

BLANK: Final = ItemDraft(
    name="", kind=ItemKind.PUBLIC_SERVICE, level=ItemLevel.CITY, audiences=(), case_kind=CaseKind.PROMISED
)
"""What the form of a new item begins with."""

SECTIONS: Final[tuple[tuple[str, Promise, tuple[str, ...]], ...]] = (
    ("about", _("What it is"), ("name", "summary", "words", "case_kind", "audiences", "themes", "name_en",
        "summary_en")),
    ("power", _("Codes, basis and organs"), ("code", "basic_code", "implementation_code", "kind", "basis", "level",
        "division", "exercised", "jurisdiction", "jurisdiction_code", "body_nature", "handling_name", "handling_code",
        "intermediary", "quantity_limit", "joint_bodies")),
    ("limits", _("Limits and fees"), ("statutory_value", "statutory_unit", "statutory_basis", "statutory_note",
        "promised_value", "promised_unit", "promised_note", "special_procedures", "special_note", "is_charged", "fee",
        "fee_basis", "is_payable_online")),
    ("materials", _("What you need"), ("materials",)),
    ("procedure", _("Conditions and procedure"), ("conditions", "steps")),
    ("results", _("What you get"), ("outcomes", "publication_basis")),
    ("where", _("Where and how"), ("channels", "range", "visits", "is_bookable", "is_delivered", "online_address",
        "system_name", "system_level", "places", "hours", "consulting", "phone", "complaint_phone")),
    ("asked", _("Common questions"), ("questions",)),
    ("force", _("From when, and why"), ("effective_from", "cause")),
)  # fmt: skip
"""Sections of the form: anchor, title, fields and groups of rows."""

_ROW_LABELS: Final[Mapping[str, Promise]] = {
    "joint_bodies": _("Joint organ"),
    "steps": _("Step"),
    "outcomes": _("Result"),
    "materials": _("Material"),
    "places": _("Place"),
    "questions": _("Question"),
}
_ACT: Final = re.compile(
    r"^(?P<act>add|remove|up|take):(?P<group>[a-z_]+)(?::(?P<row>\d{1,3}))?(?::(?P<code>[\w.-]{1,80}))?$"
)
"""What a button asks for: what to do, with which rows, with which of them, and the data element that it is taken by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows of one part."""

    name: str
    label: str
    rows: tuple[RowForm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A line of the summary of what is wrong, and where it leads."""

    text: str
    anchor: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the form, drawn in its order: fields and groups of rows."""

    anchor: str
    title: str
    parts: tuple[BoundField | Group, ...]
    mistakes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """For what a form is made: the themes that there are, and whether the item is a new one."""

    themes: Sequence[ThemeRecord]
    is_new: bool = False

    def form(self, data: QueryDict | None = None, *, initial: dict[str, object] | None = None) -> VersionForm:
        """Return the form of what there is one value of."""
        return VersionForm(data, initial=initial, themes=self.themes, is_new=self.is_new)


class VersionForms:
    """The form of a version together with its rows."""

    def __init__(self, form: VersionForm, groups: Mapping[str, Sequence[RowForm]]) -> None:
        self.form = form
        self.groups = {name: tuple(rows) for name, rows in groups.items()}

    @classmethod
    def showing(
        cls, facts: ItemDraft, *, first_day: date, about: Writing, revision: int = 0, cause: str = ""
    ) -> Self:
        """Return what is shown of a version before anything is written."""
        written = {"effective_from": first_day, "cause": cause, "expected_revision": revision}
        rows = {name: rows_of(facts, name) or [{}] for name in GROUPS}
        return cls._unbound(initial_of(facts) | written, rows, about)

    @classmethod
    def written(cls, data: QueryDict, *, about: Writing) -> Self:
        """Return what was written, to be checked."""
        groups = {
            name: [kind(data, prefix=f"{name}-{row}") for row in range(_count(data, name))]
            for name, kind in GROUPS.items()
        }
        return cls(about.form(data), groups)

    @classmethod
    def reshaped(cls, data: QueryDict, act: str, *, about: Writing) -> Self:
        """Return what was written, unchecked, with a row added, removed, moved or taken from its register."""
        rows = {
            name: [_typed(kind, data, f"{name}-{row}") for row in range(_count(data, name))]
            for name, kind in GROUPS.items()
        }
        if (asked := _ACT.match(act)) and asked["group"] in rows:
            _reshape(rows[asked["group"]], asked["act"], int(asked["row"] or 0), asked["code"] or "")
        return cls._unbound(_typed(VersionForm, data, ""), rows, about)

    @classmethod
    def _unbound(
        cls,
        initial: Mapping[str, object],
        rows: Mapping[str, Sequence[Mapping[str, object]]],
        about: Writing,
    ) -> Self:
        groups = {
            name: [
                kind(initial=dict(row), prefix=f"{name}-{number}") for number, row in enumerate(rows[name])
            ]
            for name, kind in GROUPS.items()
        }
        return cls(about.form(initial=dict(initial)), groups)

    def is_valid(self) -> bool:
        """Whether all that was written can be read."""
        return all([self.form.is_valid(), *(row.is_valid() for row in self._rows())])

    def declared(self, before: ItemDraft) -> ItemDraft:
        """Return the declaration; what the form does not ask for stays as it was."""
        data = dict(self.form.cleaned_data)
        found: dict[str, object] = {
            name: data[name]
            for name in self.form.fields
            if name in ItemDraft.__struct_fields__ and name not in _NOT_DECLARED
        }
        found |= {name: [line.strip() for line in data[name].splitlines() if line.strip()] for name in _LISTS}
        found |= {name: data[name] or None for name in ("range", "system_level")}
        found |= {name: _limit(data, name, msgspec.to_builtins(getattr(before, name))) for name in _LIMITS}
        found["handling_body"] = (
            {"name": data["handling_name"], "code": data["handling_code"]} if data["handling_name"] else None
        )
        found |= {name: [_row(name, row.cleaned_data) for row in self._kept(name)] for name in GROUPS}
        return msgspec.convert({**msgspec.to_builtins(before), **found}, ItemDraft)

    def put(self, faults: Sequence[Fault]) -> None:
        """Show each fault at its field, in the reader's language; of what is held also where it is described."""
        for fault in faults:
            part, _dot, place = fault.field.partition(".")
            field = _FIELD_OF.get(part, part)
            kept = self._kept(part) if part in GROUPS else []
            if place.isdecimal() and int(place) < len(kept):
                row = kept[int(place)]
                row.add_error(row.named_by, fault_text(fault))
                if "code" in fault.data and "element_code" in fault.data:
                    row.source_url = reverse("catalog:resource-detail", args=[fault.data["code"]])
                    row.element = str(fault.data["element_code"])
            else:
                self.form.add_error(field if field in self.form.fields else None, fault_text(fault))

    def sections(self) -> tuple[Section, ...]:
        """Return the sections as a page draws them."""
        return tuple(
            Section(
                anchor=anchor,
                title=str(title),
                parts=tuple(self._part(name) for name in self._asked(names)),
                mistakes=sum(self._mistakes_of(name) for name in self._asked(names)),
            )
            for anchor, title, names in SECTIONS
        )

    def mistakes(self) -> tuple[Mistake, ...]:
        """Return all that is wrong, in the order of the page."""
        if not self.form.is_bound:
            return ()
        general = [Mistake(text=str(text), anchor="") for text in self.form.non_field_errors()]
        return (
            *general,
            *(
                one
                for _anchor, _title, names in SECTIONS
                for name in self._asked(names)
                for one in self._wrong(name)
            ),
        )

    def _asked(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name in GROUPS or name in self.form.fields]

    def _wrong(self, name: str) -> Iterator[Mistake]:
        if name not in GROUPS:
            yield from _lines(self.form[name], "")
            return
        for number, row in enumerate(self.groups[name], start=1):
            for field in row:
                yield from _lines(field, f"{_ROW_LABELS[name]} {number} · ", row.source_url)

    def _mistakes_of(self, name: str) -> int:
        return sum(1 for _one in self._wrong(name)) if self.form.is_bound else 0

    def _part(self, name: str) -> BoundField | Group:
        if name in GROUPS:
            return Group(name=name, label=str(_ROW_LABELS[name]), rows=self.groups[name])
        return self.form[name]

    def _rows(self) -> Iterator[RowForm]:
        for rows in self.groups.values():
            yield from rows

    def _kept(self, name: str) -> list[RowForm]:
        return [row for row in self.groups[name] if row.counts]


def initial_of(facts: ItemDraft) -> dict[str, object]:
    """Return what the form shows of a declaration."""
    plain = msgspec.to_builtins(facts)
    found = {name: plain[name] for name in VersionForm.base_fields if name in plain}
    found |= {name: "\n".join(plain[name]) for name in _LISTS}
    for name in _LIMITS:
        for part, value in (plain[name] or {}).items():
            found[f"{name}_{part}"] = value
    handling = plain["handling_body"] or {"name": "", "code": ""}
    return found | {"handling_name": handling["name"], "handling_code": handling["code"]}


def rows_of(facts: ItemDraft, name: str) -> list[dict[str, object]]:
    """Return what the rows of a part show."""
    rows: list[dict[str, object]] = msgspec.to_builtins(getattr(facts, name))
    if name != "materials":
        return rows
    return [
        {**row, "elements": ", ".join(one.elements)} for row, one in zip(rows, facts.materials, strict=True)
    ]


def _lines(field: BoundField, before: str, url: str = "") -> Iterator[Mistake]:
    for text in field.errors:
        yield Mistake(
            text=f"{before}{field.label}: {text}", anchor=field.id_for_label or field.auto_id, url=url
        )


def _limit(data: Mapping[str, object], name: str, before: object) -> object:
    value, unit = data[f"{name}_value"], data[f"{name}_unit"]
    if not unit:
        return None
    kept = before if isinstance(before, dict) else {}
    more = {part: data[f"{name}_{part}"] for part in ("basis", "note") if f"{name}_{part}" in data}
    return {**kept, **more, "value": 0 if unit == LimitUnit.AT_ONCE.value else value, "unit": unit}


def _row(group: str, data: Mapping[str, object]) -> dict[str, object]:
    if group != "materials":
        return dict(data)
    codes = re.split(r"[,，、\s]+", str(data["elements"]))
    return {
        **data,
        "elements": [code for code in codes if code],
        "source": data["source"] or MaterialSource.APPLICANT.value,
        "originals": data["originals"] or 0,
        "copies": data["copies"] or 0,
    }


def _count(data: QueryDict, group: str) -> int:
    """Return how many rows of a group were sent, by the highest number among them."""
    text = data.get(f"{group}-count", "0")
    return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 - digits


def _typed(kind: type[VersionForm | RowForm], data: QueryDict, prefix: str) -> dict[str, object]:
    return {
        name: field.widget.value_from_datadict(data, {}, f"{prefix}-{name}" if prefix else name)
        for name, field in kind.base_fields.items()
    }


def _reshape(rows: list[dict[str, object]], act: str, row: int, code: str) -> None:
    match act:
        case "add" if len(rows) < MOST_ROWS:
            rows.append({})
        case "remove" if row < len(rows):
            del rows[row]
        case "up" if 0 < row < len(rows):
            rows[row - 1], rows[row] = rows[row], rows[row - 1]
        case "take" if row < len(rows):
            rows[row] |= {"source": MaterialSource.REGISTER.value, "elements": code}
