"""What the studio offers for messages and notices: occasions, facts, channels, usual words in both languages."""

from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import gettext, gettext_noop

from zhengshu.contexts.casework.application.start_draft import template_files
from zhengshu.contexts.casework.domain.definitions import LANGUAGES
from zhengshu.contexts.casework.domain.designing import Tree, design_of
from zhengshu.contexts.casework.domain.message_rules import Channel, Occasion
from zhengshu.foundation.files.kinds import KINDS

OCCASIONS: Mapping[Occasion, str] = {
    Occasion.OPENED: gettext_noop("The case is opened"),
    Occasion.TASK_OPENED: gettext_noop("A to-do appears"),
    Occasion.TASK_HANDED_OVER: gettext_noop("A to-do is handed over"),
    Occasion.TASK_DONE: gettext_noop("A to-do has ended"),
    Occasion.ESCALATED: gettext_noop("A time limit nears its end or has passed"),
    Occasion.URGED: gettext_noop("A department is urged"),
    Occasion.DOCUMENT_ADDED: gettext_noop("A document is added"),
    Occasion.COMMENTED: gettext_noop("A comment is written"),
    Occasion.CLOCK_PAUSED: gettext_noop("A clock is stopped by hand"),
    Occasion.CLOCK_RESUMED: gettext_noop("A clock that was stopped goes on"),
    Occasion.CLOCK_EXTENDED: gettext_noop("A time limit is extended"),
    Occasion.CLOSED: gettext_noop("The case has ended"),
}

FACTS: Mapping[str, str] = {
    "case_number": gettext_noop("Number of the case"),
    "case_title": gettext_noop("What it is about"),
    "case_type": gettext_noop("Case type"),
    "case_applicant": gettext_noop("Who applied"),
    "case_opener": gettext_noop("Who opened it"),
    "case_opened_on": gettext_noop("Day on which it was opened"),
    "case_due_on": gettext_noop("Day on which it is due"),
    "case_expected_on": gettext_noop("Day until which a clock is expected to stand still"),
    "case_day": gettext_noop("Today"),
    "case_task": gettext_noop("The to-do"),
    "case_outcome": gettext_noop("How it ended"),
    "case_reason": gettext_noop("The reason that was given"),
    "case_basis": gettext_noop("The legal basis that was given"),
    "case_office": gettext_noop("The department that acted"),
}

CHANNELS: Mapping[Channel, str] = {
    Channel.EMAIL: gettext_noop("E-mail"),
    Channel.SMS: gettext_noop("SMS"),
}

ANSWERED: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {
        "title": "{case_task}：{case_outcome}",
        "text": (
            "{case_type}（{case_number}）：{case_task}已办结，结果：{case_outcome}。\n"
            "理由：{case_reason}\n依据：{case_basis}"
        ),
    },
    "en": {
        "title": "{case_task}: {case_outcome}",
        "text": (
            "{case_type} {case_number}: {case_task} has ended: {case_outcome}.\n"
            "Reason: {case_reason}\nBasis: {case_basis}"
        ),
    },
}
"""With what a message about an ended to-do begins."""

NOTICE: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {
        "title": "{case_type}决定书",
        "text": (
            "{case_applicant}：\n\n您于{case_opened_on}提出的{case_type}（{case_number}）已审查，决定：{case_outcome}。\n"
            "理由：{case_reason}\n依据：{case_basis}"
        ),
    },
    "en": {
        "title": "{case_type}: decision",
        "text": (
            "To {case_applicant}:\n\nYour {case_type} {case_number} of {case_opened_on} was examined. "
            "Decision: {case_outcome}.\nReason: {case_reason}\nBasis: {case_basis}"
        ),
    },
}
"""With what a notice in writing begins."""

PLAIN = "blank"
"""The template whose messages are the usual ones."""


def telling_choices() -> dict[str, object]:
    """Return what the panels of messages, notices and documents offer."""
    return {
        "occasions": [(one.value, gettext(name)) for one, name in OCCASIONS.items()],
        "facts": [(fact, gettext(name)) for fact, name in FACTS.items()],
        "channels": [(one.value, gettext(name)) for one, name in CHANNELS.items()],
        "usual": _usual(),
        "answered": ANSWERED,
        "notice": NOTICE,
        "files": [(ending.removeprefix("."), ending.removeprefix(".").upper()) for ending in KINDS],
        "message": {"zh-hans": "", "en": ""},
    }


@lru_cache(maxsize=1)
def _usual() -> dict[str, object]:
    """Return the rules and the words of the messages of the plainest template."""
    design = design_of(template_files(PLAIN))
    return {
        code: {
            "rule": rule,
            "texts": {
                language: _part(design.texts[language], "messages").get(code) for language in LANGUAGES
            },
        }
        for code, rule in _part(design.definition, "messages").items()
    }


def _part(tree: Tree, key: str) -> Tree:
    part = tree.get(key)
    return part if isinstance(part, dict) else {}
