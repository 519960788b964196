"""What the reader calls the codes of service items."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.application.import_items import ImportOutcome
from zhengshu.contexts.services.application.take_over_list import ListState
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.lists.record import Note
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    BodyNature,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    ItemState,
    MaterialSource,
    PauseKind,
    Range,
    ThemeKind,
    VersionState,
)

if TYPE_CHECKING:
    from django.utils.functional import (
        _StrPromise as LazyText,
    )  # the stubs' name of what gettext_lazy returns
else:
    from django.utils.functional import Promise as LazyText

_WORDS: tuple[tuple[Enum, LazyText], ...] = (
    (ItemKind.POWER, _("Administrative power")),
    (ItemKind.LICENSE, _("Administrative licence")),
    (ItemKind.PENALTY, _("Administrative penalty")),
    (ItemKind.COMPULSION, _("Administrative compulsion")),
    (ItemKind.LEVY, _("Administrative levy")),
    (ItemKind.BENEFIT, _("Administrative benefit")),
    (ItemKind.INSPECTION, _("Administrative inspection")),
    (ItemKind.CONFIRMATION, _("Administrative confirmation")),
    (ItemKind.REWARD, _("Administrative reward")),
    (ItemKind.RULING, _("Administrative ruling")),
    (ItemKind.OTHER_POWER, _("Other administrative power")),
    (ItemKind.PUBLIC_SERVICE, _("Public service")),
    (ItemLevel.STATE, _("State level")),
    (ItemLevel.PROVINCE, _("Province level")),
    (ItemLevel.CITY, _("City level")),
    (ItemLevel.COUNTY, _("County level")),
    (ItemLevel.TOWN, _("Town or street level")),
    (ItemLevel.VILLAGE, _("Village or community level")),
    (ItemLevel.SHARED, _("Shared by levels")),
    (BodyNature.STATUTORY, _("Statutory organ")),
    (BodyNature.AUTHORIZED, _("Authorized organization")),
    (BodyNature.ENTRUSTED, _("Entrusted organization")),
    (BodyNature.OTHER, pgettext_lazy("body", "Other")),
    (Audience.PERSON, _("People")),
    (Audience.ENTERPRISE, _("Enterprises")),
    (Audience.INSTITUTION, _("Public institutions")),
    (Audience.SOCIAL_ORGANIZATION, _("Social organizations")),
    (Audience.AGENCY, _("Government agencies")),
    (Audience.OTHER, _("Other organizations")),
    (Channel.WINDOW, _("At a window")),
    (Channel.WEB, _("On the web")),
    (Channel.MOBILE, _("On a phone")),
    (Channel.POST, _("By courier")),
    (Channel.OTHER, _("At a kiosk or otherwise")),
    (CaseKind.INSTANT, _("Instant")),
    (CaseKind.PROMISED, _("Promised")),
    (CaseKind.OTHER, pgettext_lazy("case kind", "Other")),
    (PauseKind.EXTENSION, _("Extension of the limit")),
    (PauseKind.OTHER, _("Another special procedure")),
    (Range.STATE, _("Throughout the country")),
    (Range.PROVINCES, _("Across provinces")),
    (Range.CITIES, _("Across cities")),
    (Range.COUNTIES, _("Across counties")),
    (MaterialSource.CERTIFICATE, _("From an e-certificate")),
    (MaterialSource.REGISTER, _("From a register")),
    (MaterialSource.APPLICANT, _("You bring it")),
    (MaterialSource.PROMISE, _("You promise it")),
    (ThemeKind.LIFE_EVENT, _("Life events")),
    (ThemeKind.TOPIC, _("Topics")),
    (VersionState.DRAFT, _("Draft")),
    (VersionState.SUBMITTED, _("Waits for approval")),
    (VersionState.PUBLISHED, _("Published")),
    (VersionState.WITHDRAWN, _("Given up")),
    (VersionState.TAKEN_BACK, _("Taken back before its first day")),
    (ItemState.DRAFT, _("Not published yet")),
    (ItemState.PUBLISHED, _("Offered")),
    (ItemState.RETIRED, _("Not offered any more")),
    (ImportOutcome.NEW, _("New item")),
    (ImportOutcome.CHANGED, _("New version")),
    (ImportOutcome.UNCHANGED, _("Unchanged")),
    (ImportOutcome.REPEATED, _("Repeats another record")),
    (ImportOutcome.REFUSED, _("Not taken over")),
    (ListState.LOOKED_AT, _("Looked at")),
    (ListState.RUNNING, _("Being taken over")),
    (ListState.TAKEN_OVER, _("Taken over")),
    (ListState.FAILED, _("Could not be taken over")),
)

_OF: Mapping[tuple[type[Enum], object], LazyText] = {
    (type(value), value.value): words for value, words in _WORDS
}


def label(value: Enum) -> str:
    """Return what the reader calls a value."""
    return str(_OF[type(value), value.value])


def limit_text(limit: ItemLimit | None) -> str:
    """Return a limit as one says it: 5 working days, at once."""
    if limit is None:
        return "—"
    number = limit.value
    match limit.unit:
        case LimitUnit.AT_ONCE:
            return gettext("at once")
        case LimitUnit.HOURS:
            text = ngettext("%(number)s hour", "%(number)s hours", number)
        case LimitUnit.WORKING_HOURS:
            text = ngettext("%(number)s working hour", "%(number)s working hours", number)
        case LimitUnit.WORKING_DAYS:
            text = ngettext("%(number)s working day", "%(number)s working days", number)
        case LimitUnit.DAYS:
            text = ngettext("%(number)s day", "%(number)s days", number)
        case LimitUnit.MONTHS:
            text = ngettext("%(number)s month", "%(number)s months", number)
        case _:
            text = ngettext("%(number)s year", "%(number)s years", number)
    return text % {"number": number}


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def in_language(zh: str, en: str) -> str:
    """Return the text of content in the reader's language; where there is no English one, the Chinese."""
    return en if en and is_english() else zh


def fault_text(fault: Fault) -> str:
    """Return what is wrong, in the reader's language."""
    return gettext(fault.message) % fault.data if fault.data else gettext(fault.message)


_NOTES: Mapping[str, LazyText] = {
    "not-understood": _("%(heading)s: “%(value)s” was not understood."),
    "unknown-heading": _("The heading %(heading)s is not known; “%(value)s” was left aside."),
    "from-register": _("Not asked for, but taken from the register: %(value)s."),
    "promise-dropped": _("%(heading)s: “%(value)s” is longer than the law allows and was left out."),
    "too-long": _("%(heading)s: “%(value)s” is longer than the standard has room for."),
    "repeats": _("The same code as record %(value)s."),
}


def note_text(note: Note) -> str:
    """Return what was made of a value of another list, in the reader's language."""
    text = str(_NOTES.get(note.code, _("%(heading)s is missing.")))
    return text % {"heading": note.heading, "value": note.value}


_UNITS: Mapping[LimitUnit, LazyText] = {
    LimitUnit.AT_ONCE: _("at once"),
    LimitUnit.HOURS: _("hours"),
    LimitUnit.WORKING_HOURS: _("working hours"),
    LimitUnit.WORKING_DAYS: _("working days"),
    LimitUnit.DAYS: _("days"),
    LimitUnit.MONTHS: _("months"),
    LimitUnit.YEARS: _("years"),
}

_ELEMENTS: Mapping[str, LazyText] = {
    "name": _("Name of the item"),
    "name_en": _("Name in English"),
    "summary": _("In plain words"),
    "summary_en": _("In plain words, in English"),
    "words": _("How people call it"),
    "kind": _("Kind of item"),
    "level": _("Level of exercise"),
    "audiences": _("Who is served"),
    "case_kind": _("Kind of case"),
    "basic_code": _("Basic code"),
    "implementation_code": _("Implementation code"),
    "basis": _("Legal basis of the item"),
    "division": _("Division of powers"),
    "exercised": _("What is exercised"),
    "jurisdiction": _("Jurisdiction"),
    "jurisdiction_code": _("Code of the jurisdiction"),
    "body_nature": _("Nature of the organ"),
    "handling_body": _("Handling unit"),
    "joint_bodies": _("Joint organs"),
    "statutory": _("Statutory time limit"),
    "promised": _("Promised time limit"),
    "conditions": _("Conditions of acceptance"),
    "steps": _("Procedure"),
    "intermediary": _("Intermediary services"),
    "quantity_limit": _("Limit of quantity"),
    "outcomes": _("Name of the result"),
    "is_charged": _("Whether a fee is charged"),
    "fee": _("How much"),
    "fee_basis": _("Basis of the fee"),
    "range": _("Where it can be handled"),
    "channels": _("Forms of handling"),
    "special_procedures": _("Special procedures"),
    "special_note": _("Special procedures"),
    "is_bookable": _("Appointments"),
    "is_payable_online": _("Payment online"),
    "is_delivered": _("Delivery by courier"),
    "online_address": _("Address online"),
    "system_name": _("System on which it runs"),
    "system_level": _("Level of the system"),
    "places": _("Place of handling"),
    "hours": _("Hours"),
    "consulting": _("Ways to ask"),
    "phone": _("Telephone for questions"),
    "complaint_phone": _("Telephone for complaints"),
    "questions": _("Common questions"),
    "visits": _("Visits needed"),
    "themes": _("Life events and topics"),
    "case_type": _("Case type that handles it"),
    "publication_basis": _("Law by which decisions are published"),
    "materials": _("What you need"),
    "effective_from": _("First day in force"),
}


def unit_label(unit: LimitUnit) -> LazyText:
    """Return what a unit of limits is called."""
    return _UNITS[unit]


def element_label(name: str) -> str:
    """Return what a part of the declaration is called; ``materials.0`` is the first material."""
    whole, _dot, place = name.partition(".")
    words = str(_ELEMENTS.get(whole, whole))
    return f"{words} {int(place) + 1}" if place.isdecimal() else words
