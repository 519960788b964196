"""What the decision tables of a case type say of a form, before it is sent and when it is."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import Draft, draft
from zhengshu.contexts.casework.application.forms.send_form import case_data, department_id
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.completing import opening_data
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.forms.ports import Finding, Verdict
from zhengshu.contexts.casework.domain.forms.schema import Words
from zhengshu.contexts.casework.domain.running import Hit
from zhengshu.kernel.actors import Actor

VERDICTS = frozenset(verdict.value for verdict in Verdict)


def foresee(*, draft_id: UUID, actor: Actor) -> tuple[Finding, ...]:
    """Return what the checks of a draft's case type would say if it was sent now; none while answers are faulty.

    Raises:
        DraftNotFound: there is no such draft of the actor.
    """
    found = draft(draft_id=draft_id, actor=actor)
    return findings_of(found) if found.row.task_id is None and found.row.sent_at is None else ()


def findings_of(found: Draft) -> tuple[Finding, ...]:
    """Return what the checks of a form say: the flow is begun in memory, with the tables that the case will run."""
    if found.evaluated.faults or not any(is_verdict(found.type, one) for one in found.type.definition.data):
        return ()
    definition = found.type.definition
    answered = case_data(definition, found.evaluated.values, department=department_id)
    stepped = found.type.engine.start(data=opening_data(definition, answered))
    return tuple(_findings(found.type, stepped.hits, stepped.data))


def is_verdict(kind: LoadedType, name: str) -> bool:
    """Whether a datum holds the verdict of a check: its values are those of `Verdict`, its name is the decision's."""
    datum = kind.definition.data.get(name)
    return datum is not None and frozenset(datum.values) == VERDICTS


def _findings(kind: LoadedType, hits: Iterable[Hit], data: Mapping[str, Value]) -> Iterator[Finding]:
    for hit in hits:
        if is_verdict(kind, hit.decision):
            yield Finding(
                check=hit.decision,
                verdict=Verdict(str(data[hit.decision])),
                name=_words(kind, [f"decisions.{hit.decision}.name"]),
                words=_words(kind, [f"decisions.{hit.decision}.rules.{rule}" for rule in hit.rules]),
                basis=kind.texts["zh-hans"].get(f"decisions.{hit.decision}.basis", ""),
            )


def _words(kind: LoadedType, keys: list[str]) -> Words:
    zh, en = (
        " ".join(kind.texts[language].get(key, "") for key in keys).strip() for language in ("zh-hans", "en")
    )
    return Words(zh=zh, en=en)
