"""Checks what a case type says of messages and notices: who, of what, by what, and the words."""

from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.domain.definitions import APPLICANT, EACH, Definition
from zhengshu.contexts.casework.domain.faults import DEFINITION, Fault
from zhengshu.contexts.casework.domain.message_rules import (
    DOERS,
    OF_TASKS,
    OPENER,
    WITH_DOERS,
    Channel,
    MessageRule,
    Occasion,
)
from zhengshu.contexts.casework.domain.wording import check_wording, facts_of


def check_messages(definition: Definition) -> Iterator[Fault]:
    """Yield rules of messages and notices that could never hold, or would reach nobody."""
    for code, rule in definition.messages.items():
        yield from _check_message(definition, f"messages.{code}", rule)
    for code, notice in definition.notices.items():
        yield from _check_task(definition, f"notices.{code}", notice.task, notice.outcomes)
        if not notice.outcomes:
            yield _fault(f"notices.{code}.outcomes", "notice-unfit")


def check_words(definition: Definition, *, language: str, texts: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with the words of messages and notices in one language."""
    file = f"texts/{language}.yaml"
    known = facts_of(definition)
    for kind, codes in (("messages", definition.messages), ("notices", definition.notices)):
        for code in codes:
            for part in ("title", "text"):
                key = f"{kind}.{code}.{part}"
                yield from check_wording(texts.get(key, ""), known=known, file=file, element=key)


def _check_message(definition: Definition, place: str, rule: MessageRule) -> Iterator[Fault]:
    if rule.task or rule.outcomes:
        yield from _check_task(definition, place, rule.task, rule.outcomes)
        if rule.occasion not in OF_TASKS or (rule.outcomes and rule.occasion != Occasion.TASK_DONE):
            yield _fault(f"{place}.task", "message-narrowed", occasion=rule.occasion.value)
    if rule.ends and rule.occasion != Occasion.CLOSED:
        yield _fault(f"{place}.ends", "message-narrowed", occasion=rule.occasion.value)
    for end in rule.ends:
        yield from _unknown(f"{place}.ends", "end", end, definition.ends)
    lanes = [name for name, lane in definition.lanes.items() if lane.party != EACH]
    applicant = (APPLICANT,) if definition.applicant else ()
    doers = (DOERS,) if rule.occasion in WITH_DOERS else ()
    for one in rule.to:
        yield from _unknown(f"{place}.to", "recipient", one, (*lanes, *applicant, OPENER, *doers))
    if not rule.to:
        yield _fault(f"{place}.to", "message-to-nobody")
    if Channel.SITE not in rule.by:
        yield _fault(f"{place}.by", "message-without-site")


def _check_task(definition: Definition, place: str, task: str, outcomes: tuple[str, ...]) -> Iterator[Fault]:
    yield from _unknown(f"{place}.task", "task", task, tuple(definition.tasks))
    known = tuple(definition.tasks[task].outcomes) if task in definition.tasks else outcomes
    for outcome in outcomes:
        yield from _unknown(f"{place}.outcomes", "outcome", outcome, known)


def _unknown(element: str, kind: str, name: str, known: tuple[str, ...]) -> Iterator[Fault]:
    if name not in known:
        yield _fault(element, "unknown-reference", kind=kind, name=name, known=", ".join(known) or "-")


def _fault(element: str, code: str, **details: object) -> Fault:
    return Fault(file=DEFINITION, element=element, code=code, details=details)
