"""Reading a `.form.json` file of form-js: what we know becomes a `Form`, the rest is named.

What form-js lacks stands in `properties` of a component, all of it texts, so that its editor keeps it:

``page`` a page of this title begins here · ``label_en`` ``hint_en`` ``text_en`` ``page_en`` ``option_en.VALUE`` ·
``kind`` citizen_id, credit_code, phone, region, address · ``code_table`` · ``calculate`` an expression ·
``element`` the data element asked for · ``from: source`` its authoritative source fills it · ``reason`` why a person
is asked nevertheless · ``certificate`` TYPE.FIELD, a certificate of the applicant's that says it; who has none types ·
``from: certificate`` nobody types it · ``certificate_of`` the question that names its holder, where that is a child.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from zhengshu.contexts.casework.domain.expressions import OutsideTheLanguage
from zhengshu.contexts.casework.domain.faults import FORM, Fault
from zhengshu.contexts.casework.domain.forms.feel import translated
from zhengshu.contexts.casework.domain.forms.json_parts import Json, flag, group, items, number, text
from zhengshu.contexts.casework.domain.forms.schema import (
    MOST_ENTRIES,
    Field,
    Form,
    Kind,
    Note,
    Option,
    Page,
    Part,
    Repeat,
    Rules,
    Section,
    Words,
)

NEWEST_SCHEMA = 19
"""The newest `schemaVersion` of form-js that was read; later ones may mean something else."""

LOOKS: Mapping[str, Kind] = {
    "textfield": Kind.TEXT,
    "textarea": Kind.TEXT,
    "number": Kind.NUMBER,
    "checkbox": Kind.TICK,
    "radio": Kind.CHOICE,
    "select": Kind.CHOICE,
    "checklist": Kind.CHOICES,
    "taglist": Kind.CHOICES,
    "datetime": Kind.DAY,
    "filepicker": Kind.FILES,
    "expression": Kind.TEXT,
}
"""Component of form-js → what its answer is, where nothing says otherwise."""

NOTES = frozenset({"text", "separator", "spacer"})
IGNORED = frozenset({"button"})
"""Components for which our pages have their own."""

TYPED_KINDS = frozenset(
    {Kind.CITIZEN_ID, Kind.CREDIT_CODE, Kind.PHONE, Kind.REGION, Kind.ADDRESS, Kind.EMAIL}
)
SUBTYPES = {"date": Kind.DAY, "time": Kind.TIME, "datetime": Kind.MOMENT}
PROPERTIES = frozenset(
    {"page", "page_en", "label_en", "hint_en", "text_en", "kind", "code_table", "calculate", "element"}
    | {"from", "reason", "certificate", "certificate_of"}
)
BOUND = frozenset({"source", "certificate"})
"""What may fill a field that nobody types."""
OPTION_EN = "option_en."
_RISKY_PATTERN = re.compile(r"\(\?|\)[*+{?]|\\[^dw.\-+*?()\[\]{}|/^$\\]|[*+}][*+{]")
MOST_PATTERN = 200


@lru_cache(maxsize=256)
def read_form(source: str, *, code: str) -> tuple[Form, tuple[Fault, ...]]:
    """Return the form in a file's text, and what in it is not understood; the form lacks those parts."""
    reader = _Reader(file=f"{code}{FORM}", faults=[])
    try:
        tree: Json = json.loads(source)
    except (ValueError, RecursionError) as fault:
        reader.fault("", "unreadable", what=str(fault))
        return Form(code=code), tuple(reader.faults)
    root = group(tree)
    if text(root, "type") != "default":
        reader.fault("", "form-root-unfit", what=text(root, "type") or "-")
    if (number(root, "schemaVersion") or NEWEST_SCHEMA) > NEWEST_SCHEMA:
        reader.fault("", "form-too-new", known=NEWEST_SCHEMA, what=number(root, "schemaVersion"))
    pages = reader.pages(items(root, "components"))
    return Form(code=code, pages=pages), tuple(reader.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads components and collects what it does not understand."""

    file: str
    faults: list[Fault]

    def fault(self, element: str, code: str, **details: object) -> None:
        self.faults.append(Fault(file=self.file, element=element, code=code, details=details))

    def pages(self, components: tuple[Json, ...]) -> tuple[Page, ...]:
        pages: list[Page] = []
        for one in components:
            extra = group(group(one).get("properties"))
            parts = tuple(self.part(group(one), is_inside=False))
            if not pages or text(extra, "page"):
                title = Words(zh=text(extra, "page"), en=text(extra, "page_en"))
                pages.append(Page(title=title, parts=parts))
            else:
                pages[-1] = replace(pages[-1], parts=pages[-1].parts + parts)
        return tuple(page for page in pages if page.parts)

    def part(self, one: Mapping[str, Json], *, is_inside: bool) -> Iterator[Part]:
        look, name = text(one, "type"), text(one, "id") or text(one, "key")
        if look in IGNORED:
            return
        if look in NOTES:
            yield self.note(one, look, name)
        elif look == "group":
            if text(one, "path"):
                self.fault(name, "form-path-unsupported", path=text(one, "path"))
            yield Section(
                id=name,
                label=self.words(one, "label", "label_en", name),
                parts=self.inner(one, is_inside=is_inside),
                hide=self.condition(one, name),
            )
        elif look == "dynamiclist":
            if is_inside:
                self.fault(name, "form-list-in-list")
            yield self.repeat(one, name)
        elif look in LOOKS:
            yield self.field(one, look, name)
        else:
            known = ", ".join(sorted({*LOOKS, *NOTES, "group", "dynamiclist"}))
            self.fault(name, "form-component-unsupported", component=look or "-", known=known)

    def inner(self, one: Mapping[str, Json], *, is_inside: bool) -> tuple[Part, ...]:
        return tuple(
            part
            for component in items(one, "components")
            for part in self.part(group(component), is_inside=is_inside)
        )

    def note(self, one: Mapping[str, Json], look: str, name: str) -> Note:
        words = self.words(one, "text", "text_en", name) if look == "text" else Words()
        return Note(id=name, look=look, text=words, hide=self.condition(one, name))

    def repeat(self, one: Mapping[str, Json], name: str) -> Repeat:
        fewest = max(0, number(one, "defaultRepetitions") or 0)
        is_open = flag(one, "allowAddRemove", default=True)
        return Repeat(
            id=name,
            key=text(one, "path"),
            label=self.words(one, "label", "label_en", name),
            parts=self.inner(one, is_inside=True),
            hide=self.condition(one, name),
            fewest=min(fewest, MOST_ENTRIES),
            most=MOST_ENTRIES if is_open else min(fewest, MOST_ENTRIES),
        )

    def field(self, one: Mapping[str, Json], look: str, name: str) -> Field:
        extra = group(one.get("properties"))
        self._check_properties(extra, name)
        for dynamic in ("valuesExpression", "valuesKey"):
            if text(one, dynamic):
                self.fault(name, "form-values-unsupported", what=dynamic)
        kind = self._kind(one, extra, look, name)
        return Field(
            id=name,
            key=text(one, "key"),
            look=look,
            kind=kind,
            label=self.words(one, "label", "label_en", name),
            hint=self.words(one, "description", "hint_en", name),
            rules=self._rules(one, kind, name),
            options=tuple(self._options(one, extra)),
            table=text(extra, "code_table"),
            hide=self.condition(one, name),
            calculate=self._calculation(one, extra, name),
            element=text(extra, "element"),
            is_bound=text(extra, "from") in BOUND,
            certificate=text(extra, "certificate"),
            holder_key=text(extra, "certificate_of"),
            reason=text(extra, "reason"),
            default=_default(one),
            is_fixed=flag(one, "readonly") or flag(one, "disabled"),
        )

    def words(self, one: Mapping[str, Json], key: str, key_en: str, name: str) -> Words:
        words = Words(zh=text(one, key), en=text(group(one.get("properties")), key_en))
        for part in (words.zh, words.en):
            if part.startswith("=") or "{{" in part:
                self.fault(name, "form-template-unsupported", what=key)
        return words

    def condition(self, one: Mapping[str, Json], name: str) -> str:
        return self._expression(text(group(one.get("conditional")), "hide"), name)

    def _expression(self, source: str, name: str) -> str:
        if not source.strip():
            return ""
        try:
            return translated(source)
        except OutsideTheLanguage as refusal:
            self.fault(name, "expression-unfit", what=refusal.text())
            return ""

    def _calculation(self, one: Mapping[str, Json], extra: Mapping[str, Json], name: str) -> str:
        return self._expression(text(extra, "calculate") or text(one, "expression"), name)

    def _check_properties(self, extra: Mapping[str, Json], name: str) -> None:
        for key in sorted(extra):
            if key not in PROPERTIES and not key.startswith(OPTION_EN):
                self.fault(name, "form-property-unknown", name=key, known=", ".join(sorted(PROPERTIES)))
        if text(extra, "from") not in {"", "certificate" if text(extra, "certificate") else "source"}:
            self.fault(name, "form-from-unfit")

    def _kind(self, one: Mapping[str, Json], extra: Mapping[str, Json], look: str, name: str) -> Kind:
        named = text(extra, "kind")
        if look == "datetime":
            return SUBTYPES.get(text(one, "subtype"), Kind.DAY)
        if look == "expression" and named == "number":
            return Kind.NUMBER
        if not named:
            hint = text(group(one.get("validate")), "validationType")
            return {"email": Kind.EMAIL, "phone": Kind.PHONE}.get(hint, LOOKS[look])
        if named == "date" and look == "textfield":
            return Kind.DAY
        if named not in TYPED_KINDS or look not in {"textfield", "textarea"}:
            known = ", ".join(["date", *sorted(TYPED_KINDS)])
            self.fault(name, "form-kind-unfit", kind=named, component=look, known=known)
            return LOOKS[look]
        return Kind(named)

    def _rules(self, one: Mapping[str, Json], kind: Kind, name: str) -> Rules:
        rules = group(one.get("validate"))
        pattern = text(rules, "pattern")
        if pattern and not _is_tame(pattern):
            self.fault(name, "form-pattern-unfit", pattern=pattern[:60])
            pattern = ""
        accept = text(one, "accept").split(",")
        return Rules(
            is_required=flag(rules, "required"),
            min_length=number(rules, "minLength"),
            max_length=number(rules, "maxLength"),
            least=_decimal(rules.get("min")),
            most=_decimal(rules.get("max")),
            decimals=min(max(0, number(one, "decimalDigits") or 0), 6),
            pattern=pattern,
            endings=tuple(ending.strip().lower() for ending in accept if ending.strip()),
            is_several=flag(one, "multiple") and kind == Kind.FILES,
        )

    def _options(self, one: Mapping[str, Json], extra: Mapping[str, Json]) -> Iterator[Option]:
        for entry in items(one, "values"):
            value = text(group(entry), "value")
            words = Words(zh=text(group(entry), "label") or value, en=text(extra, OPTION_EN + value))
            yield Option(value=value, label=words)


def _default(one: Mapping[str, Json]) -> tuple[str, ...]:
    match one.get("defaultValue"):
        case None | "":
            return ()
        case bool(value):
            return ("on",) if value else ()
        case list(values):
            return tuple(str(value) for value in values)
        case value:
            return (str(value),)


def _decimal(value: Json) -> str | None:
    """Return a bound as text; form-js writes numbers and texts."""
    found = str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    return found if re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", found) else None


def _is_tame(pattern: str) -> bool:
    """Whether a pattern means the same here and in browsers, and cannot take long."""
    if len(pattern) > MOST_PATTERN or _RISKY_PATTERN.search(pattern):
        return False
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, RecursionError):
        return False
    return True
