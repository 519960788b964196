"""The facts of a case that the words of messages and notices name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import get_default_timezone, localtime

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.definitions import LANGUAGES
from zhengshu.contexts.casework.domain.expressions import NotComputable, OutsideTheLanguage, Value
from zhengshu.contexts.casework.domain.wording import render
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.casework.models.cases import parties_of
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What just happened in a case, as far as words name it."""

    task: str = ""
    outcome: str = ""
    reason: str = ""
    basis: str = ""
    office_id: UUID | None = None
    clock: str = ""
    ground: str = ""
    expected_at: datetime | None = None
    due_at: datetime | None = None
    """When the case was due then."""


def facts_of(
    case: Case, kind: LoadedType, happened: Happened, *, at: datetime
) -> dict[str, dict[str, Value]]:
    """Return the facts in each language: names of tasks and outcomes differ, everything else is the same."""
    parties = parties_of(case.pk)
    office = happened.office_id or NOBODY
    records = trust.departments(ids={*parties.values(), office})
    names: dict[UUID, str] = {UUID(str(key)): record.name for key, record in records.items()}
    data: Mapping[str, Value] = case.data
    same: dict[str, Value] = {
        **kind.definition.initial_data(),
        **dict.fromkeys(kind.definition.data, ""),
        **data,
        **{f"party_{party}": names.get(parties.get(party, NOBODY), "") for party in kind.definition.parties},
        "case_number": case.number,
        "case_title": case.subject_title,
        "case_applicant": case.enterprise_name or case.applicant_name or case.opened_by_name,
        "case_opener": case.opened_by_name,
        "case_reason": happened.reason,
        "case_basis": happened.basis,
        "case_office": names.get(office, ""),
    }
    days = {
        "case_opened_on": case.opened_at,
        "case_due_on": happened.due_at,
        "case_expected_on": happened.expected_at,
        "case_day": at,
    }
    return {
        language: {
            **same,
            **{name: day_in(moment, language) for name, moment in days.items()},
            **_named(texts, happened),
        }
        for language, texts in kind.texts.items()
    }


def words(kind: LoadedType, key: str, facts: Mapping[str, Value], *, language: str) -> str:
    """Return a text of a type with its places filled in; as it is written where a fact cannot be computed."""
    template = kind.texts.get(language, {}).get(key, "")
    try:
        return render(template, facts=facts)
    except (NotComputable, OutsideTheLanguage):
        return template


def in_language(facts: Mapping[str, dict[str, Value]], language: str) -> dict[str, Value]:
    """Return the stored facts of a message in a language."""
    return facts.get(language) or next(iter(facts.values()), {})


def _named(texts: Mapping[str, str], happened: Happened) -> dict[str, Value]:
    task = texts.get(f"tasks.{happened.task}.name", "")
    named = (
        f"tasks.{happened.task}.outcomes.{happened.outcome}" if happened.task else f"ends.{happened.outcome}"
    )
    if happened.ground:
        named = f"clocks.{happened.clock}.pauses.{happened.ground}"
    return {
        "case_type": texts.get("name", ""),
        "case_task": task or texts.get(f"clocks.{happened.clock}.name", ""),
        "case_outcome": texts.get(named, ""),
    }


def day_in(moment: datetime | None, language: str) -> str:
    """Return a day as it is written in official documents of a language; empty for none."""
    if moment is None:
        return ""
    local = localtime(moment, get_default_timezone())
    if language == LANGUAGES[0]:
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {local:%B %Y}"
