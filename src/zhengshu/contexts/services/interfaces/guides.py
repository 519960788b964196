"""What stands in a guide, ready to be drawn."""

from dataclasses import dataclass

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.services.application.foresee_materials import Own
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.items import MaterialDraft
from zhengshu.contexts.services.domain.limits import saved_days
from zhengshu.contexts.services.domain.vocabulary import ItemState, MaterialSource
from zhengshu.contexts.services.interfaces.elements import shown_elements, shown_materials
from zhengshu.contexts.services.interfaces.labels import in_language

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
        "elements": shown_elements(found),
        "materials": shown_materials(found),
    }
