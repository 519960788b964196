"""Who reads which case: one row for each case and each reader of it, with what lists are sorted and narrowed by.

Triggers keep these rows (migration `readers`); nothing else writes them. They say what the parties of a case say, but
in the order in which lists show it, so that a page costs the same among ten cases and among a million (ADR 0010).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5
from typing import Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.mandates import Power

CASE_ROLES = frozenset(
    {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.WINDOW_CLERK, Role.APPROVER, Role.LEADER}
)
"""Officials who work with cases; administrators and operators do not."""

CASE_READERS = CASE_ROLES | {Role.SECURITY_ADMIN}
"""Who may open the pages of cases: those, and the security administrator, who reads the cases of his office only."""

SUPERVISING_ROLES = frozenset({Role.REVIEWER, Role.LEADER})
"""Officials of a data authority who supervise cases of their region to which it is no party."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The time of what has none, so that it sorts last and can be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """As whom an actor reads cases: as a party to them, or as a department that supervises them.

    The reader is a department, the security office of one, a person who asked for himself, an enterprise in whose
    name somebody asked, or an enterprise's matters of one kind.
    """

    reader: UUID
    is_supervisor: bool = False

    @property
    def condition(self) -> Q:
        """The rows of the scope."""
        return Q(reader=self.reader, is_supervisor=self.is_supervisor)

    @property
    def lexeme(self) -> str:
        """The word under which the search index keeps the cases of the scope; the database writes it likewise."""
        return f"@{self.reader.hex}{'s' if self.is_supervisor else ''}"


def scopes_of(actor: Actor) -> tuple[Scope, ...]:
    """Return as whom an actor reads cases; nothing for those who see only what they opened themselves."""
    if actor.department_id is None:
        return _applicant_scopes(actor)
    if actor.has(Role.SECURITY_ADMIN):
        return (Scope(reader=office_of(actor.department_id)),)
    if not actor.has(*CASE_ROLES):
        return ()
    own = Scope(reader=actor.department_id)
    if not actor.has(*SUPERVISING_ROLES):
        return (own,)
    return (own, Scope(reader=actor.department_id, is_supervisor=True))


def _applicant_scopes(actor: Actor) -> tuple[Scope, ...]:
    own = (actor.id,) if Role.CITIZEN in actor.roles else ()
    enterprises = sorted(_represented(actor)) if Role.ENTERPRISE_DELEGATE in actor.roles else ()
    return tuple(Scope(reader=reader) for reader in (*own, *enterprises))


def _represented(actor: Actor) -> set[UUID]:
    """Return as what a delegate reads: whole enterprises, and single kinds of matters of others."""
    single = {
        matters_of(one.enterprise_id, code)
        for one in actor.mandates
        if one.enterprise_id not in actor.enterprise_ids
        for code in one.codes(Power.MATTERS)
    }
    return {*actor.enterprise_ids, *single}


def matters_of(enterprise_id: UUID, type_code: str) -> UUID:
    """Return as what those read an enterprise's cases of one type whose power is for such matters only.

    The database computes the same (migration `handlers`), so that lists, counts and searches need know nothing of it.
    """
    name = f"{enterprise_id}:{type_code}".encode()
    return UUID(bytes=md5(name, usedforsecurity=False).digest())


def office_of(department_id: UUID) -> UUID:
    """Return as what the security administrators of a department read the cases of the party `SECURITY`.

    Their colleagues do not read these, and they read no others; the database computes the same (migration
    `security_offices`).
    """
    return UUID(bytes=md5(f"{department_id}:security".encode(), usedforsecurity=False).digest())


def read_by(scopes: Iterable[Scope]) -> Q:
    """Return the condition on readers that any of the scopes holds."""
    condition = Q()
    for scope in scopes:
        condition |= scope.condition
    return condition


class CaseReader(models.Model):
    """One reader of one case; a time that is not there is `NEVER`."""

    pk = models.CompositePrimaryKey("case_id", "reader", "is_supervisor")
    case = models.ForeignKey("Case", on_delete=models.CASCADE, related_name="readers", db_index=False)
    reader = models.UUIDField()
    is_supervisor = models.BooleanField()
    is_ended = models.BooleanField()
    due_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    number = models.CharField(max_length=40, db_collation="C")
    type_code = models.CharField(max_length=64)
    department_id = models.UUIDField(null=True)

    class Meta:
        db_table = "casework_case_reader"
        indexes = [
            models.Index(
                fields=["reader", "is_supervisor", "is_ended", "due_at", "case"], name="casework_reader_due"
            ),
            models.Index(
                fields=["reader", "is_supervisor", "opened_at", "case"], name="casework_reader_opened"
            ),
            models.Index(fields=["reader", "is_supervisor", "number"], name="casework_reader_number"),
            models.Index(
                fields=["reader", "is_supervisor", "type_code", "opened_at"], name="casework_reader_type"
            ),
            models.Index(
                fields=["reader", "is_supervisor", "department_id", "opened_at"],
                name="casework_reader_department",
            ),
            models.Index(
                fields=["reader", "is_supervisor", "yellow_at"],
                condition=Q(is_ended=False),
                name="casework_reader_yellow",
            ),
            models.Index(
                fields=["reader", "is_supervisor", "closed_at"],
                condition=Q(is_ended=True),
                name="casework_reader_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Matches(Func):
    """Whether a `tsvector` answers the text of a `tsquery`."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


class Rank(Func):
    """How well a `tsvector` answers the text of a `tsquery`: the title counts most, long texts count less."""

    template = "ts_rank('{0.1,0.3,0.6,1}', %(expressions)s::tsquery, 1)"
    output_field = models.FloatField()


class CaseWordsQuerySet(models.QuerySet["CaseWords"]):
    """Words of cases."""

    def matching(self, question: str) -> Self:
        """Keep those that answer the text of a `tsquery`."""
        return self.filter(Matches(F("words"), Value(question)))

    def newest(self, question: str, *, most: int) -> tuple[UUID, ...]:
        """Return the cases that answer the text of a `tsquery`, those that were opened last first."""
        rows = self.matching(question).order_by("-opened_at", "-case_id")
        return tuple(rows.values_list("case_id", flat=True)[:most])


class CaseWords(models.Model):
    """The words of a case, and its readers as words, in one index: what a reader may not see is never looked at."""

    case = models.OneToOneField("Case", on_delete=models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField()
    opened_at = models.DateTimeField()
    """As the case says; the database keeps it, as it keeps the words of readers."""

    objects = CaseWordsQuerySet.as_manager()

    class Meta:
        db_table = "casework_case_words"
        indexes = [
            GinIndex(fields=["words"], name="casework_words", fastupdate=False),
            models.Index(fields=["opened_at", "case"], name="casework_words_opened"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
