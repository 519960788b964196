"""Try a rule in SQL on the first rows of its table, before it is saved: in the sandbox, within tight limits."""

import hashlib
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.ask_own_sql import OwnSqlNotYours, ask_own_sql
from zhengshu.contexts.quality.application.assess_table import Jobs, source_of
from zhengshu.contexts.quality.application.engine.own_sql import SandboxLimits
from zhengshu.contexts.quality.application.show_rows import values_at
from zhengshu.contexts.quality.application.tables import Asked, asked_of, rules_in_force, table_of
from zhengshu.contexts.quality.domain.own_rules import OwnRuleDraft
from zhengshu.contexts.quality.domain.runs import NothingToAssess
from zhengshu.contexts.quality.events import OwnRuleTried
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel import masks
from zhengshu.kernel.actors import Actor, Role

LIMITS = SandboxLimits(seconds=10.0, memory_mib=256, rows=100_000)
SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRow:
    """A row that the statement blames: its number, and its values by column, masked by grade."""

    place: int
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a statement blames among the first rows of a table.

    Attributes:
        rows: how many rows it saw, of how many.
        shown: the first rows that it blames.
    """

    rows: int
    of: int
    blamed: int
    seconds: float
    shown: tuple[TriedRow, ...]

    @property
    def share(self) -> float:
        """The share of rows that it blames."""
        return self.blamed / self.rows if self.rows else 0.0


def try_own_rule(*, draft: OwnRuleDraft, actor: Actor, at: datetime) -> Tried:
    """Ask the first rows of a table a rule in SQL; nothing is kept but that it was tried.

    Raises:
        OwnSqlNotYours: the actor is not of the data authority.
        ResourceNotFound: there is no such table.
        OwnRuleUnfit: the draft says what no rule may.
        NothingToAssess: nothing of the table is served.
        OwnSqlRefused: the statement is not a single SELECT of places, or does what a rule may not.
        OwnSqlTooCostly: it needs too much time or memory.
    """
    if not actor.has(Role.REVIEWER):
        raise OwnSqlNotYours
    resource = table_of(draft.resource_code, actor=actor)
    loaded = rules_in_force()
    draft.require_fit(columns={item.column for item in resource.items}, tables=loaded.pack.tables)
    asked = replace(asked_of(resource, loaded), rules=(draft.as_rule(),))
    with ExitStack() as stack:
        files = stack.enter_context(lake.table_files(resource_id=resource.id))
        if files is None:
            raise NothingToAssess
        started = time.perf_counter()
        source = source_of(files.files, asked)
        places = ask_own_sql(
            statement=draft.statement,
            source=source,
            others=Jobs(asked, loaded, stack).others,
            actor=actor,
            limits=LIMITS,
            today=timezone.localtime(at).date(),
        )
        seconds = time.perf_counter() - started
        shown = _shown(asked, files, [int(place) for place in places[:SHOWN]])
    tried = Tried(
        rows=min(source.rows, LIMITS.rows or source.rows),
        of=source.rows,
        blamed=len(places),
        seconds=seconds,
        shown=shown,
    )
    _announce(resource, draft, tried, actor=actor, at=at)
    return tried


def _shown(asked: Asked, files: lake.TableFiles, places: list[int]) -> tuple[TriedRow, ...]:
    values = values_at(files, places)
    items = asked.resource.items
    return tuple(
        TriedRow(
            place=place,
            values=tuple(
                (
                    item.name,
                    masks.apply(lake.mask_of(item, item.column), values[place].get(item.column) or ""),
                )
                for item in items
                if item.column in values[place]
            ),
        )
        for place in places
    )


@transaction
def _announce(
    resource: catalog.ResourceRecord, draft: OwnRuleDraft, tried: Tried, *, actor: Actor, at: datetime
) -> None:
    publish(
        OwnRuleTried(
            at=at,
            actor=actor,
            subject=Subject("own_rule", draft.full_code, f"{draft.full_code} {resource.name}"),
            department_id=resource.department_id,
            rule_code=draft.full_code,
            resource_id=resource.id,
            resource_code=resource.code,
            statement_digest=digest_of(draft.statement),
            rows=tried.rows,
            blamed=tried.blamed,
        )
    )


def digest_of(statement: str) -> str:
    """Return what the audit keeps of a statement: its SHA-256, for it may name values."""
    return hashlib.sha256(statement.encode()).hexdigest()
