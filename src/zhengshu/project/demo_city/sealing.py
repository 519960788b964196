"""The seals of the city's departments, what they have sealed, and the example for the public check."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import UUID, uuid5

import msgspec.yaml

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, RequestId
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor
from zhengshu.project.demo_city.asking import NAMES
from zhengshu.project.demo_city.content import pack_folder

Say = Callable[[str], None]
_KINDS: Final = {"organ": trust.SealKind.ORGAN, "department": trust.SealKind.DEPARTMENT}
_VALID: Final = timedelta(days=3 * 365)
_STEP: Final = timedelta(hours=3)
_CHANGE: Final = ("同意", "拒绝")
"""What is changed in the example that the check is to refuse: a notice of consent that says the contrary."""


class SealWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seal of a department and the step to which its application is brought."""

    department: str
    kind: Literal["organ", "department"]
    name: str
    purpose: str
    users: tuple[str, ...]
    days_ago: int
    until: Literal["head_approval", "authority_review", "in_use"]
    caption: str = ""


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The notice of a share request that bears its provider's seal."""

    request: str
    department: str
    formats: tuple[trust.SealFormat, ...]


class Seals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All seals, and all that they have sealed."""

    seals: tuple[SealWanted, ...]
    sealed: tuple[Sealed, ...]


def read_seals(folder: Path | None = None) -> Seals:
    """Read which seals there are.

    Raises:
        msgspec.ValidationError: the file does not have its form.
    """
    return msgspec.yaml.decode(((folder or pack_folder()) / "seals.yaml").read_bytes(), type=Seals)


def install_seals(*, at: datetime, say: Say) -> None:
    """Apply for the seals that are not there yet, decide, seal, and keep the first sealed notice as the example."""
    content = read_seals()
    for wanted in content.seals:
        officer = official_actor(f"{wanted.department}.officer")
        if not any(one.name == wanted.name for one in trust.seals_of_department(actor=officer, at=at)):
            say(f"a seal for {wanted.department}")
            apply_for(wanted, officer, at=at - timedelta(days=wanted.days_ago))
    for number, one in enumerate(content.sealed):
        _seal(one, at=at, is_example=number == 0, say=say)


def apply_for(wanted: SealWanted, officer: Actor, *, at: datetime) -> None:
    """Let a department apply for a seal, and bring the application to its step."""
    people = [official_actor(f"{wanted.department}.{user}").id for user in wanted.users]
    terms = trust.WantedSeal(
        kind=_KINDS[wanted.kind],
        name=wanted.name,
        caption=wanted.caption,
        purpose=wanted.purpose,
        users=tuple(people),
        active_from=at,
        active_to=at + _VALID,
    )
    _seal_id, case = casework.apply_for_seal(wanted=terms, actor=officer, at=at)
    steps = ("head_approval", f"{wanted.department}.head"), ("authority_review", "data.reviewer")
    for number, (task, username) in enumerate(steps, start=1):
        if task == wanted.until:
            return
        actor = official_actor(username)
        found, due = casework.seal_task(case_id=case.id, actor=actor, at=at)
        if due is None:
            return
        casework.decide_seal(
            case_id=found.id,
            task_id=due.id,
            outcome="approve",
            reason="",
            actor=actor,
            at=at + _STEP * number,
        )


def _seal(one: Sealed, *, at: datetime, is_example: bool, say: Say) -> None:
    officer = official_actor(f"{one.department}.officer")
    request = exchange.request(request_id=RequestId(uuid5(NAMES, one.request)), actor=PLATFORM)
    seal = next(iter(trust.usable_seals(actor=officer, at=at)), None)
    if request.case_id is None or seal is None:
        return
    case_id = CaseId(request.case_id)
    for notice in casework.notices(case_id=case_id, actor=officer):
        known = trust.sealed_files(document_kind=trust.NOTICE, document_ids=[notice.id])
        if known or not casework.may_be_sealed(notice_id=notice.id, actor=officer, at=at):
            continue
        casework.seal_notice(
            case_id=case_id,
            notice_id=notice.id,
            seal_id=seal.id,
            formats=frozenset(one.formats),
            actor=officer,
            at=at,
        )
        say(f"sealed: {notice.title}")
        if is_example:
            trust.keep_examples(_files(case_id, notice.id, officer, at=at), change=_CHANGE)


def _files(case_id: CaseId, notice_id: UUID, officer: Actor, *, at: datetime) -> dict[str, bytes]:
    files = {}
    for use in trust.sealed_files(document_kind=trust.NOTICE, document_ids=[notice_id]):
        _record, content = casework.take_sealed_notice(
            case_id=case_id, notice_id=use.document_id, use_id=use.id, actor=officer, at=at
        )
        with content:
            files[use.format] = content.read()
    return files
