"""Whether a declaration may be published: its promise, its materials, and what a person has to find in it."""

from collections.abc import Collection, Iterator

from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import ItemDraft, MaterialDraft
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.vocabulary import CaseKind, Channel, ItemKind, MaterialSource
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.regions import RegionCode

LONGEST_NAME = 500
MOST_PARTS = 200
MOST_UNITS = 10_000
ONE_DAY = ItemLimit(value=1, unit=LimitUnit.WORKING_DAYS)


def faults_in(draft: ItemDraft, *, held: Held, themes: Collection[str] | None = None) -> tuple[Fault, ...]:
    """Return what forbids a version in any case, also of an item that came from another platform's list.

    Basis: Decree 809, article 19; Administrative Licensing Law, article 42 (a promise is within the law's limit).

    Args:
        draft: the declaration.
        held: what the government holds.
        themes: the themes that there are; None: they are not looked at.
    """
    return (
        *_in_name(draft),
        *_in_codes(draft),
        *_in_limits(draft),
        *_in_outcomes(draft, held),
        *(
            fault
            for place, material in enumerate(draft.materials)
            for fault in _in_material(f"materials.{place}", material, held)
        ),
        *_in_themes(draft, themes),
    )


def gaps_in(draft: ItemDraft) -> tuple[Fault, ...]:
    """Return what a guide lacks for a person to do without asking; an organ's own version has to have all of it.

    Basis: Decree 716 (conditions, materials and procedure are shown); GB/T 39046-2020.
    """
    wanted = (
        ("basis", bool(draft.basis) or draft.kind >= ItemKind.PUBLIC_SERVICE),
        ("conditions", bool(draft.conditions)),
        ("steps", bool(draft.steps)),
        ("outcomes", bool(draft.outcomes)),
        ("statutory", draft.statutory is not None),
        ("promised", draft.promised is not None),
        ("places", bool(draft.places) or Channel.WINDOW not in draft.channels),
        ("hours", bool(draft.hours)),
        ("phone", bool(draft.phone)),
        ("complaint_phone", bool(draft.complaint_phone)),
        ("fee_basis", bool(draft.fee_basis) or not draft.is_charged),
        ("summary", bool(draft.summary)),
    )
    return tuple(
        Fault(field=name, code="services.element-missing", message="A person has to find this in the guide.")
        for name, is_there in wanted
        if not is_there
    )


def _in_name(draft: ItemDraft) -> Iterator[Fault]:
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        yield Fault(
            field="name",
            code="services.name-unfit",
            message="The name has between 1 and %(most)s letters.",
            data={"most": LONGEST_NAME},
        )
    if not draft.audiences:
        yield Fault(field="audiences", code="services.audience-missing", message="Say for whom the item is.")
    parts = (
        len(draft.materials),
        len(draft.steps),
        len(draft.questions),
        len(draft.conditions),
        len(draft.words),
    )
    if max(parts) > MOST_PARTS:
        yield Fault(
            field="materials",
            code="services.too-many-parts",
            message="A list of more than %(most)s entries is not read by anybody; sum them up.",
            data={"most": MOST_PARTS},
        )


def _in_codes(draft: ItemDraft) -> Iterator[Fault]:
    handling = [draft.handling_body] if draft.handling_body else []
    for field, bodies in (("handling_body", handling), ("joint_bodies", list(draft.joint_bodies))):
        for body in bodies:
            if body.code and not CreditCode.is_valid(body.code):
                yield Fault(
                    field=field,
                    code="services.organ-code-unfit",
                    message="%(code)s is no unified social credit code; copy it again, or leave it out.",
                    data={"code": body.code},
                )
    if draft.jurisdiction_code and not RegionCode.is_valid(draft.jurisdiction_code):
        yield Fault(
            field="jurisdiction_code",
            code="services.region-code-unfit",
            message="%(code)s is no region code: it has 6, 9 or 12 digits.",
            data={"code": draft.jurisdiction_code},
        )


def _in_limits(draft: ItemDraft) -> Iterator[Fault]:
    for name, limit in (("statutory", draft.statutory), ("promised", draft.promised)):
        if limit is not None and not _is_sound(limit):
            yield Fault(
                field=name,
                code="services.limit-unfit",
                message="A limit counts between 1 and %(most)s units, or is “at once” with 0.",
                data={"most": MOST_UNITS},
            )
    statutory, promised = draft.statutory, draft.promised
    if statutory is not None and promised is not None and promised.is_longer_than(statutory):
        yield _longer_than_law(statutory)
    if draft.case_kind is CaseKind.INSTANT and promised is not None and promised.is_longer_than(ONE_DAY):
        yield Fault(
            field="case_kind",
            code="services.instant-takes-days",
            message="An instant item is decided within one working day; promise that, or call it a promised item.",
        )


def _longer_than_law(statutory: ItemLimit) -> Fault:
    code, basis = "services.promise-longer-than-law", statutory.basis or statutory.note
    if not basis:
        message = "The promised limit may not be longer than the statutory one."
        return Fault(field="promised", code=code, message=message)
    return Fault(
        field="promised",
        code=code,
        message="The promised limit may not be longer than the statutory one (%(basis)s).",
        data={"basis": basis},
    )


def _is_sound(limit: ItemLimit) -> bool:
    return limit.value == 0 if limit.unit is LimitUnit.AT_ONCE else 1 <= limit.value <= MOST_UNITS


def _in_material(place: str, material: MaterialDraft, held: Held) -> Iterator[Fault]:
    if not material.name.strip() or len(material.name) > LONGEST_NAME:
        yield Fault(
            field=place,
            code="services.material-name-unfit",
            message="The name of a material has between 1 and %(most)s letters.",
            data={"most": LONGEST_NAME},
        )
    match material.source:
        case MaterialSource.APPLICANT:
            yield from _asked_again(place, material, held)
        case MaterialSource.REGISTER:
            yield from _without_source(place, material, held)
        case MaterialSource.CERTIFICATE:
            if not material.certificate_type:
                yield Fault(
                    field=place,
                    code="services.certificate-type-missing",
                    message="“%(material)s” comes from a certificate: say of which type.",
                    data={"material": material.name},
                )
        case MaterialSource.PROMISE:
            if not material.promise:
                yield Fault(
                    field=place,
                    code="services.promise-missing",
                    message="“%(material)s” is replaced by a promise: write what the applicant promises.",
                    data={"material": material.name},
                )


def _asked_again(place: str, material: MaterialDraft, held: Held) -> Iterator[Fault]:
    holding = held.of_material(name=material.name, elements=material.elements)
    if holding is not None:
        yield Fault(
            field=place,
            code="services.asks-again",
            message=(
                "“%(material)s” may not be asked of the applicant: %(provider)s provides %(element)s by the data"
                " resource “%(resource)s” (%(code)s). Take it from there (Decree 809, article 19)."
            ),
            data={
                "material": material.name,
                "provider": holding.provider,
                "element": holding.element_name,
                "resource": holding.resource,
                "code": holding.resource_code,
                "element_code": holding.element,
            },
        )
    elif material.certificate_type and material.certificate_type in held.certificates:
        yield Fault(
            field=place,
            code="services.asks-for-certificate",
            message=(
                "“%(material)s” may not be asked of the applicant: it is an e-certificate that this platform issues."
                " Take it from there (Decree 809, article 19)."
            ),
            data={"material": material.name},
        )


def _without_source(place: str, material: MaterialDraft, held: Held) -> Iterator[Fault]:
    if not material.elements and not material.resource:
        yield Fault(
            field=place,
            code="services.register-source-missing",
            message="“%(material)s” comes from a register: name the data elements that it tells.",
            data={"material": material.name},
        )
    for element in material.elements:
        if element not in held.holdings:
            yield Fault(
                field=place,
                code="services.element-without-source",
                message=(
                    "“%(material)s” is to come from a register, but the data element %(element)s has no"
                    " authoritative source."
                ),
                data={"material": material.name, "element": element},
            )


def _in_outcomes(draft: ItemDraft, held: Held) -> Iterator[Fault]:
    for place, outcome in enumerate(draft.outcomes):
        if outcome.renews and not outcome.certificate_type:
            yield Fault(
                field=f"outcomes.{place}",
                code="services.renews-nothing",
                message="“%(outcome)s” renews a certificate: say of which type.",
                data={"outcome": outcome.name},
            )
        elif outcome.renews and outcome.certificate_type in held.endless:
            yield Fault(
                field=f"outcomes.{place}",
                code="services.renews-what-never-ends",
                message="“%(outcome)s” cannot be renewed: certificates of the type %(type)s are valid for ever.",
                data={"outcome": outcome.name, "type": outcome.certificate_type},
            )


def _in_themes(draft: ItemDraft, themes: Collection[str] | None) -> Iterator[Fault]:
    unknown = [] if themes is None else [theme for theme in draft.themes if theme not in themes]
    if unknown:
        yield Fault(
            field="themes",
            code="services.theme-unknown",
            message="There is no theme %(themes)s.",
            data={"themes": "、".join(unknown)},
        )
