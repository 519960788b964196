"""Versions of case types ready for use, each read once per process, with names in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.utils.translation import get_language, gettext

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.decisions.asking import Decisions, read_decisions
from zhengshu.contexts.casework.domain.definitions import (
    EACH,
    LANGUAGES,
    Definition,
    read_definition,
    read_texts,
)
from zhengshu.contexts.casework.domain.diagram import Flow, read_flow
from zhengshu.contexts.casework.domain.flow_graph import NodeKind, TriggerKind
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.schema import Form
from zhengshu.contexts.casework.domain.language import known_names
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.domain.running import FlowEngine
from zhengshu.contexts.casework.domain.stepping import TokenEngine
from zhengshu.contexts.casework.models import CaseTypeVersion
from zhengshu.foundation.statements import Statement
from zhengshu.kernel.actors import NOBODY


@dataclass(frozen=True, kw_only=True)
class LoadedType:
    """One version of a case type, ready for use."""

    id: UUID
    edition: int
    definition: Definition
    flow: Flow
    engine: FlowEngine
    texts: dict[str, dict[str, str]]
    forms: dict[str, Form] = field(default_factory=dict)
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Task that asks a decision → the names that this reads."""

    @cached_property
    def waits(self) -> bool:
        """Whether its flow waits for times, messages or signals."""
        return any(node.trigger is not None for node in self.flow.nodes.values())

    def text(self, key: str) -> str:
        """Return a name in the reader's language; the key itself where content lacks it."""
        return self.texts.get(reader_language(), {}).get(key, key)

    def is_called(self, name: str) -> bool:
        """Whether this is the type's name in one of its languages."""
        return any(texts.get("name") == name for texts in self.texts.values())

    def task_name(self, code: str, *, clock: str = "") -> str:
        """Return the name of a task; a task about a clock is one of ours, not the type's."""
        if clock:
            return gettext("Consent to more time: %(clock)s") % {"clock": self.clock_name(clock)}
        if about := countersigned(code):
            return gettext("Countersign: %(task)s") % {"task": self.text(f"tasks.{about}.name")}
        return self.text(f"tasks.{code}.name")

    def outcome_name(self, task: str, outcome: str, *, clock: str = "") -> str:
        """Return the name of an outcome of a task."""
        if clock:
            return {"consent": gettext("Consent"), "decline": gettext("Decline")}.get(outcome, outcome)
        if countersigned(task):
            return {"agree": gettext("Agree"), "object": gettext("Object")}.get(outcome, outcome)
        return self.text(f"tasks.{task}.outcomes.{outcome}")

    def outcome_names(self, task: str, *, clock: str = "") -> dict[str, str]:
        """Return the names of all outcomes of a task."""
        if clock:
            codes: tuple[str, ...] = ("consent", "decline")
        elif countersigned(task):
            codes = ("agree", "object")
        else:
            codes = tuple(self.definition.tasks[task].outcomes)
        return {code: self.outcome_name(task, code, clock=clock) for code in codes}

    def party_name(self, party: str) -> str:
        """Return the name of a party; all departments for which one task is done share one."""
        return self.text(f"parties.{EACH if party.startswith(f'{EACH}_') else party}")

    def event_name(self, event: str) -> str:
        """Return the name of an event of the flow."""
        node = self.flow.nodes.get(event)
        trigger = node.trigger if node is not None else None
        if trigger is not None and trigger.kind == TriggerKind.MESSAGE:
            return self.text(f"incoming.{trigger.name}")
        named = self.text(f"events.{event}")
        return node.name or event if node is not None and named == f"events.{event}" else named

    def decision_name(self, decision: str, rules: Iterable[str], *, is_plain: bool = False) -> str:
        """Return the name of a decision, with the sentences of its rules where the type has such.

        Args:
            decision: its code.
            rules: the numbers of the rules that applied.
            is_plain: leave the numbers out where there are sentences, for who does not know the table.
        """
        name = self.text(f"decisions.{decision}.name")
        keys = {rule: f"decisions.{decision}.rules.{rule}" for rule in rules}
        told = [text for rule, key in keys.items() if (text := self.text(key)) != key]
        if not keys:
            return gettext("%(decision)s: no rule applied, so the default counts") % {"decision": name}
        numbered = gettext("%(decision)s decided by rule %(rules)s") % {
            "decision": name,
            "rules": ", ".join(keys),
        }
        title = name if is_plain and told else numbered
        return gettext("%(title)s: %(text)s") % {"title": title, "text": "; ".join(told)} if told else title

    def clock_name(self, code: str) -> str:
        """Return the name of a clock."""
        return self.text(f"clocks.{code}.name")

    def state_name(self, state: str) -> str:
        """Return the name of a case's state."""
        return gettext("In progress") if state == OPEN else self.text(f"ends.{state}")


def countersigned(code: str) -> str:
    """Return the task that a countersignature is about; empty for every other task.

    The code of a countersignature has points, which no code of a type has: ``countersign.1.decide``.
    """
    kind, _, rest = code.partition(".")
    return rest.partition(".")[2] if kind == "countersign" else ""


def reader_language() -> str:
    """Return the language of the reader as case types name it."""
    language = (get_language() or LANGUAGES[0]).lower()
    return LANGUAGES[1] if language.startswith("en") else LANGUAGES[0]


def loaded(version_id: UUID) -> LoadedType:
    """Return a version ready for use."""
    return loaded_all([version_id])[version_id]


def current_version(code: str) -> UUID | None:
    """Return the id of the current version of a case type; None where no such type was loaded."""
    found: list[tuple[UUID]] = _CURRENT.rows(code)
    return found[0][0] if found else None


def loaded_all(version_ids: Iterable[UUID]) -> dict[UUID, LoadedType]:
    """Return versions ready for use; at most one query, and none for those that this process knows."""
    wanted = set(version_ids)
    unknown = wanted - _known.keys()
    if unknown:
        for version in CaseTypeVersion.objects.filter(pk__in=unknown):
            _known[version.pk] = ready(version)
    return {key: _known[key] for key in wanted}


def ready(version: CaseTypeVersion) -> LoadedType:
    """Read a version's definition and flow."""
    flow, definition = read_flow(version.flow), read_definition(version.definition)
    decisions = _decisions(flow, definition, version.decisions)
    return LoadedType(
        id=version.pk,
        edition=version.edition,
        definition=definition,
        flow=flow,
        engine=TokenEngine(flow, decisions.decider(definition)),
        reads=decisions.reads_by_task(flow),
        texts=version.texts,
        forms={code: read_form(text, code=code)[0] for code, text in version.forms.items()},
    )


def ready_files(files: TypeFiles) -> LoadedType:
    """Read the files of a case type that is no version yet.

    Raises:
        ValueError: its definition, texts, flow or decisions cannot be read.
    """
    flow, definition = read_flow(files.flow), read_definition(files.definition)
    decisions = _decisions(flow, definition, files.decisions)
    return LoadedType(
        id=NOBODY,
        edition=0,
        definition=definition,
        flow=flow,
        engine=TokenEngine(flow, decisions.decider(definition)),
        reads=decisions.reads_by_task(flow),
        texts={language: read_texts(text) for language, text in files.texts.items()},
        forms={code: read_form(text, code=code)[0] for code, text in files.forms.items()},
    )


def _decisions(flow: Flow, definition: Definition, sources: Mapping[str, str]) -> Decisions:
    """Return the decisions of a version; none where its flow asks none, for those were not read when it was loaded."""
    asks = bool(flow.of_kind(NodeKind.DECISION))
    return read_decisions(sources if asks else {}, known_names(definition))


_CURRENT = Statement("SELECT id FROM casework_case_type_version WHERE code = %s AND is_current")

_known: dict[UUID, LoadedType] = {}
"""Versions never change, so nothing here ever becomes stale."""
