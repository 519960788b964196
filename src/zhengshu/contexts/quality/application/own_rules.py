"""Rules in SQL: those that a table is asked, and what the data authority may know of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.quality.domain.own_rules import OwnRuleNotFound
from zhengshu.contexts.quality.domain.rules import Rule
from zhengshu.contexts.quality.models import OwnRule, OwnRuleVersion
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor

FILTERS = ("state",)
SORTS = ("code", "resource_name", "created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuleEdition:
    """One edition of a rule in SQL."""

    number: int
    rule: Rule
    statement: str
    tables: tuple[str, ...]
    saved_at: datetime
    saved_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuleRecord:
    """A rule in SQL with its editions, the latest first; lists carry the latest alone."""

    id: UUID
    code: str
    resource_id: UUID
    resource_code: str
    resource_name: str
    number: int
    created_at: datetime
    retired_at: datetime | None
    retired_by_name: str
    editions: tuple[OwnRuleEdition, ...]

    @property
    def current(self) -> OwnRuleEdition:
        """The edition in force."""
        return self.editions[0]


def in_force(resource_id: UUID | None = None) -> tuple[Rule, ...]:
    """Return the rules in SQL that a table is asked, or all tables; for jobs and results, nobody is asked."""
    rows = OwnRuleVersion.objects.current().filter(rule__retired_at=None)
    if resource_id is not None:
        rows = rows.filter(rule__resource_id=resource_id)
    return tuple(row.as_rule(row.rule.code) for row in rows.order_by("rule__code"))


def own_rule(*, rule_id: UUID, actor: Actor) -> OwnRuleRecord:
    """Return a rule in SQL with all its editions.

    Raises:
        OwnRuleNotFound: there is none that the actor may see.
    """
    row = OwnRule.objects.visible_to(actor).filter(id=rule_id).first()
    if row is None:
        raise OwnRuleNotFound
    return _record(row, row.versions.order_by("-number"))


def own_rules(*, actor: Actor, query: ListQuery) -> Page[OwnRuleRecord]:
    """Return rules in SQL. Filters: ``state`` (in-force, retired)."""
    rows = OwnRule.objects.visible_to(actor)
    if query.filters.get("state"):
        rows = rows.filter(retired_at__isnull="in-force" in query.filters["state"])
    if query.text:
        rows = rows.filter(code__icontains=query.text) | rows.filter(resource_name__icontains=query.text)
    order = query.sort if query.sort.removeprefix("-") in SORTS else "code"
    page = paged(rows.order_by(order, "id"), query, lambda row: row)
    found = OwnRuleVersion.objects.current().filter(rule__in=[row.id for row in page.rows])
    current = {one.rule_id: one for one in found}
    return Page(
        rows=tuple(_record(row, [current[row.id]]) for row in page.rows), total=page.total, query=query
    )


def id_of(*, code: str, actor: Actor) -> UUID | None:
    """Return the id of the rule in SQL with a code; None where there is none that the actor may see."""
    return OwnRule.objects.visible_to(actor).filter(code=code).values_list("id", flat=True).first()


def _record(row: OwnRule, versions: Iterable[OwnRuleVersion]) -> OwnRuleRecord:
    return OwnRuleRecord(
        id=row.id,
        code=row.code,
        resource_id=row.resource_id,
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        number=row.number,
        created_at=row.created_at,
        retired_at=row.retired_at,
        retired_by_name=row.retired_by_name,
        editions=tuple(_edition(row, one) for one in versions),
    )


def _edition(row: OwnRule, one: OwnRuleVersion) -> OwnRuleEdition:
    return OwnRuleEdition(
        number=one.number,
        rule=one.as_rule(row.code),
        statement=one.statement,
        tables=tuple(one.tables),
        saved_at=one.saved_at,
        saved_by_name=one.saved_by_name,
    )
