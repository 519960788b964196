"""Differences between two versions of a case type, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.casework.application.naming import LoadedType, ready_files
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import LANGUAGES
from zhengshu.contexts.casework.domain.differences import Change, Difference, changed_elements, differences
from zhengshu.contexts.casework.domain.faults import DECISION, DEFINITION, FLOW, FORM
from zhengshu.contexts.casework.interfaces.picture import Mark, Picture, drawn

WORDS: Mapping[str, str | Promise] = {
    "assurance": _("Proof of identity"),
    "basis": _("Legal basis"),
    "clocks": _("Time limit"),
    "covers": _("Tasks under it"),
    "data": _("Data"),
    "default": _("Default"),
    "ends": _("End"),
    "extension": _("Extension"),
    "hint": _("Hint"),
    "lanes": _("Lane"),
    "lights": _("Traffic light"),
    "limits": _("Limit"),
    "name": _("Name"),
    "needs_basis": _("Needs a legal basis"),
    "needs_reason": _("Needs a reason"),
    "not_after": _("Four eyes: not whoever did"),
    "not_own_matter": _("Avoidance: not whoever opened the case"),
    "number": _("Numbering"),
    "once": _("Only once"),
    "opened_by": _("Opened by"),
    "outcomes": _("Outcome"),
    "parties": _("Party"),
    "party": _("Party"),
    "pauses": _("Pause"),
    "prefix": _("Prefix"),
    "roles": _("Roles"),
    "starts_with": _("Starts with"),
    "stops_with": _("Stops with"),
    "summary": _("Summary"),
    "tasks": _("Task"),
    "tone": _("Weight"),
    "unit": _("Unit"),
    "value": _("Value"),
    "when": _("Condition"),
    "withdrawal": _("Withdrawal"),
    "without_form": _("Without the form"),
    "yellow": _("Yellow from"),
}

CHANGES: Mapping[Change, str | Promise] = {
    Change.ADDED: _("new"),
    Change.REMOVED: _("gone"),
    Change.CHANGED: _("changed"),
}

MARKS: Mapping[Change, Mark] = {
    Change.ADDED: Mark.ADDED,
    Change.REMOVED: Mark.REMOVED,
    Change.CHANGED: Mark.CHANGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One difference in words."""

    mark: str
    change: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The differences of one file."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs between two versions: groups of sentences and pictures with marks."""

    groups: tuple[Group, ...]
    before: Picture | None
    after: Picture | None
    has_removed: bool


def compare(*, before: TypeFiles, after: TypeFiles) -> Comparison:
    """Return what differs between two versions."""
    found = differences(before=before, after=after)
    old, new = readable(before), readable(after)
    files = list(dict.fromkeys(one.file for one in found))
    groups = tuple(
        Group(
            title=_title(file),
            lines=tuple(_line(one, old=old, new=new) for one in found if one.file == file),
        )
        for file in files
    )
    if old is None or new is None:
        return Comparison(groups=groups, before=None, after=None, has_removed=False)
    marks = changed_elements(before=old.flow, after=new.flow)
    marks = {**_rules(found, known={*new.flow.nodes, *(lane.id for lane in new.flow.lanes)}), **marks}
    removed = {name: Mark.REMOVED for name, change in marks.items() if change == Change.REMOVED}
    return Comparison(
        groups=groups,
        before=drawn(old, marks=removed) if removed else None,
        after=drawn(new, marks={name: MARKS[change] for name, change in marks.items()}),
        has_removed=bool(removed),
    )


def _rules(found: Sequence[Difference], *, known: set[str]) -> dict[str, Change]:
    """Mark the elements whose rules or names differ as changed, though their drawing is the same."""
    groups = {"tasks", "lanes", "ends"}
    named = {one.place[1] for one in found if len(one.place) > 1 and one.place[0] in groups}
    return dict.fromkeys(named & known, Change.CHANGED)


def readable(files: TypeFiles) -> LoadedType | None:
    """Return files ready to be drawn, or None where they cannot be read (yet)."""
    try:
        return ready_files(files)
    except (ValueError, KeyError):
        return None


def _title(file: str) -> str:
    if file == FLOW:
        return gettext("Flow")
    if file == DEFINITION:
        return gettext("Rules")
    if file == f"texts/{LANGUAGES[0]}.yaml":
        return gettext("Names in Chinese")
    if file == f"texts/{LANGUAGES[1]}.yaml":
        return gettext("Names in English")
    if file.endswith(FORM):
        return gettext("Form %(code)s") % {"code": file.removesuffix(FORM)}
    return gettext("Decision table %(code)s") % {"code": file.removesuffix(DECISION)}


def _line(one: Difference, *, old: LoadedType | None, new: LoadedType | None) -> Line:
    kind = old if one.change == Change.REMOVED else new
    return Line(
        mark=one.change.value,
        change=str(CHANGES[one.change]),
        what=_element(one.place[0], kind) if one.element else _path(one.place, kind),
        before=one.before,
        after=one.after,
    )


def _element(code: str, kind: LoadedType | None) -> str:
    if kind is None:
        return code
    keys = (f"tasks.{code}.name", f"lanes.{code}", f"ends.{code}")
    name = next((kind.text(key) for key in keys if kind.text(key) != key), "")
    arrow = next((one for one in kind.flow.arrows if one.id == code), None)
    if arrow is not None:
        ends = {"source": _element(arrow.source, kind), "target": _element(arrow.target, kind)}
        return gettext("Arrow from %(source)s to %(target)s") % ends
    node = kind.flow.nodes.get(code)
    return name or (node.name if node else "") or code


def _path(place: tuple[str, ...], kind: LoadedType | None) -> str:
    return " › ".join(_part(place, number, kind) for number in range(len(place))) or "—"


def _part(place: tuple[str, ...], number: int, kind: LoadedType | None) -> str:
    part = place[number]
    group = place[number - 1] if number else ""
    if kind is not None and group in {"tasks", "lanes", "ends", "clocks", "parties", "outcomes"}:
        keys = (".".join(place[: number + 1]), f"{'.'.join(place[: number + 1])}.name")
        name = next((kind.text(key) for key in keys if kind.text(key) != key), "")
        return name or part
    return str(WORDS.get(part, part)) if not group.isdigit() or part in WORDS else part
