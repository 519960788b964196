"""What forms need of contexts above: code tables, authoritative sources, and the values that these supply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.domain.forms.schema import Option, Words
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId


class Supplied(msgspec.Struct, frozen=True, kw_only=True):
    """A value that an authoritative source gave for one case.

    Attributes:
        value: the value as text.
        source: who said so, in words; in Chinese where there are `source_en`.
        source_en: the same in English, for what is no name of a department or a resource.
        receipt: the record of the call in the proof log, where there is one.
        at: when it was asked.
        refusal: why there is no value, one of `SILENCES`; empty where there is one.
        certificate_id: the certificate that says so, where one does.
        until: until when it holds, where it follows from the day, as days that are left; None for what stays.
    """

    value: str
    source: str
    at: datetime
    receipt: str = ""
    refusal: str = ""
    certificate_id: str = ""
    source_en: str = ""
    until: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether it does not hold any more."""
        return self.until is not None and self.until <= at

    def said_by(self, language: str) -> str:
        """Return who said so, for a reader of a language."""
        return (self.source_en or self.source) if language == "en" else self.source


SILENCES = (
    "no-grant",
    "no-purpose",
    "key-missing",
    "not-own",
    "masked",
    "not-found",
    "several",
    "refused",
    "unreachable",
    "not-held",
)
"""Why a source may give no value; the pages say it in a sentence."""

KIOSK_MARK: Final = "kiosk"
"""What the session of a kiosk carries, so that what is sent from it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """For what a form asks.

    Attributes:
        case: the number of the case, or the id of the draft that is to become one.
        purposes: the purposes of use that the case type names.
        departments: those that handle it; the call is made by the platform's system of one of them.
        person_id: the private person in whose matter it is asked; None where an official asks in his own task.
        enterprise_ids: the enterprises in whose name that person may act in it.
    """

    case: str
    purposes: tuple[str, ...] = ()
    departments: tuple[DepartmentId, ...] = ()
    person_id: UUID | None = None
    enterprise_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is wanted of a certificate of whoever asks.

    Attributes:
        certificate: type and field, as `business-licence.address`; `number` is the number printed on it, `until` its
            last day; of a type that is renewed `days_left` are the working days to it, `renewal` whether it is time.
        holder_name: whose certificate, where it is somebody's for whom he keeps it, as a child's; else it is his own.
    """

    certificate: str
    holder_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """For which case what certificates say was sent.

    Attributes:
        department_id: who handles it; None where nobody was named yet.
        purpose: what the case is about and its number, in the language in which cases are kept.
    """

    case_id: CaseId
    department_id: DepartmentId | None
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the catalogue knows it: by the data element that it names, or by its label."""

    element: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The authoritative source of a data element, in words."""

    element: str
    element_name: str
    source: str


IDENTITY = frozenset({"citizen-id", "person-name", "credit-code", "organization-name"})
"""The data elements that the applicant's own account supplies: whoever signed in has shown who he is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Who handles the service item behind a case type.

    Attributes:
        handler: its department.
        joint: the departments that handle it together, in the order of the item.
    """

    handler: DepartmentId
    joint: tuple[DepartmentId, ...] = ()


class Verdict(StrEnum):
    """What a check before the decision says."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    PERSON = "person"
    """A person has to answer a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one decision table of a case type says of an application.

    Attributes:
        check: the decision's id.
        verdict: what follows.
        name: what was checked.
        words: why, or the question that a person has to answer.
        basis: the article.
    """

    check: str
    verdict: Verdict
    name: Words
    words: Words
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a form is but a part of: it is filled in and sent there, with the other parts.

    Attributes:
        name: what it is called, in the reader's language.
        path: where it is filled in.
        is_open: whether it was not sent yet.
        discard_path: where all of it is thrown away.
    """

    name: str
    path: str
    is_open: bool
    discard_path: str


class Intake(Protocol):
    """Knows the service items behind case types, and takes in what is sent for them."""

    def handling(self, case_type: str) -> Handling | None:
        """Return who handles the item behind a case type; None where it is no item's."""

    def submit(self, *, draft_id: UUID, channel: str, actor: Actor, at: datetime) -> None:
        """Send a form and keep the application; sent twice is sent once."""

    def receipt(self, *, draft_id: UUID) -> str:
        """Return the path of the receipt of what was sent."""

    def wholes(self, draft_ids: Iterable[UUID]) -> Mapping[UUID, Whole]:
        """Return what those of the drafts are parts of that are parts of something."""

    def check_end(self, *, case_id: CaseId, end: str, instead: tuple[str, ...], at: datetime) -> None:
        """Look whether what a case gives by an end can be given, before an official lets it end so.

        Args:
            case_id: the case.
            end: the end.
            instead: what else the official could choose, in the reader's language.
            at: now.

        Raises:
            Refused: something is missing for it.
        """


class CodeTables(Protocol):
    """Knows the code tables."""

    def entries(self, codes: Iterable[str]) -> Mapping[str, tuple[Option, ...]]:
        """Return the entries of those of the tables that exist."""


class Sources(Protocol):
    """Knows which source supplies which data element."""

    def sources_of(self, asked: Iterable[Asked]) -> Mapping[Asked, Source]:
        """Return the sources of those questions that an authoritative source can answer."""


class Certificates(Protocol):
    """Knows the certificates that people and enterprises hold."""

    def knows(self, certificate: str) -> bool:
        """Whether there is such a type with such a field."""

    def supply(
        self, *, wanted: Iterable[Shown], own: Mapping[str, str], matter: Matter, actor: Actor, at: datetime
    ) -> Mapping[str, Supplied]:
        """Return what valid certificates say, by `Shown.certificate`, or that none is held.

        Args:
            wanted: what is wanted.
            own: the verified numbers of whoever asks, by the data elements of `IDENTITY`.
            matter: for what.
            actor: who sees it; an official who does is counted as a use.
            at: when.
        """

    def still_valid(self, ids: Iterable[str], *, at: datetime) -> frozenset[str]:
        """Return those of the certificates that are in force."""

    def take_over(
        self, fields: Mapping[str, tuple[str, ...]], *, use: Use, actor: Actor, at: datetime
    ) -> None:
        """Count that a case took over what certificates say: certificate's id → fields.

        Raises:
            Refused: one of them is not in force any more.
        """


class Exchange(Protocol):
    """Fetches values lawfully, each call with its grant, purpose and record."""

    def supply(
        self, *, elements: Iterable[str], known: Mapping[str, str], matter: Matter, at: datetime
    ) -> Mapping[str, Supplied]:
        """Return the values of those elements, and for what could not be fetched why; nothing where there is no source.

        Args:
            elements: what is wanted.
            known: element → value that the person gave, to find him by.
            matter: for what it is asked.
            at: when.
        """
