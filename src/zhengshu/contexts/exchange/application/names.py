"""Names of departments and purposes for the records of a whole page, in one query."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import get_language

from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery, Page, rows_and_total
from zhengshu.kernel.identity import DepartmentId

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Names = Callable[[UUID | None], str]


def names_of(ids: Iterable[UUID | None]) -> Names:
    """Return a function from a department's id to its name, with all names read in one query."""
    wanted = {DepartmentId(one) for one in ids if one is not None}
    known = trust.departments(ids=wanted) if wanted else {}

    def name(department_id: UUID | None) -> str:
        if department_id is None:
            return ""
        found = known.get(DepartmentId(department_id))
        return "" if found is None else found.name

    return name


def purpose_name(code: str) -> str:
    """Return what a person reads for a purpose, in the reader's language."""
    purpose = purposes().get(code)
    if purpose is None:
        return code
    return purpose.name_en if (get_language() or "").startswith("en") else purpose.name


def page_of(rows: QuerySet[M, M], query: ListQuery, make: Callable[[Sequence[M]], tuple[R, ...]]) -> Page[R]:
    """Return one page of a queryset, its records made together so that names are read once."""
    page, total = rows_and_total(rows, query)
    return Page(rows=make(page), total=total, query=query)
