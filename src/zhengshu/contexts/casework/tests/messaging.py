"""What tests of messages share: who wants what, what was told, a case in which papers are missing."""

from django.test import TestCase
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.messages import read_messages, send
from zhengshu.contexts.casework.application.messages.choose_channels import (
    choose_channels,
)
from zhengshu.contexts.casework.models import Case, Delivery, Message, MessageChoice
from zhengshu.contexts.casework.tests import licences
from zhengshu.foundation import outbox
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

ADDRESS, NUMBER = "ada.liu@example.cn", "13800138000"


def wants(actor: Actor, *, by_email: bool = True, by_sms: bool = False) -> None:
    """Let somebody want messages at addresses that he has confirmed."""
    now = timezone.now()
    choose_channels(by_email=by_email, by_sms=by_sms, email=ADDRESS, phone=NUMBER, actor=actor, at=now)
    MessageChoice.objects.filter(person_id=actor.id).update(email_confirmed_at=now, phone_confirmed_at=now)


def told(actor: Actor) -> list[str]:
    return [one.title for one in read_messages.messages(actor=actor, query=ListQuery()).rows]


def deliver_events() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        while outbox.deliver_due(at=timezone.now()):
            pass


def asked_for_supplement(place: licences.Office) -> api.CaseRecord:
    """Ask the citizen, who is told of it by every channel that he wants."""
    case = licences.applied(place, at=timezone.now())
    deliver_events()
    api.complete_task(
        case_id=case.id,
        task="accept",
        outcome="ask_supplement",
        reason="身份证复印件",
        actor=place.clerk,
        at=timezone.now(),
    )
    deliver_events()
    return case


def delivery(channel: str = "email") -> Delivery:
    return Delivery.objects.get(channel=channel, message__code="supplement")


def outside(case: api.CaseRecord, actor: Actor, *, code: str) -> str:
    """Tell somebody of a case by a message of its type, and return the text of the e-mail."""
    Message.objects.filter(person_id=actor.id, code=code, occasion_key=code).delete()
    message = Message.objects.create(
        case_id=case.id,
        version_id=Case.objects.get(pk=case.id).version_id,
        code=code,
        person_id=actor.id,
        occasion_key=code,
        facts={"zh": {}, "en": {}},
        at=timezone.now(),
    )
    _subject, text = send._outside(Delivery(message=message, channel="email"))
    return text


def rating_paths(actor: Actor) -> set[str]:
    return {one.rating_path for one in read_messages.messages(actor=actor, query=ListQuery()).rows}
