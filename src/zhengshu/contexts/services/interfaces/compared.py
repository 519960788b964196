"""Two versions of an item side by side, in the reader's words: what only one of them says is marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.queries import themes
from zhengshu.contexts.services.domain.differences import differences
from zhengshu.contexts.services.domain.items import ItemDraft, MaterialDraft, Outcome
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.interfaces.labels import element_label, in_language, label, limit_text

_OF_MATERIAL: Final[Mapping[str, Promise]] = {
    "certificate_type": _("Type of the e-certificate"),
    "resource": _("Data resource"),
    "elements": _("Data elements that it tells"),
    "promise": _("What is promised"),
    "issuer": pgettext_lazy("element", "Issued by"),
    "issued_within": pgettext_lazy("element", "How old it may be"),
    "how_to_fill": pgettext_lazy("element", "How to prepare it"),
    "issuer_place": pgettext_lazy("element", "Where it is made out"),
    "used_for": pgettext_lazy("element", "What it is used for"),
    "originals": pgettext_lazy("element", "Originals"),
    "copies": pgettext_lazy("element", "Copies"),
    "sample": _("Sample of the material"),
}
"""Parts of a material that are shown with what they are called, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry of one version; `is_alone` where the other version does not say it."""

    text: str
    is_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPart:
    """A part of the declaration that two versions declare differently."""

    part: str
    label: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]


def compared(before: ItemDraft, after: ItemDraft) -> tuple[ComparedPart, ...]:
    """Return what differs, in the order of the declaration."""
    names = _Names()
    parts = []
    for part in differences(before, after):
        old, new = tuple(names.lines(before, part)), tuple(names.lines(after, part))
        parts.append(
            ComparedPart(
                part=part,
                label=element_label(part),
                before=tuple(Line(text=one, is_alone=one not in new) for one in old),
                after=tuple(Line(text=one, is_alone=one not in old) for one in new),
            )
        )
    return tuple(parts)


class _Names:
    """What codes mean; each table is read once, and only where a code of it is shown."""

    def __init__(self) -> None:
        self._read: dict[str, Mapping[str, str]] = {}

    def lines(self, draft: ItemDraft, part: str) -> Iterator[str]:
        """Yield the entries of a part."""
        value = getattr(draft, part)
        match value:
            case None | "":
                return
            case tuple():
                yield from (self._entry(part, one) for one in value)
            case _:
                yield self._entry(part, value)

    def _entry(self, part: str, value: object) -> str:
        match value:
            case bool():
                text = gettext("yes") if value else gettext("no")
            case Enum():
                text = label(value)
            case ItemLimit():
                text = _joined(limit_text(value), value.basis, value.note)
            case MaterialDraft():
                text = self._material(value)
            case Outcome():
                kind = self._named("certificates", value.certificate_type)
                renews = gettext("renews the certificate that the form names under %(field)s") % {
                    "field": value.renews
                }
                text = _joined(value.name, kind, renews if value.renews else "", value.sample)
            case msgspec.Struct():
                text = _joined(*(str(getattr(value, name)) for name in value.__struct_fields__))
            case int():
                text = ngettext("%(number)s visit", "%(number)s visits", value) % {"number": value}
            case _:
                text = self._named("themes", str(value)) if part == "themes" else str(value)
        return text

    def _material(self, one: MaterialDraft) -> str:
        parts = [
            f"{words}{gettext(': ')}{self._of_material(name, value)}"
            for name, words in _OF_MATERIAL.items()
            if (value := getattr(one, name))
        ]
        optional = "" if one.is_required else gettext("where it applies")
        return _joined(one.name, label(one.source), optional, *parts)

    def _of_material(self, name: str, value: object) -> str:
        if isinstance(value, tuple):
            return "、".join(self._named("elements", code) for code in value)
        return self._named("certificates", str(value)) if name == "certificate_type" else str(value)

    def _named(self, table: str, code: str) -> str:
        if not code:
            return ""
        if table not in self._read:
            self._read[table] = _TABLES[table]()
        return self._read[table].get(code, code)


def _themes() -> Mapping[str, str]:
    return {one.code: in_language(one.name, one.name_en) for one in themes()}


def _elements() -> Mapping[str, str]:
    return {one.code: one.name for one in catalog.elements()}


def _certificates() -> Mapping[str, str]:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return {code: one.names.of(language) for code, one in certificates.types().items()}


_TABLES: Final = {"themes": _themes, "elements": _elements, "certificates": _certificates}


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
