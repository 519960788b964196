"""Checks that a case type uses its forms, and that forms and case data fit each other."""

import re
from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.domain.definitions import Datum, Definition
from zhengshu.contexts.casework.domain.faults import DEFINITION, FORM, Fault
from zhengshu.contexts.casework.domain.forms.checking import check_form
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.schema import Field, Form, Kind, Part, Section
from zhengshu.kernel.credit_code import CreditCode

OWN, AUTHORITY = "own", "authority"
ITEM = "item"
DEPARTMENT, FIELD, JOINT = "department:", "field:", "joint:"
"""Ways in which `opening_parties` names the department that takes a part."""


def check_forms(
    definition: Definition, *, forms: Mapping[str, str], flow: str, reads: frozenset[str]
) -> Iterator[Fault]:
    """Yield the faults of a case type's forms and of their use.

    Args:
        definition: its `type.yaml`.
        forms: code → text of a `.form.json`.
        flow: the text of `flow.bpmn`.
        reads: the names that decisions read.
    """
    for code, source in forms.items():
        yield from check_form(source, code=code)
    used = forms_used(definition)
    for element, code in used.items():
        if code not in forms:
            known = ", ".join(sorted(forms)) or "-"
            yield _fault(element, "form-unknown", name=code, known=known)
    for code in sorted(forms.keys() - set(used.values())):
        yield Fault(file=f"{code}{FORM}", element="", code="form-not-used")
    read = {code: read_form(source, code=code)[0] for code, source in forms.items()}
    yield from _check_parties(definition, read.get(definition.opening_form))
    yield from _check_data(definition, read)
    yield from _check_readers(definition, read, " ".join([flow, *reads]))


def forms_used(definition: Definition) -> dict[str, str]:
    """Return where in the `type.yaml` which form is used."""
    tasks = {f"tasks.{code}.form": task.form for code, task in definition.tasks.items() if task.form}
    opening = {"opening_form": definition.opening_form} if definition.opening_form else {}
    return {**opening, **tasks}


def sure_fields(parts: tuple[Part, ...]) -> dict[str, tuple[Field, bool]]:
    """Return the fields outside of repeated groups by key, and whether each surely has an answer."""
    found: dict[str, tuple[Field, bool]] = {}
    for part in parts:
        if isinstance(part, Field):
            is_sure = not part.hide and (
                part.rules.is_required or part.kind == Kind.TICK or bool(part.default)
            )
            found[part.key] = (part, is_sure)
        elif isinstance(part, Section):
            inner = sure_fields(part.parts)
            found |= {key: (one, is_sure and not part.hide) for key, (one, is_sure) in inner.items()}
    return found


def _check_parties(definition: Definition, form: Form | None) -> Iterator[Fault]:
    if not definition.opening_form:
        return
    openers = {definition.lanes[lane].party for lane in definition.opened_by if lane in definition.lanes}
    own = openers if len(openers) == 1 else set[str]()
    for party in definition.parties:
        if party not in {*definition.named_later, *own, *definition.opening_parties}:
            yield _fault("opening_parties", "form-party-missing", party=party)
    fields = sure_fields(form.parts) if form is not None else {}
    for party, value in definition.opening_parties.items():
        if party not in definition.parties:
            known = ", ".join(definition.parties)
            yield _fault(
                f"opening_parties.{party}", "unknown-reference", kind="party", name=party, known=known
            )
        if not _is_way(value, fields):
            yield _fault(f"opening_parties.{party}", "form-party-unfit", value=value)


def _is_way(value: str, fields: Mapping[str, tuple[Field, bool]]) -> bool:
    if value.startswith(FIELD):
        field, is_sure = fields.get(value.removeprefix(FIELD), (None, False))
        return field is not None and is_sure
    if value.startswith(JOINT):
        return value.removeprefix(JOINT) in set("123456789")
    return value in {OWN, AUTHORITY, ITEM} or (value.startswith(DEPARTMENT) and value != DEPARTMENT)


def _check_data(definition: Definition, forms: Mapping[str, Form]) -> Iterator[Fault]:
    for code, form in forms.items():
        is_opening = code == definition.opening_form
        fields = sure_fields(form.parts)
        for name, datum in definition.data.items():
            if name in fields:
                yield from _check_datum(code, fields[name], name, datum, is_opening=is_opening)
            elif is_opening and datum.default is None:
                yield _fault(f"data.{name}", "form-datum-not-filled", name=name)


def _check_datum(
    code: str, found: tuple[Field, bool], name: str, datum: Datum, *, is_opening: bool
) -> Iterator[Fault]:
    field, is_sure = found
    file = f"{code}{FORM}"
    if not _fits(field, datum):
        details = {"name": name, "kind": field.kind.value, "type": ", ".join(datum.values) or datum.type}
        yield Fault(file=file, element=field.id, code="form-datum-unfit", details=details)
    elif is_opening and datum.default is None and not is_sure:
        yield Fault(file=file, element=field.id, code="form-datum-optional", details={"name": name})


def _fits(field: Field, datum: Datum) -> bool:
    match datum.type:
        case "number":
            return field.is_whole
        case "flag":
            return field.kind == Kind.TICK
        case "departments":
            codes = [option.value for option in field.options]
            known = bool(field.table) or (bool(codes) and all(CreditCode.is_valid(code) for code in codes))
            return field.kind in {Kind.CHOICE, Kind.CHOICES} and known
        case "text":
            if field.kind in {Kind.TICK, Kind.CHOICES, Kind.FILES} or field.is_whole:
                return False
            given = {option.value for option in field.options}
            return not datum.values or (
                field.kind == Kind.CHOICE and bool(given) and given <= set(datum.values)
            )


def _check_readers(definition: Definition, forms: Mapping[str, Form], sources: str) -> Iterator[Fault]:
    """Name the data that a form fills and nothing reads."""
    filled = {name for form in forms.values() for name in sure_fields(form.parts)} & definition.data.keys()
    limits = [
        f"{limit.when} {limit.chosen_by}" for clock in definition.clocks.values() for limit in clock.limits
    ]
    extensions = [clock.extension.when for clock in definition.clocks.values() if clock.extension]
    words = set(re.findall(r"\w+", " ".join([sources, *limits, *extensions])))
    for name in sorted(filled - words):
        yield _fault(f"data.{name}", "form-datum-not-read", name=name)


def _fault(element: str, code: str, **details: object) -> Fault:
    return Fault(file=DEFINITION, element=element, code=code, details=details)
