"""Grading by GB/T 43697-2024: object of harm × degree of harm, and the highest wins (就高)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from zhengshu.contexts.catalog.domain.vocabulary import Grade


class HarmObject(StrEnum):
    """What would suffer if the data leaked or were spoiled."""

    NATIONAL_SECURITY = "national_security"
    ECONOMY = "economy"
    SOCIAL_ORDER = "social_order"
    PUBLIC_INTEREST = "public_interest"
    ORGANIZATION = "organization"
    INDIVIDUAL = "individual"


class Harm(StrEnum):
    """How badly it would suffer."""

    NONE = "none"
    GENERAL = "general"
    SERIOUS = "serious"
    VERY_SERIOUS = "very_serious"


_SECURITY = {Harm.GENERAL: Grade.IMPORTANT, Harm.SERIOUS: Grade.CORE, Harm.VERY_SERIOUS: Grade.CORE}
_PUBLIC = {Harm.GENERAL: Grade.GENERAL_4, Harm.SERIOUS: Grade.IMPORTANT, Harm.VERY_SERIOUS: Grade.CORE}
_RIGHTS = {Harm.GENERAL: Grade.GENERAL_2, Harm.SERIOUS: Grade.GENERAL_3, Harm.VERY_SERIOUS: Grade.GENERAL_4}

_LADDERS: Mapping[HarmObject, Mapping[Harm, Grade]] = {
    HarmObject.NATIONAL_SECURITY: _SECURITY,
    HarmObject.ECONOMY: _PUBLIC,
    HarmObject.SOCIAL_ORDER: _PUBLIC,
    HarmObject.PUBLIC_INTEREST: _PUBLIC,
    HarmObject.ORGANIZATION: _RIGHTS,
    HarmObject.INDIVIDUAL: _RIGHTS,
}
"""The standard calls general harm to the public "general data" without a number; we take the highest, 4."""


def grade_of(*, harms: Mapping[HarmObject, Harm]) -> Grade:
    """Return the grade that follows from the harm done to each object; no harm is grade 1.

    >>> grade_of(harms={HarmObject.INDIVIDUAL: Harm.SERIOUS, HarmObject.ECONOMY: Harm.NONE}).name
    'GENERAL_3'
    """
    return highest(_LADDERS[which][harm] for which, harm in harms.items() if harm is not Harm.NONE)


def highest(grades: Iterable[Grade]) -> Grade:
    """Return the grade of a set of data: that of its highest member, grade 1 when there is none."""
    return max(grades, default=Grade.GENERAL_1)
