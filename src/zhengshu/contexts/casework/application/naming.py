"""Versions of case types ready for use, each read once per process, with names in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.utils.translation import get_language, gettext

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import (
    EACH,
    LANGUAGES,
    Definition,
    read_definition,
    read_texts,
)
from zhengshu.contexts.casework.domain.diagram import Flow, read_flow
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.schema import Form
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.domain.running import FlowEngine
from zhengshu.contexts.casework.domain.stepping import TokenEngine
from zhengshu.contexts.casework.models import CaseTypeVersion
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

    @cached_property
    def waits(self) -> bool:
        """Whether its flow waits for times, messages or signals."""
        return any(node.trigger is not None for node in self.flow.nodes.values())

    def text(self, key: str) -> str:
        """Return a name in the reader's language; the key itself where content lacks it."""
        return self.texts.get(reader_language(), {}).get(key, key)

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
    flow = read_flow(version.flow)
    return LoadedType(
        id=version.pk,
        edition=version.edition,
        definition=read_definition(version.definition),
        flow=flow,
        engine=TokenEngine(flow),
        texts=version.texts,
        forms={code: read_form(text, code=code)[0] for code, text in version.forms.items()},
    )


def ready_files(files: TypeFiles) -> LoadedType:
    """Read the files of a case type that is no version yet.

    Raises:
        ValueError: its definition, texts or flow cannot be read; the engine may refuse the flow.
    """
    return LoadedType(
        id=NOBODY,
        edition=0,
        definition=read_definition(files.definition),
        flow=read_flow(files.flow),
        engine=TokenEngine(read_flow(files.flow)),
        texts={language: read_texts(text) for language, text in files.texts.items()},
        forms={code: read_form(text, code=code)[0] for code, text in files.forms.items()},
    )


_known: dict[UUID, LoadedType] = {}
"""Versions never change, so nothing here ever becomes stale."""
