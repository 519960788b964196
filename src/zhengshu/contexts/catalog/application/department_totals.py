"""What each department answers for, counted."""

from dataclasses import dataclass

from django.db.models import Count, Q

from zhengshu.contexts.catalog.domain.vocabulary import SharingClass, State
from zhengshu.contexts.catalog.models import AuthoritativeSource, Resource
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentTotals:
    """One department's part of the ledger: published resources by class, and elements of which it is the source."""

    department_id: DepartmentId
    department_name: str
    resources: int
    unconditional: int
    conditional: int
    withheld: int
    sources: int


def department_totals(*, actor: Actor) -> tuple[DepartmentTotals, ...]:
    """Return the totals of every department that has published something, most first, in three queries.

    Basis: Decree 809, articles 12, 14 and 19.
    """
    rows = (
        Resource.objects.visible_to(actor)
        .filter(state=State.PUBLISHED)
        .values_list("department_id")
        .annotate(
            n=Count("*"),
            unconditional=Count("id", filter=Q(sharing_class=SharingClass.UNCONDITIONAL)),
            conditional=Count("id", filter=Q(sharing_class=SharingClass.CONDITIONAL)),
            withheld=Count("id", filter=Q(sharing_class=SharingClass.WITHHELD)),
        )
        .order_by("-n", "department_id")
    )
    named = AuthoritativeSource.objects.visible_to(actor).filter(active_to=None).order_by()
    sources = dict(named.values_list("department_id").annotate(n=Count("*")))
    found = tuple(rows)
    departments = trust.departments(ids={DepartmentId(row[0]) for row in found})
    return tuple(
        DepartmentTotals(
            department_id=DepartmentId(department),
            department_name=departments[DepartmentId(department)].name,
            resources=total,
            unconditional=unconditional,
            conditional=conditional,
            withheld=withheld,
            sources=sources.get(department, 0),
        )
        for department, total, unconditional, conditional, withheld in found
    )
