"""Whether anything changed for a reader since he looked: one query, however much there is."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import CharField, Count, Max, Min, Model, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from zhengshu.contexts.casework.models import Case, Message, Task
from zhengshu.kernel.actors import Actor

BELL, DESK, CASE = "bell", "desk", "case"


def stamps(*, parts: Iterable[str], case_id: UUID | None, actor: Actor) -> dict[str, str]:
    """Return a short text for each part of a page, which is another one after the part changed.

    Args:
        parts: `BELL` for the messages, `DESK` for the to-dos.
        case_id: a case that the page shows; nothing is told of one that the actor may not see.
        actor: who reads.
    """
    wanted = set(parts)
    rows: list[QuerySet[Model, tuple[str, str]]] = []
    if BELL in wanted:
        unread = Message.objects.visible_to(actor).unread()
        rows.append(_row(BELL, unread, Count("pk"), Max("at")))
    if DESK in wanted:
        todos = Task.objects.open_to(actor)
        moments = (Max("opened_at"), Max("claimed_at"), Min("due_at"), Max("due_at"))
        rows.append(_row(DESK, todos, Count("pk"), *moments))
    if case_id is not None:
        case = Case.objects.visible_to(actor).filter(pk=case_id).order_by()
        rows.append(
            case.annotate(part=_constant(CASE), stamp=Cast("steps", CharField())).values_list("part", "stamp")
        )
    return dict(rows[0].union(*rows[1:], all=True)) if rows else {}


def _row(name: str, rows: QuerySet[Model], *marks: Count | Max | Min) -> QuerySet[Model, tuple[str, str]]:
    texts = [Coalesce(Cast(mark, CharField()), Value("-")) for mark in marks]
    stamp = Concat(*(part for text in texts for part in (text, Value("|"))), output_field=CharField())
    named = rows.order_by().annotate(part=_constant(name)).values("part")
    stamped: QuerySet[Model, tuple[str, str]] = named.annotate(stamp=stamp).values_list("part", "stamp")
    return stamped


def _constant(text: str) -> Value:
    return Value(text, output_field=CharField())
