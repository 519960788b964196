"""Faults of content: what is wrong, in which file, at which element, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from zhengshu.contexts.casework.domain.decisions import sentences as decisions
from zhengshu.contexts.casework.domain.forms import sentences as forms

DEFINITION, FLOW = "type.yaml", "flow.bpmn"
FORM, DECISION = ".form.json", ".dmn"
"""The endings of the files of forms and of decision tables; what stands before is their code."""

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "file-missing": "The file is missing.",
        "file-too-large": "The file is larger than %(most)s bytes.",
        "unreadable": "The file cannot be read: %(what)s.",
        "folder-named-otherwise": "The folder “%(folder)s” and its case type “%(code)s” need the same name.",
        "code-unfit": "“%(name)s” is no code: small letters, digits and _, beginning with a letter.",
        "id-unfit": "“%(name)s” cannot name this: at most 63 of the letters A to Z, digits, _ and -, not beginning "
        "with a digit or -.",
        "name-reserved": "“%(name)s” is a word of the platform's own; choose another.",
        "name-taken": "“%(name)s” names both a task and a datum; rename one.",
        "prefix-unfit": "The prefix of numbers must be 1 to 8 capital letters or digits; it is “%(prefix)s”.",
        "digits-unfit": "A sequence has 3 to 9 digits, not %(digits)s.",
        "basis-missing": "The legal basis is missing: name the law and its article.",
        "value-unfit": "A limit counts at least 1 unit, not %(value)s.",
        "unknown-reference": "There is no %(kind)s “%(name)s”. Known: %(known)s.",
        "party-not-named": "No outcome names this party; nobody could ever take its part.",
        "promise-longer": "What is promised (%(value)s) is longer than what the law allows (%(limit)s).",
        "silence-unknown": "The clock covers no task “%(task)s” with an outcome “%(outcome)s”.",
        "silence-unfit": "“%(outcome)s” cannot follow from silence: it needs a reason, or does not stop the clock.",
        "escalation-unfit": "Say either “at: yellow” or “at: red” or “after:” a number, and to whom.",
        "party-reserved": "“applicant” is no department; say under “applicant:” which roles may apply.",
        "role-unfit": "The role “%(role)s” cannot be here. Possible: %(known)s.",
        "no-roles": "The lane names no roles; nobody could work in it.",
        "no-outcomes": "The task has no outcomes; it could never end.",
        "no-limits": "The clock has no limits.",
        "limit-not-for-all": "The last limit has a condition; a case that fits none would have no limit.",
        "default-unfit": "The default must be of type %(type)s, and one of the values where values are given.",
        "end-not-reached": "No end event of the flow and no withdrawal leads to this end.",
        "element-unsupported": "The element %(tag)s is not supported. Supported: start, end, catching, throwing "
        "and boundary events with timers, messages, signals and errors; user, script, business rule and receive "
        "tasks; exclusive, parallel, inclusive and event-based gateways; sub-processes; lanes; notes.",
        "trigger-missing": "The event does not say what it waits for: a timer, a message or a signal with a name.",
        "host-unfit": "An event at a boundary lies at a user task, a receive task or a sub-process; one for errors at "
        "a sub-process.",
        "event-expected": "After an event-based gateway the flow waits for an event; “%(target)s” is none.",
        "timer-without-rule": "type.yaml says nothing of this timer: give time, unit and basis as timers.%(event)s.",
        "message-without-sender": "Nobody may deliver the message “%(message)s”; name it under incoming in type.yaml.",
        "several-unfit": "Only user tasks and sub-processes can be done several times.",
        "several-of-nothing": "The element does not say for whom it is done: name a datum, or how often.",
        "each-without-several": "The lane is for each of several departments, but this task is done only once.",
        "id-missing": "An element has no id.",
        "name-too-long": "An id has at most %(id)s letters, the name of a message or signal at most %(name)s.",
        "id-twice": "Two elements have this id.",
        "start-count": "A flow has exactly one start event; this one has %(count)s.",
        "no-end": "The flow has no end event.",
        "arrow-loose": "The arrow begins or ends at an element that the flow does not have.",
        "unreachable": "No path from the start leads to this element.",
        "dead-end": "No path leads from this element to an end.",
        "loop-without-task": "The flow can go round through this element without anybody doing anything.",
        "several-arrows": "Several arrows leave this element; put a gateway behind it that says which is taken.",
        "default-missing": "The gateway has no default arrow; a case that fits no condition would be stuck.",
        "default-with-condition": "The default arrow has a condition; it is taken when no other condition holds.",
        "condition-missing": "The arrow leaves a gateway that decides, but has no condition.",
        "condition-without-gateway": "The arrow has a condition, but does not leave an exclusive gateway.",
        "expression-unfit": "%(what)s",
        "name-unknown": "The expression reads “%(name)s”, which is neither data of the case type nor a task.",
        "text-impossible": "“%(name)s” is never “%(text)s”. Possible: %(known)s.",
        "outcome-without-flow": "After %(task)s no condition asks for these outcomes, and only one can take "
        "the default arrow: %(outcomes)s.",
        "lane-missing": "The element lies in no lane; nobody would have to do it.",
        "lane-twice": "The element lies in two lanes.",
        "lane-without-rule": "type.yaml does not say who works in this lane.",
        "task-without-rule": "type.yaml says nothing of this task.",
        "documents-unfit": "The limit is 1 to %(most)s, not %(value)s.",
        "fact-unknown": "The text names “%(name)s”, which is no fact of such a case. Known: %(known)s.",
        "brace-loose": "A brace has no partner; a fact is written {case_number}, on one line.",
        "notice-unfit": "Name the outcomes with which the notice is issued.",
        "message-narrowed": "The occasion “%(occasion)s” cannot be narrowed like that: task goes with task_opened, "
        "task_handed_over and task_done, outcomes with task_done, ends with closed.",
        "message-to-nobody": "The message is for nobody: name lanes, applicant, opener or doers.",
        "message-without-site": "Every message stands on the site; the other channels come in addition.",
        "shape-missing": "The element has no place in the diagram; open the file in a modeller and place it.",
        "name-missing": "The language has no text for “%(key)s”.",
        "name-superfluous": "Nothing is called “%(key)s”; it may be a spelling mistake.",
        **forms.SENTENCES,
        **decisions.SENTENCES,
    }
)
"""Code → sentence; message ids of the translation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a case type.

    Attributes:
        file: the file in the folder.
        element: the element's id, or the path in the YAML file.
        code: a key of `SENTENCES`.
        line: the line of the file where that is known, else 0.
        details: what the sentence names.
    """

    file: str
    element: str
    code: str
    line: int = 0
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence before its details are filled in: the message id of the translation."""
        return SENTENCES[self.code]

    def text(self) -> str:
        """Return the whole fault in English, with its place."""
        return f"{self.place}: {self.message % self.details if self.details else self.message}"

    @property
    def place(self) -> str:
        """File, line and element."""
        return ":".join(part for part in (self.file, str(self.line or ""), self.element) if part)
