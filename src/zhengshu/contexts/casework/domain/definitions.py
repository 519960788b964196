"""What a case type says of itself: `type.yaml` as frozen types."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import msgspec

from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.message_rules import MessageRule, NoticeRule
from zhengshu.foundation.files.kinds import KINDS
from zhengshu.kernel.actors import Role
from zhengshu.kernel.levels import Assurance
from zhengshu.kernel.limits import LimitUnit
from zhengshu.kernel.plain_yaml import read_yaml

Code = str
"""A machine name: lower-case letters, digits, ``_`` in flows and ``-`` in names of case types."""

LANGUAGES = ("zh-hans", "en")
"""The languages in which every name must exist."""


APPLICANT = "applicant"
"""The reserved name of the party that is a person or an enterprise, not a department."""

SECURITY = "security"
"""The reserved name of the party that is the security administrators of a department; their colleagues see nothing."""

EACH = "each"
"""The reserved name of the party of a task that is done once for each of several departments."""


_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DEPARTMENTS = re.compile(rf"(?:{_UUID}(?:,{_UUID})*)?")


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all parts: unknown keys are faults, nothing changes after reading."""


class Numbering(_Part, frozen=True, kw_only=True):
    """How cases are numbered: ``prefix`` + date + sequence, gap-free within a day or within the year."""

    prefix: str
    per: Literal["day", "year"] = "day"
    digits: int = 4


class Datum(_Part, frozen=True, kw_only=True):
    """One value of a case's data: its kind, the values that it may take, and what it is when not given."""

    type: Literal["text", "number", "flag", "departments"]
    """``departments``: the ids of departments, separated by commas; an element may be done for each of them."""
    values: tuple[str, ...] = ()
    default: Value | None = None
    """None: must be given when the case is opened."""

    def admits(self, value: object) -> bool:
        """Whether a value is of this kind and among the values that it may take."""
        match self.type:
            case "text":
                return isinstance(value, str) and (not self.values or value in self.values)
            case "number":
                return isinstance(value, int) and not isinstance(value, bool)
            case "flag":
                return isinstance(value, bool)
            case "departments":
                return isinstance(value, str) and bool(_DEPARTMENTS.fullmatch(value))


class LaneRule(_Part, frozen=True, kw_only=True):
    """Who works in a lane of the diagram: officials of a party's department in one of the roles.

    The party `APPLICANT` stands for whoever asked: the person, or any delegate of the enterprise.
    """

    party: Code
    roles: tuple[Role, ...]


Level = Literal["", "one_factor", "two_factors", "bound_key"]
"""Levels of assurance as content names them."""


class OutcomeRule(_Part, frozen=True, kw_only=True):
    """One way in which a task may end."""

    needs_reason: bool = False
    needs_basis: bool = False
    without_form: bool = False
    """Whether the task ends so without its form: what that asks is known only where the matter goes well."""
    once: bool = False
    """Whether it may happen only once in a case (one-time notice)."""
    basis: str = ""
    """The article that demands ``needs_reason``, ``needs_basis`` or ``once``."""
    tone: Literal["primary", "neutral", "danger"] = "neutral"
    names: Code = ""
    """The party of `Definition.named_later` for which whoever chooses this outcome names a department."""
    assurance: Level = ""
    """How surely whoever chooses this outcome must lately have shown who he is; more than the task asks."""


class TaskRule(_Part, frozen=True, kw_only=True):
    """One user task of the flow."""

    outcomes: dict[Code, OutcomeRule]
    form: Code = ""
    """The form that whoever does the task fills in; it ends by sending it."""
    not_own_matter: bool = False
    """Avoidance (回避): whoever opened the case or asked for it, himself or for an enterprise, may not decide here."""
    not_after: tuple[Code, ...] = ()
    """Four eyes: whoever completed one of these tasks may not do this one."""
    basis: str = ""
    assurance: Level = ""
    """How surely whoever does it must lately have shown who he is; empty asks nothing."""
    counts: bool = False
    """Whether conditions may ask how many of its instances ended how: ``TASK_OUTCOME_count``."""

    def asks_assurance(self, outcome: str = "") -> Assurance | None:
        """Return the level that it asks for, or that one of its outcomes does; None where neither asks."""
        rule = self.outcomes.get(outcome)
        named = [level for level in (self.assurance, rule.assurance if rule else "") if level]
        return max((Assurance.named(level) for level in named), default=None)


class Limit(_Part, frozen=True, kw_only=True):
    """One time limit, for the cases to which its condition applies; the first that applies is taken."""

    value: int
    unit: LimitUnit
    basis: str
    when: str = ""
    """An expression over the case's data; empty applies always."""
    chosen_by: Code = ""
    """A number of the case's data that is the limit in this case; `value` is then the most that it may be."""


class Extension(_Part, frozen=True, kw_only=True):
    """How a clock may be extended, and who must consent."""

    value: int
    unit: LimitUnit
    basis: str
    times: int = 1
    when: str = ""
    """An expression over the case's data; empty allows it always."""
    consent_by: Code
    """The lane whose people consent to what the holder of the task asks for."""


class PauseGround(_Part, frozen=True, kw_only=True):
    """A lawful reason to stop a clock for a while."""

    basis: str
    while_task: Code = ""
    """Paused by itself for as long as this task is open; empty: paused and resumed by hand."""
    tells_duration: bool = False
    """Whether whoever pauses must tell in writing how long it will take (Administrative Licensing Law, article 45)."""


class Promise(_Part, frozen=True, kw_only=True):
    """What the office promises: fewer units than the law allows, of the same kind."""

    value: int
    basis: str
    """The promise: the office's notice, its implementation list."""


class Silence(_Part, frozen=True, kw_only=True):
    """What it means that a clock ends and nobody answered: the platform then takes this outcome of this task."""

    task: Code
    outcome: Code
    basis: str
    counts_from: Literal["start", "end"] = "end"
    """From when the clocks that begin with it count: the start of this clock (accepted from the day of receipt:
    Administrative Licensing Law, article 32), or its end."""


class Recipient(StrEnum):
    """Whom an escalation reaches."""

    HANDLER_HEAD = "handler_head"
    """The heads of the departments that have something to do."""
    LEADER = "leader"
    """The leaders of those departments."""
    DATA_AUTHORITY = "data_authority"
    """The reviewers of the data authorities that supervise the case."""


class EscalationRule(_Part, frozen=True, kw_only=True):
    """When a slow case is escalated and to whom: when a light turns, or so many units after the end."""

    at: Literal["", "yellow", "red"] = ""
    after: int = 0
    unit: LimitUnit = LimitUnit.WORKING_DAYS
    to: tuple[Recipient, ...]


class Lights(_Part, frozen=True, kw_only=True):
    """When a light turns yellow: so many of the limit's units, or fewer, are left."""

    yellow: int


class ClockRule(_Part, frozen=True, kw_only=True):
    """One legal clock: when it starts and stops, how long it runs, what may stop it."""

    starts_with: Code
    """The task whose opening starts it."""
    stops_with: dict[Code, tuple[Code, ...]]
    """Task → outcomes that stop it; an empty list means any outcome."""
    covers: tuple[Code, ...]
    """Tasks whose due date is this clock's."""
    limits: tuple[Limit, ...]
    lights: Lights
    extension: Extension | None = None
    pauses: dict[Code, PauseGround] = {}
    promised: Promise | None = None
    silence: Silence | None = None


class Incoming(_Part, frozen=True, kw_only=True):
    """A message for which the flow may wait, and who may deliver it besides the platform."""

    lanes: tuple[Code, ...] = ()
    brings: tuple[Code, ...] = ()
    """The data that come with it; whoever delivers it in a lane may set these and no others."""


class DocumentsRule(_Part, frozen=True, kw_only=True):
    """Which documents may be added to a case besides the files of its forms."""

    kinds: tuple[str, ...] = tuple(ending.removeprefix(".") for ending in KINDS)
    """Kinds of files, by their ending."""
    most: int = 50
    """Documents of one case."""
    most_mb: int = 20
    """Megabytes of one document."""


class Withdrawal(_Part, frozen=True, kw_only=True):
    """Who may take the case back, and the end state that this gives."""

    lanes: tuple[Code, ...]
    end: Code = "withdrawn"


class Definition(_Part, frozen=True, kw_only=True):
    """A case type: everything but its flow and its names."""

    code: Code
    number: Numbering
    basis: tuple[str, ...]
    parties: tuple[Code, ...]
    named_later: tuple[Code, ...] = ()
    """Parties that nobody knows yet when a case is opened; an outcome names them (``names``)."""
    opened_by: tuple[Code, ...]
    """The lanes whose people may open a case of the type."""
    opening_form: Code = ""
    """The form with which people open a case; empty: only other contexts open cases of the type."""
    opening_parties: dict[Code, str] = {}
    """Party → whose department takes it when the form opens a case: own, authority, department:CODE, field:KEY;
    item is that of the service item behind the type, joint:1 the first that handles it together with it."""
    purposes: tuple[Code, ...] = ()
    """The purposes of use under which bound fields of its forms are fetched through the exchange."""
    data: dict[Code, Datum] = {}
    applicant: tuple[Role, ...] = ()
    """Who may be the applicant: a citizen, an enterprise's delegate; empty: cases of the type have none."""
    lanes: dict[Code, LaneRule]
    tasks: dict[Code, TaskRule]
    clocks: dict[Code, ClockRule] = {}
    escalation: tuple[EscalationRule, ...] = ()
    """For each clock, to whom it is told that it nears its end or has passed it."""
    timers: dict[Code, tuple[Limit, ...]] = {}
    """Timer events of the flow → how long they wait; the first limit that applies is taken."""
    incoming: dict[Code, Incoming] = {}
    """Messages for which events of the flow wait, by their name."""
    documents: DocumentsRule = DocumentsRule()
    """What may be added to a case."""
    messages: dict[Code, MessageRule] = {}
    """Who is told of what; the words stand in the texts under the same code."""
    notices: dict[Code, NoticeRule] = {}
    """Notices in writing that are issued when tasks end."""
    ends: tuple[Code, ...]
    withdrawal: Withdrawal | None = None

    def initial_data(self) -> dict[str, Value]:
        """Return the data of a fresh case: defaults, and for each task the empty outcome."""
        given = {name: datum.default for name, datum in self.data.items() if datum.default is not None}
        return {**dict.fromkeys(self.tasks, ""), **dict.fromkeys(self.counted_names(), 0), **given}

    def brought_names(self) -> tuple[str, ...]:
        """Return the data that messages bring; people fill them in, so they have names."""
        brought = {name for message in self.incoming.values() for name in message.brings}
        return tuple(name for name in self.data if name in brought)

    def counted_names(self) -> tuple[str, ...]:
        """Return the names under which instances of tasks are counted by their outcome."""
        return tuple(
            f"{code}_{outcome}_count"
            for code, task in self.tasks.items()
            if task.counts
            for outcome in task.outcomes
        )


def names_allowed(tables: Mapping[str, int]) -> frozenset[str]:
    """Return the keys of the names that a language may have: the article of a decision table, a sentence a rule."""
    return frozenset(
        f"decisions.{table}.rules.{number}"
        for table, count in tables.items()
        for number in range(1, count + 1)
    ) | frozenset(f"decisions.{table}.basis" for table in tables)


@lru_cache(maxsize=256)
def read_definition(text: str) -> Definition:
    """Return the definition in the text of a `type.yaml`.

    Raises:
        ValueError: it is not YAML, or not of this form; the message says where.
    """
    try:
        return msgspec.convert(read_yaml(text), Definition)
    except msgspec.ValidationError as fault:
        raise ValueError(str(fault)) from fault


def read_texts(text: str) -> dict[str, str]:
    """Return the names and sentences of one language, flattened: ``tasks.head_approval.name`` → text.

    Raises:
        ValueError: it is not YAML, or not a tree of texts.
    """
    return dict(_read_texts(text))


@lru_cache(maxsize=256)
def _read_texts(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(_leaves(read_yaml(text), ""))


def _leaves(tree: object, path: str) -> list[tuple[str, str]]:
    if isinstance(tree, str):
        return [(path, tree.strip())]
    if not isinstance(tree, dict):
        message = f"{path or 'the file'} must be a text or a group of texts"
        raise ValueError(message)  # noqa: TRY004 - a fault of content, not of the program
    return [leaf for key, part in tree.items() for leaf in _leaves(part, f"{path}.{key}".lstrip("."))]


def names_needed(definition: Definition, tables: Iterable[str] = ()) -> frozenset[str]:
    """Return the keys of the names that each language must have, those of decision tables too."""
    needed = {"name", "summary"}
    needed |= {f"parties.{party}" for party in definition.parties}
    needed |= {f"parties.{APPLICANT}"} if definition.applicant else set[str]()
    needed |= {f"ends.{end}" for end in definition.ends}
    needed |= {f"lanes.{lane}" for lane in definition.lanes}
    forms = (definition.opening_form, *(task.form for task in definition.tasks.values()))
    needed |= {f"forms.{form}" for form in forms if form}
    for code, task in definition.tasks.items():
        needed |= {f"tasks.{code}.name", f"tasks.{code}.hint"}
        needed |= {f"tasks.{code}.outcomes.{outcome}" for outcome in task.outcomes}
    needed |= {f"parties.{EACH}" for lane in definition.lanes.values() if lane.party == EACH}
    needed |= {f"events.{timer}" for timer in definition.timers}
    needed |= {f"incoming.{message}" for message in definition.incoming}
    for name in definition.brought_names():
        needed |= {
            f"data.{name}.name",
            *(f"data.{name}.values.{value}" for value in definition.data[name].values),
        }
    needed |= {f"decisions.{table}.name" for table in tables}
    words = [f"messages.{code}" for code in definition.messages] + [
        f"notices.{code}" for code in definition.notices
    ]
    needed |= {f"{key}.{part}" for key in words for part in ("title", "text")}
    for code, clock in definition.clocks.items():
        needed |= {f"clocks.{code}.name", *(f"clocks.{code}.pauses.{ground}" for ground in clock.pauses)}
    return frozenset(needed)
