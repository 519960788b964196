"""Whether the case type of a benefit declares what a run and its answers need, before anybody is searched for."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

import structlog

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.ask_entitled import CONFIRM, DOUBT, EXAMINE, LOST, OFFICER
from zhengshu.contexts.services.domain.benefits import Definition
from zhengshu.kernel.errors import Kind, Refused

DATA: Final[Mapping[str, str]] = {
    "is_suspended": "flag",
    "is_lost": "flag",
    "lost_reason": "text",
    "lost_reason_en": "text",
}
"""What cases are told of somebody whom a run suspends, or does not find any more."""
TASKS: Final[Mapping[str, tuple[str, ...]]] = {
    CONFIRM: ("accept", "decline", "object"),
    "review": ("uphold", "keep"),
    EXAMINE: ("entitled", "not_entitled"),
}
BROUGHT: Final = ("lost_reason", "lost_reason_en")
"""What comes with the message by which the case of somebody who was asked ends when he is not found any more."""

log = structlog.get_logger(__name__)


class BenefitCaseTypeUnfit(Refused):
    """The benefit's case type lacks what its cases are told or answered by; complete its `type.yaml` and load it."""

    code: ClassVar[str] = "services.benefit-case-type-unfit"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The case type “%(case_type)s” of this benefit lacks in its type.yaml: %(missing)s. Complete it, as the case "
        "type “old-age-allowance” does, and load it before you go on."
    )


class BenefitCaseTypeMissing(Refused):
    """The benefit's case type, or the one of doubts, was not loaded; load it."""

    code: ClassVar[str] = "services.benefit-case-type-missing"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The case type “%(case_type)s” that this benefit needs was not loaded. Load it first."
    )


def check_case_type(definition: Definition) -> None:
    """Look whether the cases of a benefit can be opened and answered.

    Raises:
        BenefitCaseTypeMissing: a case type is not there.
        BenefitCaseTypeUnfit: it lacks something; the refusal names each with its place in the file.
    """
    facts = _facts(definition.case_type)
    _facts(DOUBT)
    if missing := tuple(_missing(facts)):
        raise BenefitCaseTypeUnfit(case_type=definition.case_type, missing=", ".join(missing))


def warn_of_case_type(definition: Definition) -> None:
    """Write into the log what a benefit that is being loaded lacks; it can be loaded, and no run of it starts."""
    try:
        check_case_type(definition)
    except (BenefitCaseTypeMissing, BenefitCaseTypeUnfit) as refusal:
        log.warning("services.benefit-case-type", benefit=definition.code, why=refusal.text())


def _facts(case_type: str) -> casework.TypeFacts:
    try:
        return casework.type_facts(case_type=case_type)
    except casework.CaseTypeNotFound as missing:
        raise BenefitCaseTypeMissing(case_type=case_type) from missing


def _missing(facts: casework.TypeFacts) -> Iterator[str]:
    if OFFICER not in facts.parties:
        yield f"parties: {OFFICER}"
    for name, kind in DATA.items():
        if facts.data.get(name) != kind:
            yield f"data.{name}: {{type: {kind}}}"
    if not facts.incoming.get(LOST, frozenset()).issuperset(BROUGHT):
        yield f"incoming.{LOST}: {{brings: [{', '.join(BROUGHT)}]}}"
    for task, outcomes in TASKS.items():
        for outcome in outcomes:
            if outcome not in facts.tasks.get(task, ()):
                yield f"tasks.{task}.outcomes.{outcome}"
