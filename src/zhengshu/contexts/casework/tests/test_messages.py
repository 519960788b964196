"""Messages to people: who is told, exactly once, masked outside; a real mail server, good and bad."""

from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.messages import read_messages, send
from zhengshu.contexts.casework.application.messages.choose_channels import (
    AddressMissing,
    AddressUnfit,
    choose_channels,
    chosen,
)
from zhengshu.contexts.casework.application.messages.compose import tell_people
from zhengshu.contexts.casework.application.messages.facts import day_in
from zhengshu.contexts.casework.events import TaskOpened
from zhengshu.contexts.casework.models import Case, Delivery, Message, MessageChoice
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.mail_server import Box
from zhengshu.contexts.casework.tests.messaging import (
    ADDRESS,
    NUMBER,
    asked_for_supplement,
    deliver_events,
    delivery,
    told,
    wants,
)
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import TaskId
from zhengshu.kernel.phones import PhoneInvalid

pytestmark = pytest.mark.django_db


class TestWhoIsTold:
    def test_is_said_by_the_type(self, place: licences.Office) -> None:
        asked_for_supplement(place)

        assert told(place.clerk) == told(place.colleague)
        assert sorted(told(place.clerk)) == ["待办：受理", "收到申请"]
        assert sorted(told(place.citizen)) == ["待办：补正材料", "请补正材料"]
        for other in (place.stranger, place.other_citizen, place.approver, place.delegate):
            assert told(other) == []

    def test_names_what_happened(self, place: licences.Office) -> None:
        asked_for_supplement(place)

        page = read_messages.messages(actor=place.citizen, query=ListQuery())
        (one,) = (row for row in page.rows if row.title == "请补正材料")
        assert "内容：身份证复印件" in one.text
        assert "依据：行政许可法第三十二条" in one.text

    def test_says_what_held_when_it_happened(self, tmp_path: Path) -> None:
        late = "late: {occasion: escalated, to: [doers], by: [site]}"
        when_accepted = "late: {occasion: task_done, task: accept, outcomes: [accept], to: [applicant]}"
        place = licences.office(folder=licences.changed(tmp_path, (late, when_accepted)).parent)
        case = licences.accepted(place, at=timezone.now())
        due_at = Case.objects.get(pk=case.id).due_at
        api.pause_clock(
            case_id=case.id, clock="decision", ground="expert_review", actor=place.approver, at=timezone.now()
        )

        deliver_events()

        rows = read_messages.messages(actor=place.citizen, query=ListQuery()).rows
        assert [row.text for row in rows if row.title == "时限提醒"] == [f"受理：{day_in(due_at, 'zh-hans')}"]

    def test_says_what_was_asked_though_it_is_answered_already(self, tmp_path: Path) -> None:
        done = "occasion: task_done, task: accept, outcomes: [ask_supplement], to: [applicant]"
        asked = "occasion: task_opened, task: supplement, to: [applicant]"
        place = licences.office(folder=licences.changed(tmp_path, (done, asked)).parent)
        case = licences.applied(place, at=timezone.now())
        api.complete_task(
            case_id=case.id,
            task="accept",
            outcome="ask_supplement",
            reason="身份证复印件",
            actor=place.clerk,
            at=timezone.now(),
        )
        api.complete_task(
            case_id=case.id, task="supplement", outcome="submit", actor=place.citizen, at=timezone.now()
        )

        deliver_events()

        rows = read_messages.messages(actor=place.citizen, query=ListQuery()).rows
        assert ["内容：身份证复印件" in row.text for row in rows if row.title == "请补正材料"] == [True]

    def test_tells_nobody_what_he_did_himself(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())
        api.write_comment(case_id=case.id, text="?", actor=place.clerk, at=timezone.now(), is_internal=False)
        deliver_events()

        assert "新留言" in told(place.citizen)
        assert "新留言" in told(place.colleague)
        assert "新留言" not in told(place.clerk)

    def test_keeps_what_is_internal_from_everybody(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())
        api.write_comment(case_id=case.id, text="?", actor=place.clerk, at=timezone.now(), is_internal=True)
        deliver_events()

        assert not Message.objects.filter(code="commented").exists()

    def test_reaches_all_delegates_of_an_enterprise(self, place: licences.Office) -> None:
        second = licences.delegate("dan", "470302199004044447", enterprise_id=place.enterprise_id)
        case = licences.applied(place, actor=place.delegate, at=timezone.now())
        api.write_comment(case_id=case.id, text="?", actor=place.clerk, at=timezone.now(), is_internal=False)
        deliver_events()

        assert told(second) == told(place.delegate) == ["新留言"]

    def test_goes_to_whom_a_to_do_is_handed(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())
        api.claim_task(case_id=case.id, task="accept", actor=place.clerk, at=timezone.now())
        api.hand_over_task(
            case_id=case.id, task="accept", to_id=place.colleague.id, actor=place.clerk, at=timezone.now()
        )
        deliver_events()

        assert "转交" in told(place.colleague)
        assert "转交" not in told(place.clerk)

    def test_happens_once_however_often_the_event_comes(self, place: licences.Office) -> None:
        case = asked_for_supplement(place)
        before = Message.objects.count()
        task = apps.get_model("casework", "Task").objects.get(case_id=case.id, code="supplement")
        event = TaskOpened(
            at=task.opened_at,
            actor=place.clerk,
            subject=outbox_subject(case),
            case_id=case.id,
            case_type="licence",
            about_kind=case.subject.kind,
            about_id=UUID(str(case.subject.id)),
            task_id=TaskId(task.pk),
            task="supplement",
            for_department_id=None,
        )

        tell_people(event)

        assert Message.objects.count() == before

    def test_is_not_shown_of_cases_that_one_may_not_see_any_more(self, place: licences.Office) -> None:
        asked_for_supplement(place)
        gone = Actor(
            id=place.clerk.id, name=place.clerk.name, department_id=place.authority, roles=frozenset()
        )

        assert told(gone) == []
        assert read_messages.unread(actor=gone) == 0


def outbox_subject(case: api.CaseRecord) -> Subject:
    return Subject(kind="case", id=str(case.id), label=case.number)


class TestChannels:
    def test_are_chosen_by_the_person(self, place: licences.Office, box: Box, sms: Path) -> None:
        asked_for_supplement(place)
        assert not Delivery.objects.exists()

        wants(place.citizen, by_email=True, by_sms=True)
        asked_for_supplement(place)

        assert {one.channel for one in Delivery.objects.filter(message__code="supplement")} == {
            "email",
            "sms",
        }

    def test_that_the_platform_lacks_are_not_used(self, place: licences.Office) -> None:
        wants(place.citizen, by_email=True)

        asked_for_supplement(place)

        assert not Delivery.objects.exists()

    def test_keep_addresses_sealed_and_masked(self, place: licences.Office) -> None:
        wants(place.citizen, by_email=True, by_sms=True)

        row = MessageChoice.objects.get()
        for sealed in (row.sealed_email, row.sealed_phone):
            assert sealed is not None
            assert ADDRESS.encode() not in bytes(sealed)
            assert NUMBER.encode() not in bytes(sealed)
        known = chosen(actor=place.citizen)
        assert (known.email, known.phone) == ("a***@example.cn", "138****8000")
        events = apps.get_model("trust", "AuditEvent").objects
        event = events.get(name="casework.channels.chosen.v1", actor_id=place.citizen.id)
        assert ADDRESS not in str(vars(event))

    @pytest.mark.parametrize(
        ("email", "phone", "refusal"),
        [
            ("nobody", "", AddressUnfit),
            ("a@b.cn\r\nBcc: c@d.cn", "", AddressUnfit),
            ("a@b.cn, c@d.cn", "", AddressUnfit),
            ("", "0371-66668888", PhoneInvalid),
            ("", "", AddressMissing),
        ],
    )
    def test_need_an_address_that_is_one(
        self, place: licences.Office, email: str, phone: str, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            choose_channels(
                by_email=True, by_sms=True, email=email, phone=phone, actor=place.citizen, at=timezone.now()
            )


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


class TestPages:
    def test_show_the_bell_and_the_list_and_mark_as_read(self, place: licences.Office) -> None:
        case = asked_for_supplement(place)
        client = signed_in(place.citizen)

        page = client.get(reverse("messages:list")).content.decode()
        assert "2条未读消息" in page
        assert "请补正材料" in page
        first = Message.objects.filter(person_id=place.citizen.id).first()
        assert first is not None
        answer = client.post(reverse("messages:read", args=[first.pk]))
        assert answer["Location"] == case.subject.path
        assert read_messages.unread(actor=place.citizen) == 1
        client.post(reverse("messages:read-all"))
        assert read_messages.unread(actor=place.citizen) == 0
        assert "没有未读消息" in client.get(reverse("messages:list") + "?state=unread").content.decode()

    def test_show_nothing_of_others(self, place: licences.Office) -> None:
        asked_for_supplement(place)
        mine = Message.objects.filter(person_id=place.citizen.id).first()
        assert mine is not None
        client = signed_in(place.other_citizen)

        assert client.post(reverse("messages:read", args=[mine.pk])).status_code == 404
        client.post(reverse("messages:read-all"))
        assert read_messages.unread(actor=place.citizen) == 2

    def test_let_channels_be_chosen(self, place: licences.Office, box: Box, sms: Path) -> None:
        client, path = signed_in(place.citizen), reverse("messages:channels")

        client.post(path, {"by_email": "on", "email": ADDRESS})

        page = client.get(path).content.decode()
        assert "a***@example.cn" in page
        assert ADDRESS not in page
        assert "这不是电子邮箱" in client.post(path, {"by_email": "on", "email": "x"}).content.decode()

    def test_list_what_failed_for_operators_only(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        case = asked_for_supplement(place)
        box.recipients = "550 no"
        send.deliver(delivery_id=delivery().pk, at=timezone.now())
        operator = signed_in(trust.actor(Role.OPERATOR, department_id=place.authority))

        page = operator.get(reverse("messages:troubled")).content.decode()
        assert case.number in page
        assert place.citizen.name not in page
        operator.post(reverse("messages:retry", args=[delivery().pk]))
        assert delivery().state == Delivery.State.QUEUED
        for other in (place.citizen, place.clerk, place.head):
            client = signed_in(other)
            assert client.get(reverse("messages:troubled")).status_code == 403
            assert client.post(reverse("messages:retry", args=[delivery().pk])).status_code == 403

    def test_cost_the_same_for_many_messages(self, place: licences.Office) -> None:
        client, counts = signed_in(place.clerk), []
        for number in (1, 12):
            for _ in range(number):
                licences.applied(place, at=timezone.now())
            deliver_events()
            client.get(reverse("messages:list"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("messages:list"))
            counts.append(len(queries))

        assert counts[0] == counts[1]
