"""What stands in a guide, ready to be drawn."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.services.application.foresee_materials import Own
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.items import ItemDraft, MaterialDraft
from zhengshu.contexts.services.domain.limits import saved_days
from zhengshu.contexts.services.domain.vocabulary import ItemState, MaterialSource
from zhengshu.contexts.services.interfaces.labels import in_language, label, limit_text

Context = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMaterial:
    """A material with where it comes from, in words."""

    facts: MaterialDraft
    sources: tuple[str, ...]
    own: tuple[str, ...] = ()
    """What is there of the reader himself, numbers masked."""


def guide_of(found: ItemRecord, *, own: Own | None = None) -> Context:
    """Return all that the page of a guide shows, with what is held of the reader."""
    own = own or Own()
    facts = found.facts
    sources = catalog.element_sources(
        codes={element for material in facts.materials for element in material.elements}
    )
    names = {code: source.source for code, source in sources.items()}
    shown = [
        ShownMaterial(
            facts=material,
            sources=tuple(dict.fromkeys(names[one] for one in material.elements if one in names)),
            own=own.lines_of(material),
        )
        for material in facts.materials
    ]
    held = {MaterialSource.REGISTER, MaterialSource.CERTIFICATE}
    return {
        "shown": found,
        "own": own,
        "facts": facts,
        "name": in_language(facts.name, facts.name_en),
        "lead": in_language(facts.summary, facts.summary_en),
        "saved": saved_days(facts.statutory, facts.promised),
        "held": [one for one in shown if one.facts.source in held],
        "asked": [one for one in shown if one.facts.source is MaterialSource.APPLICANT],
        "promised": [one for one in shown if one.facts.source is MaterialSource.PROMISE],
        "is_retired": found.summary.state is ItemState.RETIRED,
        "elements": elements_of(found),
    }


def elements_of(found: ItemRecord) -> list[tuple[str, str]]:
    """Return the elements of GB/T 39046-2020 with their values, in the order of the standard, materials left aside."""
    facts = found.facts
    handling, joint = facts.handling_body, facts.joint_bodies
    return [
        (_("Name of the item"), facts.name),
        (_("Basic code"), facts.basic_code),
        (_("Implementation code"), facts.implementation_code),
        (_("Kind of item"), label(facts.kind)),
        (_("Code of the kind"), facts.kind.value),
        (_("Legal basis of the item"), _lines(facts.basis)),
        (_("Level of exercise"), label(facts.level)),
        (_("Division of powers"), facts.division),
        (_("What is exercised"), facts.exercised),
        (_("Implementing organ"), found.summary.department_name),
        (_("Nature of the organ"), label(facts.body_nature)),
        *_limits(facts),
        (_("Conditions of acceptance"), _lines(facts.conditions)),
        (_("Procedure"), " → ".join(step.name for step in facts.steps)),
        (_("Joint organs"), "、".join(body.name for body in joint)),
        (_("Codes of joint organs"), "、".join(body.code for body in joint if body.code)),
        (_("Handling unit"), handling.name if handling else ""),
        (_("Code of the handling unit"), handling.code if handling else ""),
        (_("Intermediary services"), facts.intermediary),
        (_("Limit of quantity"), facts.quantity_limit),
        (_("Name of the result"), "、".join(outcome.name for outcome in facts.outcomes)),
        (
            _("Sample of the result"),
            "、".join(outcome.sample for outcome in facts.outcomes if outcome.sample),
        ),
        (_("Whether a fee is charged"), _yes(answer=facts.is_charged)),
        (_("Basis of the fee"), facts.fee_basis),
        *_reach(facts),
    ]


def _limits(facts: ItemDraft) -> list[tuple[str, str]]:
    statutory, promised = facts.statutory, facts.promised
    return [
        (_("Statutory time limit"), limit_text(statutory)),
        (_("Note on the statutory limit"), (statutory.note or statutory.basis) if statutory else ""),
        (_("Promised time limit"), limit_text(promised)),
        (_("Note on the promised limit"), promised.note if promised else ""),
    ]


def _reach(facts: ItemDraft) -> list[tuple[str, str]]:
    return [
        (_("Where it can be handled"), label(facts.range) if facts.range else ""),
        (_("Who is served"), "、".join(label(one) for one in facts.audiences)),
        (_("Kind of case"), label(facts.case_kind)),
        (_("Forms of handling"), "、".join(label(one) for one in facts.channels)),
        (_("Special procedures"), facts.special_note or "、".join(map(label, facts.special_procedures))),
        (_("Jurisdiction"), facts.jurisdiction),
        (_("Appointments"), _yes(answer=facts.is_bookable)),
        (_("Payment online"), _yes(answer=facts.is_payable_online)),
        (_("Delivery by courier"), _yes(answer=facts.is_delivered)),
        (_("Handled online"), _yes(answer=facts.is_online)),
        (_("Address online"), facts.online_address),
        (_("Level of the system"), label(facts.system_level) if facts.system_level else ""),
        (
            _("Place of handling"),
            _lines([f"{one.name} {one.address} {one.window}".strip() for one in facts.places]),
        ),
        (_("Hours"), facts.hours),
        (_("Ways to ask"), facts.consulting),
        (_("Telephone for questions"), facts.phone),
        (_("Telephone for complaints"), facts.complaint_phone),
        (_("Visits needed"), "" if facts.visits is None else str(facts.visits)),
    ]


def _lines(texts: "tuple[str, ...] | list[str]") -> str:
    return "；".join(texts)


def _yes(*, answer: bool) -> str:
    return _("yes") if answer else _("no")
