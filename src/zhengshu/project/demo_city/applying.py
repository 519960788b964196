"""Applications of the city's people and firms, made while the platform runs: their forms are filled in by its gateway.

Who asks, when, and who decides how stands in `packs/demo-city/applications.yaml`. Every act goes through the use case
of its step, by the account whose step it is, at the moment that the pack gives; what was done is not done again.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import msgspec.yaml

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.models import FormDraft
from zhengshu.contexts.services import api as services
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId
from zhengshu.project.demo_city.account_holders import PublicPerson
from zhengshu.project.demo_city.accounts import official_actor, public_people
from zhengshu.project.demo_city.content import pack_folder
from zhengshu.project.demo_city.steps import Step, do_step, morning_of, on_that_day

Say = Callable[[str], None]
DRAFT: Final = "draft"
SECONDS_UNTIL_ASKED_AGAIN: Final = 0.5
MOST_LOOKS: Final = 120
"""How often it is looked whether the worker has heard of an end, before it stays without a rating."""


class RatingGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the applicant says afterwards."""

    level: str
    words: str = ""


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An application and what becomes of it."""

    key: str
    who: str
    item: str
    days_ago: int
    answers: Mapping[str, tuple[str, ...]]
    channel: str = "2"
    window: str = ""
    until: str = ""
    steps: tuple[Step, ...] = ()
    rating: RatingGiven | None = None
    withdrawn: str = ""


class WantedThing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that somebody asks for by one form, and what becomes of its parts."""

    key: str
    who: str
    thing: str
    days_ago: int
    answers: Mapping[str, tuple[str, ...]]
    left_in: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class _Applications(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    applications: tuple[Wanted, ...]
    things: tuple[WantedThing, ...] = ()


class _Kept(msgspec.Struct):
    """When the city's people began to ask, and what has come to where it shall stand."""

    begun_at: datetime
    done: list[str] = []


def read_applications() -> tuple[Wanted | WantedThing, ...]:
    """Read what is asked for.

    Raises:
        msgspec.ValidationError: the file does not have its form.
    """
    content = (pack_folder() / "applications.yaml").read_bytes()
    read = msgspec.yaml.decode(content, type=_Applications)
    return (*read.applications, *read.things)


def are_applications_due() -> bool:
    """Whether some of it was not brought yet to where it shall stand."""
    kept = msgspec.json.decode(_file().read_bytes(), type=_Kept) if _file().is_file() else None
    return kept is None or not {one.key for one in read_applications()} <= set(kept.done)


def install_applications(*, at: datetime, say: Say, wait: Callable[[], None] | None = None) -> None:
    """Let the city's people ask and its officials decide; an interrupted run goes on where it stopped.

    Args:
        at: now; kept at the first run, from which all moments are counted.
        say: told of each application.
        wait: called while what ended has not been heard of yet; by default a worker is given time to hear of it.
    """
    kept = _kept(at)
    people = {one.username: one for one in public_people()}
    for wanted in read_applications():
        if wanted.key in kept.done or wanted.who not in people:
            continue
        try:
            state = _do(wanted, people[wanted.who], begun_at=kept.begun_at, wait=wait or _sleep)
        except Refused as refusal:
            say(f"{wanted.key} of {wanted.who} stays as it is: {refusal.code}")
            continue
        kept.done.append(wanted.key)
        _keep(kept)
        say(f"{wanted.key} of {wanted.who}: {state}")
    services.open_rectifications(at=at)


def _do(
    wanted: Wanted | WantedThing, person: PublicPerson, *, begun_at: datetime, wait: Callable[[], None]
) -> str:
    if isinstance(wanted, WantedThing):
        return _DoingThing(wanted, person, begun_at=begun_at, wait=wait).do()
    return _Doing(wanted, person, begun_at=begun_at, wait=wait).do()


class _Doing:
    """One application, from its form to its rating."""

    def __init__(
        self, wanted: Wanted, person: PublicPerson, *, begun_at: datetime, wait: Callable[[], None]
    ) -> None:
        found = trust.private_person(
            citizen_id=CitizenId.parse(person.citizen_id),
            enterprise=CreditCode.parse(person.code) if person.code else None,
            matter=wanted.item,
        )
        self.wanted, self.wait = wanted, wait
        self.applicant = casework.Applicant(account_id=found.account_id, enterprise_id=found.enterprise_id)
        self.actor = trust.actor_of(official_id=found.account_id)
        self.opener = official_actor(wanted.window) if wanted.window else self.actor
        self.at = morning_of(begun_at, days_ago=wanted.days_ago)

    def do(self) -> str:
        """Take the application to where it shall stand, and return its state."""
        draft_id = self._draft()
        if self.wanted.until == DRAFT:
            return DRAFT
        sent = services.submit_application(
            draft_id=draft_id,
            channel=services.Channel(self.wanted.channel),
            actor=self.opener,
            at=self.at,
        )
        for place, step in enumerate(self.wanted.steps):
            self.at += timedelta(hours=step.hours)
            do_step(step, sent.case_id, own=self.actor, key=f"{self.wanted.key} {place}", at=self.at)
        if self.wanted.withdrawn:
            self._withdraw(sent.case_id)
        if self.wanted.rating is not None:
            self._rate(self.wanted.rating, sent.number)
        return self._case(sent.case_id, self.actor).state

    def _draft(self) -> UUID:
        """Return the form that was begun at this moment, or begin it; its sources are asked through the gateway."""
        begun = FormDraft.objects.visible_to(self.opener).filter(
            type_code=self.wanted.item, started_at=self.at
        )
        known = begun.values_list("pk", flat=True).first()
        return known or casework.prepare_form(
            case_type=self.wanted.item,
            applicant=self.applicant,
            answers=on_that_day(self.wanted.answers, self.at),
            actor=self.opener,
            at=self.at,
        )

    def _withdraw(self, case_id: CaseId) -> None:
        self.at += timedelta(hours=2)
        casework.withdraw_case(
            case_id=case_id,
            reason=self.wanted.withdrawn,
            actor=self.actor,
            at=self.at,
            idempotency_key=self.wanted.key,
        )

    def _rate(self, given: RatingGiven, number: str) -> None:
        """Rate it as soon as its end was heard of."""
        invitation = self._invitation(number)
        if invitation is None:
            return
        draft = services.RatingDraft(
            level=services.Satisfaction(given.level),
            channel=services.RatingChannel.MOBILE,
            words=given.words,
        )
        at = self.at + timedelta(hours=2)
        services.rate_case(invitation_id=invitation, draft=draft, actor=self.actor, at=at)

    def _invitation(self, number: str) -> UUID | None:
        for _ in range(MOST_LOOKS):
            due = services.ratings_due(actor=self.actor, at=self.at)
            found = next((one.id for one in due if one.case_number == number), None)
            if found is not None:
                return found
            self.wait()
        return None

    def _case(self, case_id: CaseId, actor: Actor) -> casework.CaseRecord:
        return casework.case(case_id=case_id, actor=actor, at=self.at)


class _DoingThing:
    """One thing, from its form to where its parts stand."""

    def __init__(
        self, wanted: WantedThing, person: PublicPerson, *, begun_at: datetime, wait: Callable[[], None]
    ) -> None:
        found = trust.private_person(citizen_id=CitizenId.parse(person.citizen_id))
        self.wanted, self.wait = wanted, wait
        self.actor = trust.actor_of(official_id=found.account_id)
        self.at = morning_of(begun_at, days_ago=wanted.days_ago)

    def do(self) -> str:
        """Take the parts to where they shall stand, and return the state of the whole."""
        known = (one.id for one in services.my_bundles(actor=self.actor) if one.begun_at == self.at)
        bundle_id = next(known, None) or services.begin_bundle(
            code=self.wanted.thing, left_in=self.wanted.left_in, actor=self.actor, at=self.at
        )
        with suppress(services.SentAlready):
            answers = on_that_day(self.wanted.answers, self.at)
            services.answer_bundle(bundle_id=bundle_id, answers=answers, actor=self.actor, at=self.at)
            services.send_bundle(
                bundle_id=bundle_id, channel=services.Channel.MOBILE, actor=self.actor, at=self.at
            )
        for place, step in enumerate(self.wanted.steps):
            self.at += timedelta(hours=step.hours)
            case_id = self._case_of(bundle_id, step.item)
            if case_id is not None:
                do_step(step, case_id, own=self.actor, key=f"{self.wanted.key} {place}", at=self.at)
        return services.my_bundle(bundle_id=bundle_id, actor=self.actor, at=self.at).state

    def _case_of(self, bundle_id: UUID, item: str) -> CaseId | None:
        """Return the case of a part as soon as it has begun."""
        for _ in range(MOST_LOOKS):
            found = services.my_bundle(bundle_id=bundle_id, actor=self.actor, at=self.at)
            case_id = next((one.case_id for one in found.parts if one.item == item), None)
            if case_id is not None:
                return CaseId(case_id)
            self.wait()
        return None


def _sleep() -> None:
    time.sleep(SECONDS_UNTIL_ASKED_AGAIN)


def _file() -> Path:
    return data_folder("demo-city") / "applications.json"


def _kept(at: datetime) -> _Kept:
    file = _file()
    if file.is_file():
        return msgspec.json.decode(file.read_bytes(), type=_Kept)
    kept = _Kept(begun_at=at)
    _keep(kept)
    return kept


def _keep(kept: _Kept) -> None:
    """Write it whole or not at all."""
    fresh = _file().with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(kept))
    fresh.replace(_file())
