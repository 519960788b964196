"""What an organ declares of a service item: the elements of GB/T 39046-2020, and what people ask beside them."""

from datetime import date

import msgspec

from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    BodyNature,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    MaterialSource,
    PauseKind,
    Range,
)


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of how an item is handled."""

    name: str
    by: str = ""
    time: str = ""
    note: str = ""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organ, with its unified social credit code where it is known."""

    name: str
    code: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where people go."""

    name: str
    address: str = ""
    window: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person gets in the end.

    Attributes:
        name: what it is called.
        certificate_type: the code of the e-certificate that is issued; empty for other results.
        renews: the field of the form that holds the number of the certificate which the result renews for a further
            period; empty where a new one is issued.
        sample: how an example is found.
    """

    name: str
    certificate_type: str = ""
    renews: str = ""
    sample: str = ""


class CommonQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that people ask again and again, with its answer."""

    question: str
    answer: str


class MaterialDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an application needs.

    Attributes:
        name: what it is called.
        source: from where it comes.
        certificate_type: the type of the e-certificate that is fetched.
        resource: the code of the data resource that supplies it, where no data element says so.
        elements: the data elements that it tells.
        promise: what the applicant promises instead of it, and the law that allows it.
        issuer: who makes out such a material.
        issued_within: how old it may be.
        how_to_fill: how it is prepared.
        issuer_place: where it is made out.
        used_for: what it is looked at for.
        originals: how many originals.
        copies: how many copies.
        is_required: whether an application without it is incomplete.
        sample: how an example is found.
    """

    name: str
    source: MaterialSource = MaterialSource.APPLICANT
    certificate_type: str = ""
    resource: str = ""
    elements: tuple[str, ...] = ()
    promise: str = ""
    issuer: str = ""
    issued_within: str = ""
    how_to_fill: str = ""
    issuer_place: str = ""
    used_for: str = ""
    originals: int = 0
    copies: int = 0
    is_required: bool = True
    sample: str = ""


class ItemDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is declared of an item in one version.

    Attributes:
        name: the official name.
        name_en: its name for readers of English.
        summary: what it is about, as one would say it at the counter.
        summary_en: the same in English.
        words: how people call the matter in everyday life, for the search.
        basic_code: code in the basic catalogue.
        implementation_code: code in the implementation list.
        basis: laws that set the item up.
        division: how the levels divide the power.
        exercised: what is exercised at this level.
        jurisdiction: who is competent for whom.
        jurisdiction_code: the code of that region.
        handling_body: the unit that handles it, where it is not the organ itself.
        joint_bodies: organs that handle it together.
        system_level: the level of the system on which it runs.
        visits: how many times one has to come.
        themes: codes of life events and topics.
        case_type: the code of the type of case that handles it; empty where it is only described here.
        publication_basis: the law by which decisions on it are published; empty where they are not.
    """

    name: str
    kind: ItemKind
    level: ItemLevel
    audiences: tuple[Audience, ...]
    case_kind: CaseKind
    name_en: str = ""
    summary: str = ""
    summary_en: str = ""
    words: tuple[str, ...] = ()
    basic_code: str = ""
    implementation_code: str = ""
    basis: tuple[str, ...] = ()
    division: str = ""
    exercised: str = ""
    jurisdiction: str = ""
    jurisdiction_code: str = ""
    body_nature: BodyNature = BodyNature.STATUTORY
    handling_body: Body | None = None
    joint_bodies: tuple[Body, ...] = ()
    statutory: ItemLimit | None = None
    promised: ItemLimit | None = None
    conditions: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    intermediary: str = ""
    quantity_limit: str = ""
    outcomes: tuple[Outcome, ...] = ()
    is_charged: bool = False
    fee: str = ""
    fee_basis: str = ""
    range: Range | None = None
    channels: tuple[Channel, ...] = (Channel.WINDOW,)
    special_procedures: tuple[PauseKind, ...] = ()
    special_note: str = ""
    is_bookable: bool = False
    is_payable_online: bool = False
    is_delivered: bool = False
    online_address: str = ""
    system_level: ItemLevel | None = None
    system_name: str = ""
    places: tuple[Place, ...] = ()
    hours: str = ""
    consulting: str = ""
    phone: str = ""
    complaint_phone: str = ""
    questions: tuple[CommonQuestion, ...] = ()
    visits: int | None = None
    themes: tuple[str, ...] = ()
    case_type: str = ""
    publication_basis: str = ""
    materials: tuple[MaterialDraft, ...] = ()

    @property
    def is_online(self) -> bool:
        """Whether it can be asked for without coming (网办)."""
        return Channel.WEB in self.channels or Channel.MOBILE in self.channels


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """From the first day on which a version is in force to the first on which it is no more; None: without an end."""

    effective_from: date
    effective_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)
