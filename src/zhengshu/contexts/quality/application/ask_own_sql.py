"""Ask a table a rule in SQL: for the data authority only, in a sandbox."""

from collections.abc import Mapping
from datetime import date

import numpy.typing as npt
from numpy import int64

from zhengshu.contexts.quality.application.engine.own_sql import SandboxLimits, blamed_by
from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class OwnSqlNotYours(Refused):
    """Rules in SQL are written by the data authority; departments have the kinds of packs."""

    code = "quality.own-sql-not-yours"
    kind = Kind.FORBIDDEN
    message = "Only the data authority may ask rules in SQL."


def ask_own_sql(
    *,
    statement: str,
    source: Source,
    actor: Actor,
    others: Mapping[str, Source] | None = None,
    limits: SandboxLimits | None = None,
    today: date | None = None,
) -> npt.NDArray[int64]:
    """Return the places of the rows that a statement blames.

    Raises:
        OwnSqlNotYours: the actor is not of the data authority.
        OwnSqlRefused: it is not a single SELECT of places, or does what a rule may not.
        OwnSqlTooCostly: it needs too much time or memory.
    """
    if not actor.has(Role.REVIEWER):
        raise OwnSqlNotYours
    return blamed_by(statement, source=source, others=others, limits=limits, today=today)
