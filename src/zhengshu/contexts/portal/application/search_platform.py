"""One search over what the platform holds: resources, departments, cases."""

from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.api import CaseRecord
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.api import ResourceSummary
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.api import DepartmentRecord
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor

ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the words led to, each kind by itself; a kind that the actor may not see is empty."""

    resources: Page[ResourceSummary]
    departments: tuple[DepartmentRecord, ...]
    cases: Page[CaseRecord]

    @property
    def total(self) -> int:
        """How many hits there are in all."""
        return self.resources.total + len(self.departments) + self.cases.total


def search_platform(*, text: str, actor: Actor, at: datetime) -> Found:
    """Search everything that the actor may see."""
    query = ListQuery(text=text, size=ROWS)
    return Found(
        resources=catalog.search(query=query, actor=actor),
        departments=_departments(text),
        cases=casework.supervised(actor=actor, query=query, at=at),
    )


def _departments(text: str) -> tuple[DepartmentRecord, ...]:
    """Return the departments whose name or code has the text; a city has hundreds, so they are read at once."""
    wanted = text.casefold()
    found = [
        one
        for one in trust.departments().values()
        if wanted in f"{one.name} {one.short_name} {one.code}".casefold()
    ]
    return tuple(sorted(found, key=lambda one: (one.level, one.name))[:ROWS])
