"""Explains every fault of a case type before it is loaded."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from zhengshu.contexts.casework.domain.checking_documents import check_documents
from zhengshu.contexts.casework.domain.checking_flow import check_flow
from zhengshu.contexts.casework.domain.checking_messages import check_messages, check_words
from zhengshu.contexts.casework.domain.checking_names import check_names
from zhengshu.contexts.casework.domain.decisions.checking import check_decisions, check_given
from zhengshu.contexts.casework.domain.definitions import (
    APPLICANT,
    EACH,
    SECURITY,
    ClockRule,
    Definition,
    Extension,
    Limit,
    read_definition,
    read_texts,
)
from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.doing import AVOIDANCE
from zhengshu.contexts.casework.domain.faults import DECISION, DEFINITION, FLOW, FORM, Fault
from zhengshu.contexts.casework.domain.forms.checking_use import check_forms
from zhengshu.contexts.casework.domain.language import check_expression
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.domain.watching import check_watching
from zhengshu.kernel.actors import APPLICANTS, OFFICIALS, Role

__all__ = ["Fault", "TypeFiles", "check_definition", "check_files"]

_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DRAWN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")
"""What the drawing names: other modellers give ids such as ``Activity_0x1f`` and ``sid-4C2A-…``."""
_PREFIX = re.compile(r"[A-Z0-9]{1,8}")
RESERVED = {"tasks": (AVOIDANCE,), "ends": (OPEN,)}
"""Names under which cases keep something of their own."""
FEWEST_DIGITS, MOST_DIGITS = 3, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFiles:
    """The texts of a case type's files; `texts` by language, `forms` and `decisions` by their code."""

    name: str
    definition: str
    flow: str
    texts: Mapping[str, str]
    forms: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Tell files apart by most of what they say; equal ones have equal texts throughout."""
        return hash((self.name, self.definition, self.flow))

    def contents(self) -> Mapping[str, str]:
        """Return every file's text by its path in the folder."""
        return {
            DEFINITION: self.definition,
            FLOW: self.flow,
            **{f"texts/{language}.yaml": text for language, text in self.texts.items()},
            **{f"{code}{FORM}": text for code, text in self.forms.items()},
            **{f"{code}{DECISION}": text for code, text in self.decisions.items()},
        }


@lru_cache(maxsize=32)
def check_files(files: TypeFiles) -> tuple[Fault, ...]:
    """Return every fault of a case type, the definition's first.

    The last answers are kept: the same files are checked when they are shown, tried, handed in and published.
    """
    try:
        definition = read_definition(files.definition)
    except ValueError as fault:
        return (_unreadable(DEFINITION, fault),)
    faults = list(check_definition(definition))
    if definition.code != files.name:
        details = {"folder": files.name, "code": definition.code}
        faults.append(Fault(file=DEFINITION, element="code", code="folder-named-otherwise", details=details))
    try:
        flow = read_flow(files.flow)
    except ValueError as fault:
        return (*faults, _unreadable(FLOW, fault))
    decisions, found = check_decisions(files.decisions, flow=flow, definition=definition)
    faults += found
    faults += check_forms(definition, forms=files.forms, flow=files.flow, reads=decisions.reads(flow))
    shown = [*files.forms.values(), *_places(files.texts)]
    faults += check_given(decisions, flow=flow, definition=definition, shown=shown)
    faults += check_flow(flow, definition, decisions.reads_by_task(flow))
    reached = {node.id for node in flow.ends()}
    faults += _check_ends(definition, reached)
    tables = decisions.tables(flow)
    for language, text in files.texts.items():
        try:
            known = read_texts(text)
            faults += check_names(definition, language=language, texts=known, tables=tables)
            faults += check_words(definition, language=language, texts=known)
        except ValueError as fault:
            faults.append(_unreadable(f"texts/{language}.yaml", fault))
    return tuple(faults)


def _places(sources: Mapping[str, str]) -> Iterator[str]:
    """Yield what stands in the places `{…}` of the sentences of each language."""
    for source in sources.values():
        try:
            sentences = read_texts(source).values()
        except ValueError:
            continue
        for sentence in sentences:
            yield from re.findall(r"\{([^{}]*)\}", sentence)


def check_definition(definition: Definition) -> Iterator[Fault]:
    """Yield the faults of a `type.yaml` by itself."""
    yield from _check_codes(definition)
    yield from _check_lanes(definition)
    yield from _check_tasks(definition)
    yield from _check_named(definition)
    yield from check_watching(definition)
    yield from check_documents(definition)
    yield from check_messages(definition)
    for name, datum in definition.data.items():
        if datum.default is not None and not datum.admits(datum.default):
            yield _fault(f"data.{name}.default", "default-unfit", type=datum.type)
    for code, clock in definition.clocks.items():
        yield from _check_clock(definition, code, clock)
    for code, limits in definition.timers.items():
        yield from _check_row(definition, f"timers.{code}", limits)
    for code, message in definition.incoming.items():
        for lane in message.lanes:
            yield from _unknown(f"incoming.{code}.lanes", "lane", lane, definition.lanes)
        for name in message.brings:
            yield from _unknown(f"incoming.{code}.brings", "datum", name, definition.data)


def _unreadable(file: str, fault: ValueError) -> Fault:
    return Fault(file=file, element="", code="unreadable", details={"what": str(fault)})


def _fault(element: str, code: str, **details: object) -> Fault:
    return Fault(file=DEFINITION, element=element, code=code, details=details)


def _unknown(
    element: str, kind: str, name: str, known: Mapping[str, object] | tuple[str, ...]
) -> Iterator[Fault]:
    if name not in known:
        yield _fault(element, "unknown-reference", kind=kind, name=name, known=", ".join(known) or "-")


def _check_codes(definition: Definition) -> Iterator[Fault]:
    groups = {
        "parties": definition.parties,
        "data": tuple(definition.data),
        "clocks": tuple(definition.clocks),
        "messages": tuple(definition.messages),
        "notices": tuple(definition.notices),
        **{f"tasks.{code}.outcomes": tuple(task.outcomes) for code, task in definition.tasks.items()},
    }
    for group, codes in groups.items():
        for code in codes:
            if not _CODE.fullmatch(code):
                yield _fault(f"{group}.{code}", "code-unfit", name=code)
    yield from _check_drawn(definition)
    if not _CODE.fullmatch(definition.code.replace("-", "_")):
        yield _fault("code", "code-unfit", name=definition.code)
    for name in definition.data.keys() & definition.tasks.keys():
        yield _fault(f"data.{name}", "name-taken", name=name)
    if not _PREFIX.fullmatch(definition.number.prefix):
        yield _fault("number.prefix", "prefix-unfit", prefix=definition.number.prefix)
    if not FEWEST_DIGITS <= definition.number.digits <= MOST_DIGITS:
        yield _fault("number.digits", "digits-unfit", digits=definition.number.digits)
    if not any(basis.strip() for basis in definition.basis):
        yield _fault("basis", "basis-missing")


def _check_drawn(definition: Definition) -> Iterator[Fault]:
    drawn = {"lanes": [*definition.lanes], "tasks": [*definition.tasks], "ends": [*definition.ends]}
    for group, ids in drawn.items():
        for name in ids:
            if not _DRAWN.fullmatch(name):
                yield _fault(f"{group}.{name}", "id-unfit", name=name)
            elif name in RESERVED.get(group, ()):
                yield _fault(f"{group}.{name}", "name-reserved", name=name)


def _check_roles(place: str, roles: Iterable[Role], *, known: Iterable[Role]) -> Iterator[Fault]:
    for role in roles:
        if role not in known:
            yield _fault(place, "role-unfit", role=role.value, known=", ".join(sorted(known)))


SECURITY_OFFICE = frozenset({Role.SECURITY_ADMIN})
CASE_OFFICIALS = OFFICIALS - SECURITY_OFFICE
"""Who works in lanes of departments; the security administrators have a party of their own."""


def _check_lanes(definition: Definition) -> Iterator[Fault]:
    parties = (*definition.parties, *((APPLICANT,) if definition.applicant else ()))
    fit = {APPLICANT: frozenset(definition.applicant), SECURITY: SECURITY_OFFICE}
    if APPLICANT in definition.parties:
        yield _fault(f"parties.{APPLICANT}", "party-reserved")
    yield from _check_roles("applicant", definition.applicant, known=APPLICANTS)
    for code, lane in definition.lanes.items():
        yield from _unknown(f"lanes.{code}.party", "party", lane.party, (*parties, EACH))
        yield from _check_roles(f"lanes.{code}.roles", lane.roles, known=fit.get(lane.party, CASE_OFFICIALS))
        if not lane.roles:
            yield _fault(f"lanes.{code}.roles", "no-roles")
    for lane_code in definition.opened_by:
        yield from _unknown("opened_by", "lane", lane_code, definition.lanes)
    for lane_code in definition.withdrawal.lanes if definition.withdrawal else ():
        yield from _unknown("withdrawal.lanes", "lane", lane_code, definition.lanes)


def _check_named(definition: Definition) -> Iterator[Fault]:
    """Check that each party that is named later is a party, and named by some outcome."""
    naming = [
        (f"tasks.{code}.outcomes.{name}.names", outcome.names)
        for code, task in definition.tasks.items()
        for name, outcome in task.outcomes.items()
        if outcome.names
    ]
    for place, party in naming:
        yield from _unknown(place, "party named later", party, definition.named_later)
    for party in definition.named_later:
        yield from _unknown("named_later", "party", party, definition.parties)
        if party not in {named for _, named in naming}:
            yield _fault(f"named_later.{party}", "party-not-named")


def _check_tasks(definition: Definition) -> Iterator[Fault]:
    for code, task in definition.tasks.items():
        if not task.outcomes:
            yield _fault(f"tasks.{code}", "no-outcomes")
        for other in task.not_after:
            yield from _unknown(f"tasks.{code}.not_after", "task", other, definition.tasks)
        if (task.not_own_matter or task.not_after) and not task.basis:
            yield _fault(f"tasks.{code}.basis", "basis-missing")
        for name, outcome in task.outcomes.items():
            if (outcome.once or outcome.needs_basis) and not outcome.basis:
                yield _fault(f"tasks.{code}.outcomes.{name}.basis", "basis-missing")


def _check_clock(definition: Definition, code: str, clock: ClockRule) -> Iterator[Fault]:
    place = f"clocks.{code}"
    yield from _unknown(f"{place}.starts_with", "task", clock.starts_with, definition.tasks)
    for task in clock.covers:
        yield from _unknown(f"{place}.covers", "task", task, definition.tasks)
    for task, outcomes in clock.stops_with.items():
        yield from _unknown(f"{place}.stops_with", "task", task, definition.tasks)
        known = definition.tasks[task].outcomes if task in definition.tasks else {}
        for outcome in outcomes if known else ():
            yield from _unknown(f"{place}.stops_with.{task}", "outcome", outcome, known)
    yield from _check_limits(definition, place, clock)
    for ground, pause in clock.pauses.items():
        if not pause.basis:
            yield _fault(f"{place}.pauses.{ground}.basis", "basis-missing")
        if pause.while_task:
            yield from _unknown(
                f"{place}.pauses.{ground}.while_task", "task", pause.while_task, definition.tasks
            )


def _check_limits(definition: Definition, place: str, clock: ClockRule) -> Iterator[Fault]:
    yield from _check_row(definition, f"{place}.limits", clock.limits)
    if clock.extension is None:
        return
    yield from _check_rule(definition, f"{place}.extension", clock.extension)
    yield from _unknown(f"{place}.extension.consent_by", "lane", clock.extension.consent_by, definition.lanes)


def _check_row(definition: Definition, place: str, limits: tuple[Limit, ...]) -> Iterator[Fault]:
    """Check limits of which the first that applies is taken."""
    if not limits:
        yield _fault(place, "no-limits")
    elif limits[-1].when:
        yield _fault(f"{place}[{len(limits) - 1}].when", "limit-not-for-all")
    for number, limit in enumerate(limits):
        yield from _check_rule(definition, f"{place}[{number}]", limit)
        if limit.chosen_by:
            numbers = tuple(name for name, datum in definition.data.items() if datum.type == "number")
            yield from _unknown(f"{place}[{number}].chosen_by", "number", limit.chosen_by, numbers)


def _check_rule(definition: Definition, where: str, rule: Limit | Extension) -> Iterator[Fault]:
    if not rule.basis.strip():
        yield _fault(f"{where}.basis", "basis-missing")
    if rule.value < 1:
        yield _fault(f"{where}.value", "value-unfit", value=rule.value)
    if rule.when:
        yield from check_expression(rule.when, definition, file=DEFINITION, element=f"{where}.when")


def _check_ends(definition: Definition, reached: set[str]) -> Iterator[Fault]:
    """Compare the ends of the flow with the declared ones, the withdrawal's included."""
    withdrawn = {definition.withdrawal.end} if definition.withdrawal else set[str]()
    for end in definition.ends:
        if end not in reached | withdrawn:
            yield _fault(f"ends.{end}", "end-not-reached")
    for end in sorted(withdrawn - set(definition.ends)):
        yield from _unknown("withdrawal.end", "end", end, definition.ends)
    for end in sorted(reached - set(definition.ends)):
        known = ", ".join(definition.ends) or "-"
        details = {"kind": "end", "name": end, "known": known}
        yield Fault(file=FLOW, element=end, code="unknown-reference", details=details)
