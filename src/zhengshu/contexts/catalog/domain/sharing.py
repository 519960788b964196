"""Sharing class and the conditions that go with it (Decree 809, articles 14 and 15)."""

from collections.abc import Iterator

from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.resources import ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import OpeningClass, SharingClass

UNCONDITIONAL = "无条件"
"""What the compilation guide wants written as the condition of an unconditional resource."""


def faults_of_sharing(draft: ResourceDraft) -> Iterator[Fault]:
    """Yield what the sharing class demands and the draft lacks, or what it adds and may not.

    Basis: Decree 809, articles 14 and 15: a conditional resource lists its scope of sharing and purposes of use,
    a withheld one its reason and legal basis; nobody invents further conditions.
    """
    match draft.sharing_class:
        case SharingClass.UNCONDITIONAL:
            yield from _no_conditions(draft)
        case SharingClass.CONDITIONAL:
            yield from _scope_and_purposes(draft)
        case SharingClass.WITHHELD:
            yield from _reason_and_basis(draft)
    yield from _opening(draft)


def use_conditions(draft: ResourceDraft) -> str:
    """Return the conditions of use (使用条件) as the official layout spells them."""
    match draft.sharing_class:
        case SharingClass.UNCONDITIONAL:
            return UNCONDITIONAL
        case SharingClass.CONDITIONAL:
            return f"共享范围：{draft.sharing_scope}；使用用途：{draft.sharing_purposes}"
        case SharingClass.WITHHELD:
            return f"不予共享理由：{draft.withheld_reason}；依据：{draft.sharing_basis}"


def _no_conditions(draft: ResourceDraft) -> Iterator[Fault]:
    for name in ("sharing_scope", "sharing_purposes", "withheld_reason", "sharing_basis"):
        if getattr(draft, name):
            yield Fault(
                field=name,
                code="catalog.extra-condition",
                message="An unconditional resource goes to every department: leave this empty, or choose another"
                " sharing class (Decree 809, article 15).",
            )


def _scope_and_purposes(draft: ResourceDraft) -> Iterator[Fault]:
    if not draft.sharing_scope:
        yield Fault(
            field="sharing_scope",
            code="catalog.scope-missing",
            message="Say which departments may have a conditional resource (Decree 809, article 15).",
        )
    if not draft.sharing_purposes:
        yield Fault(
            field="sharing_purposes",
            code="catalog.purposes-missing",
            message="Say what a conditional resource may be used for (Decree 809, article 15).",
        )
    for name in ("withheld_reason", "sharing_basis"):
        if getattr(draft, name):
            yield Fault(
                field=name,
                code="catalog.extra-condition",
                message="Only a withheld resource states this. Leave it empty, or choose “withheld”.",
            )


def _reason_and_basis(draft: ResourceDraft) -> Iterator[Fault]:
    if not draft.withheld_reason:
        yield Fault(
            field="withheld_reason",
            code="catalog.withheld-without-reason",
            message="Say why the resource is withheld (Decree 809, article 15).",
        )
    if not draft.sharing_basis:
        yield Fault(
            field="sharing_basis",
            code="catalog.withheld-without-basis",
            message="Name the law, administrative regulation or State Council decision, with its article, that"
            " forbids sharing. Without one a resource cannot be withheld (Decree 809, articles 14 and 15).",
        )
    for name in ("sharing_scope", "sharing_purposes"):
        if getattr(draft, name):
            yield Fault(
                field=name,
                code="catalog.extra-condition",
                message="Only a conditional resource states this. Leave it empty, or choose “conditional”.",
            )


def _opening(draft: ResourceDraft) -> Iterator[Fault]:
    if draft.opening_class is OpeningClass.CONDITIONAL and not draft.opening_conditions:
        yield Fault(
            field="opening_conditions",
            code="catalog.opening-conditions-missing",
            message="Say under which conditions society may have it.",
        )
    if draft.opening_class is not OpeningClass.CONDITIONAL and draft.opening_conditions:
        yield Fault(
            field="opening_conditions",
            code="catalog.extra-condition",
            message="Only a conditionally open resource states this. Leave it empty, or choose “open on conditions”.",
        )
    if draft.opening_class is OpeningClass.CLOSED:
        return
    if draft.sharing_class is SharingClass.WITHHELD:
        yield Fault(
            field="opening_class",
            code="catalog.withheld-yet-open",
            message="What is withheld from departments cannot be open to society.",
        )
    if draft.opening_class is OpeningClass.OPEN and draft.holds_personal_information:
        yield Fault(
            field="opening_class",
            code="catalog.personal-yet-open",
            message="A resource with personal information cannot be opened to everybody. Choose “closed” or “open"
            " on conditions”, or take the personal items out.",
        )
