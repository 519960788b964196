"""The list of what a department issued, as a table; that it was exported is noted before the first row."""

from collections.abc import Iterator
from datetime import datetime

from zhengshu.contexts.certificates.application.queries import narrowed
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.events import CertificatesExported
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor

MOST_EXPORTED = 10_000


def exported(*, query: ListQuery, actor: Actor, at: datetime) -> Iterator[CertificateRecord]:
    """Yield what the actor's department issued, as the list is filtered, at most `MOST_EXPORTED`."""
    rows = narrowed(query, actor=actor, at=at).select_related("version").order_by("-issued_at", "-id")
    _note(actor=actor, at=at, rows=min(rows.count(), MOST_EXPORTED))
    for row in rows[:MOST_EXPORTED].iterator(chunk_size=500):
        yield record_of(row, row.version.read(), at=at)


@transaction
def _note(*, actor: Actor, at: datetime, rows: int) -> None:
    subject = Subject("department", str(actor.department_id), actor.department_name)
    publish(
        CertificatesExported(
            at=at, actor=actor, subject=subject, department_id=actor.department_id, rows=rows
        )
    )
