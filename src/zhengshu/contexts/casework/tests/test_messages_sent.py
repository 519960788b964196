"""Messages on their way: a real mail server, good and bad, an SMS outbox, workers that are killed."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from django.test import TestCase
from django.utils import timezone
from tests.kit.platform import free_port

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.messages import send
from zhengshu.contexts.casework.application.messages.ports import FileSms
from zhengshu.contexts.casework.models import Delivery, Message
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.mail_server import Box
from zhengshu.contexts.casework.tests.messaging import ADDRESS, NUMBER, asked_for_supplement, delivery, wants
from zhengshu.contexts.casework.tests.processes import environment
from zhengshu.foundation import outbox

pytestmark = pytest.mark.django_db


class TestEmail:
    def test_says_which_case_and_nothing_personal(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        case = asked_for_supplement(place)

        send.deliver(delivery_id=delivery().pk, at=timezone.now())

        (mail,) = box.mails
        assert mail["To"] == ADDRESS
        assert mail["Message-ID"] == f"<{delivery().pk}@localhost>"
        assert case.number in str(mail["Subject"])
        text = mail.get_content()
        assert "/messages/" in text
        assert place.citizen.name not in text
        assert "身份证复印件" not in text
        assert delivery().state == Delivery.State.SENT

    def test_is_sent_once(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        asked_for_supplement(place)

        for _ in range(3):
            send.deliver(delivery_id=delivery().pk, at=timezone.now())

        assert len(box.mails) == 1

    def test_is_tried_again_when_the_server_is_not_there(
        self, place: licences.Office, settings: LazySettings
    ) -> None:
        settings.MAIL_HOST, settings.MAIL_SECURITY, settings.MAIL_PORT = "127.0.0.1", "none", free_port()
        wants(place.citizen)
        asked_for_supplement(place)

        with pytest.raises(send.NotDelivered):
            send.deliver(delivery_id=delivery().pk, at=timezone.now())

        assert (delivery().state, delivery().fault) == (Delivery.State.FAILED, "unreachable")

    def test_is_given_up_after_many_attempts(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        box.answers = ["451 4.3.0 try later"] * 20

        for _ in range(send.MOST_ATTEMPTS - 1):
            with pytest.raises(send.NotDelivered):
                send.deliver(delivery_id=delivery().pk, at=timezone.now())
        send.deliver(delivery_id=delivery().pk, at=timezone.now())

        assert (delivery().state, delivery().fault) == (Delivery.State.GIVEN_UP, "smtp-451")
        assert box.mails == []

    @pytest.mark.parametrize("recipients", ["550 5.1.1 no such user ada.liu@example.cn", "553 never"])
    def test_is_given_up_at_once_when_it_will_never_be_taken(
        self, place: licences.Office, box: Box, recipients: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        box.recipients = recipients

        send.deliver(delivery_id=delivery().pk, at=timezone.now())

        assert (delivery().state, delivery().fault) == (Delivery.State.GIVEN_UP, f"smtp-{recipients[:3]}")
        assert ADDRESS not in caplog.text

    def test_does_not_wait_for_a_server_that_is_mute(
        self, place: licences.Office, box: Box, settings: LazySettings
    ) -> None:
        settings.MAIL_SECONDS = 1
        wants(place.citizen)
        asked_for_supplement(place)
        box.is_mute = True

        with pytest.raises(send.NotDelivered):
            send.deliver(delivery_id=delivery().pk, at=timezone.now())

        assert (delivery().state, delivery().fault) == (Delivery.State.FAILED, "slow")

    def test_goes_where_the_person_says_now(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        wants(place.citizen, by_email=False)

        send.deliver(delivery_id=delivery().pk, at=timezone.now())

        assert box.mails == []
        assert (delivery().state, delivery().fault) == (Delivery.State.GIVEN_UP, "no-address")


class TestSms:
    def test_has_only_the_number_and_a_link(self, place: licences.Office, sms: Path) -> None:
        wants(place.citizen, by_email=False, by_sms=True)
        case = asked_for_supplement(place)

        for _ in range(2):
            send.deliver(delivery_id=delivery("sms").pk, at=timezone.now())

        (file,) = sms.iterdir()
        written = json.loads(file.read_text(encoding="utf-8"))
        assert (file.stem, written["to"]) == (str(delivery("sms").pk), NUMBER)
        assert case.number in written["text"]
        assert not any(word in written["text"] for word in (place.citizen.name, "身份证", "许可", "补正"))

    def test_is_written_once_for_a_key(self, tmp_path: Path) -> None:
        for text in ("一", "二"):
            FileSms(tmp_path).send(to=NUMBER, text=text, key="k")

        (file,) = tmp_path.iterdir()
        assert json.loads(file.read_text(encoding="utf-8"))["text"] == "一"
        assert file.stat().st_mode & 0o007 == 0

    def test_is_tried_again_when_the_folder_is_not_there(
        self, place: licences.Office, settings: LazySettings, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        settings.SMS_OUTBOX = str(tmp_path / "file")
        wants(place.citizen, by_email=False, by_sms=True)
        asked_for_supplement(place)

        with pytest.raises(send.NotDelivered):
            send.deliver(delivery_id=delivery("sms").pk, at=timezone.now())


class TestJobs:
    def test_are_queued_when_the_message_is_committed_and_never_before(
        self, place: licences.Office, box: Box
    ) -> None:
        wants(place.citizen)
        case = licences.applied(place, at=timezone.now())
        api.complete_task(
            case_id=case.id,
            task="accept",
            outcome="ask_supplement",
            reason="x",
            actor=place.clerk,
            at=timezone.now(),
        )
        jobs = apps.get_model("procrastinate", "ProcrastinateJob").objects.filter(task_name=send.JOB)

        with TestCase.captureOnCommitCallbacks(execute=True):
            while outbox.deliver_due(at=timezone.now()):
                pass
            assert Delivery.objects.exists()
            assert not jobs.exists()

        assert jobs.count() == Delivery.objects.count()

    def test_are_queued_with_the_message_and_not_doubled(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        jobs = apps.get_model("procrastinate", "ProcrastinateJob").objects.filter(task_name=send.JOB)
        before = jobs.count()

        assert before == Delivery.objects.count() > 0
        assert send.queue_abandoned(at=timezone.now()) == 0
        assert send.queue_abandoned(at=timezone.now() + timedelta(hours=1)) == before
        assert jobs.count() == before

    def test_of_a_killed_worker_are_queued_again(self, place: licences.Office, box: Box) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", [send.JOB])

        send.queue_abandoned(at=timezone.now() + timedelta(hours=1))

        jobs = apps.get_model("procrastinate", "ProcrastinateJob").objects
        assert jobs.filter(task_name=send.JOB, status="todo").count() == Delivery.objects.count()


@pytest.mark.django_db(transaction=True)
class TestKilledWorker:
    """The guarantee: never lost, and what comes twice comes under the same name; an SMS file never twice."""

    def test_before_the_server_answered_sends_again_under_the_same_name(
        self, place: licences.Office, box: Box
    ) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        key = delivery().pk
        box.is_mute = True
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(key)], env=environment())
        try:
            assert box.arrived.wait(60)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        assert delivery().state == Delivery.State.QUEUED
        box.is_mute = False
        box.speaks.set()

        send.deliver(delivery_id=key, at=timezone.now())

        assert delivery().state == Delivery.State.SENT
        assert {mail["Message-ID"] for mail in box.mails} == {f"<{key}@localhost>"}
        assert len(box.mails) == 2

    def test_after_the_server_said_yes_and_before_it_was_written_down(
        self, place: licences.Office, box: Box
    ) -> None:
        wants(place.citizen)
        asked_for_supplement(place)
        key = delivery().pk

        assert dies_after("send_email", key) == -signal.SIGKILL

        assert len(box.mails) == 1
        assert delivery().state == Delivery.State.QUEUED
        send.queue_abandoned(at=timezone.now() + timedelta(hours=1))
        send.deliver(delivery_id=key, at=timezone.now())
        send.deliver(delivery_id=key, at=timezone.now())
        assert delivery().state == Delivery.State.SENT
        assert [mail["Message-ID"] for mail in box.mails] == [f"<{key}@localhost>"] * 2

    def test_an_sms_is_written_once_all_the_same(self, place: licences.Office, sms: Path) -> None:
        wants(place.citizen, by_email=False, by_sms=True)
        asked_for_supplement(place)
        key = delivery("sms").pk

        assert dies_after("send_sms", key) == -signal.SIGKILL

        assert delivery("sms").state == Delivery.State.QUEUED
        send.deliver(delivery_id=key, at=timezone.now())
        assert delivery("sms").state == Delivery.State.SENT
        assert [file.stem for file in sms.iterdir()] == [str(key)]

    @pytest.mark.parametrize(("dying", "stored"), [("OUTBOX", 0), ("QUEUEING", 1)])
    def test_while_the_outbox_is_delivered_tells_each_person_once(
        self, place: licences.Office, box: Box, dying: str, stored: int
    ) -> None:
        wants(place.citizen)
        case = licences.applied(place, at=timezone.now())
        api.complete_task(
            case_id=case.id,
            task="accept",
            outcome="ask_supplement",
            reason="x",
            actor=place.clerk,
            at=timezone.now(),
        )

        program = {"OUTBOX": OUTBOX, "QUEUEING": QUEUEING}[dying]
        worker = subprocess.run([sys.executable, "-c", program], env=environment(), check=False)

        assert worker.returncode == -signal.SIGKILL
        told = Message.objects.filter(code="supplement", person_id=place.citizen.id)
        assert told.count() == stored
        while outbox.deliver_due(at=timezone.now()):
            pass
        assert told.count() == 1
        sent = Delivery.objects.get(message__code="supplement")
        send.queue_abandoned(at=timezone.now() + timedelta(hours=1))
        jobs = apps.get_model("procrastinate", "ProcrastinateJob").objects.filter(task_name=send.JOB)
        assert jobs.filter(args__delivery_id=str(sent.pk)).count() == 1


WORKER = """
import sys, uuid, django
django.setup()
from django.utils import timezone
from zhengshu.contexts.casework.application.messages import send
send.deliver(delivery_id=uuid.UUID(sys.argv[1]), at=timezone.now())
"""

DYING = """
import os, signal, sys, uuid, django
django.setup()
from django.utils import timezone
from zhengshu.contexts.casework.application.messages import send
name, key = sys.argv[1:]
real = getattr(send, name)
def sent_then_dead(**what):
    real(**what)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(send, name, sent_then_dead)
send.deliver(delivery_id=uuid.UUID(key), at=timezone.now())
"""
"""A worker that is killed between the channel's yes and the mark in the database."""

OUTBOX = """
import os, signal, django
django.setup()
from django.utils import timezone
from zhengshu.contexts.casework.application.messages import compose
from zhengshu.foundation import outbox
compose.queue_after_commit = lambda keys: os.kill(os.getpid(), signal.SIGKILL) if list(keys) else None
while outbox.deliver_due(at=timezone.now()):
    pass
"""
"""A worker that is killed when it has written the message that is to leave by e-mail, and not committed it."""

QUEUEING = """
import os, signal, django
django.setup()
from django.utils import timezone
from zhengshu.contexts.casework.application.messages import send
from zhengshu.foundation import outbox
send.queue = lambda keys: os.kill(os.getpid(), signal.SIGKILL) if list(keys) else None
while outbox.deliver_due(at=timezone.now()):
    pass
"""
"""A worker that is killed when the message is committed, before the job is queued that sends it."""


def dies_after(step: str, key: UUID) -> int:
    worker = subprocess.run([sys.executable, "-c", DYING, step, str(key)], env=environment(), check=False)
    return worker.returncode
