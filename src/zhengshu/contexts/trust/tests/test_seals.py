"""Seals: made once approved, used by those who may for what was approved, revoked for ever, and all of it logged."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.seals import authority
from zhengshu.contexts.trust.application.seals.check_sealed_file import check_sealed_file
from zhengshu.contexts.trust.application.seals.keep_seal import RevocationReasonMissing
from zhengshu.contexts.trust.application.seals.seal_queries import list_seals, seal_users
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.models import AuditEvent, LogQueueItem, Seal, SealApproval, SealKey, SealUse
from zhengshu.contexts.trust.tests import factories, seals
from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.seals.revocations import read_list
from zhengshu.foundation.seals.stamps import read_seal
from zhengshu.foundation.seals.timestamps import request_for
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Actor:
    return seals.official()


@pytest.fixture
def head(user: Actor) -> Actor:
    return seals.official(Role.DEPARTMENT_HEAD, department_id=user.department_id)


def names() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("name", flat=True))


class TestMaking:
    def test_gives_keys_for_both_kinds_of_file_and_a_seal_signed_by_its_maker(self, user: Actor) -> None:
        row = Seal.objects.get(pk=seals.made(user))
        schemes = set(SealKey.objects.filter(seal=row).values_list("scheme", flat=True))
        made = read_seal(bytes(row.made or b""))

        assert schemes == {"sm2-sm3", "ecdsa-p256-sha256"}
        assert (made.id, made.name) == (row.code, row.name)
        assert "trust.seal.made.v1" in names()

    def test_happens_once(self, user: Actor) -> None:
        row = Seal.objects.get(pk=seals.made(user))
        assert row.case_id is not None
        api.make_seal(case_id=row.case_id, actor=user, at=timezone.now())
        api.refuse_seal(case_id=row.case_id, actor=user, at=timezone.now())

        row.refresh_from_db()
        assert (row.state, SealKey.objects.filter(seal=row).count()) == ("in_use", 2)

    def test_private_keys_lie_sealed(self, user: Actor) -> None:
        row = SealKey.objects.filter(seal=seals.made(user)).first()
        assert row is not None
        plain = authority.key_of(row).pkcs8

        assert plain not in bytes(row.sealed_secret)
        assert plain[-32:] not in bytes(row.sealed_secret)

    @pytest.mark.parametrize(
        ("days", "refusal"),
        [(0, api.SealPeriodUnfit), (-3, api.SealPeriodUnfit), (3000, api.SealPeriodUnfit)],
    )
    def test_a_period_that_cannot_be_is_refused(
        self, user: Actor, days: int, refusal: type[Exception]
    ) -> None:
        at = timezone.now()
        want = seals.wanted(user.id, at=at)
        wanted = api.WantedSeal(
            kind=want.kind,
            name=want.name,
            users=want.users,
            active_from=at,
            active_to=at + timedelta(days=days),
        )

        with pytest.raises(refusal):
            api.apply_for_seal(wanted=wanted, department_id=user.department_id or new_id(), actor=user, at=at)  # type: ignore[arg-type]

    def test_somebody_of_another_department_cannot_be_its_user(self, user: Actor) -> None:
        stranger = seals.official()

        for kind in api.SealKind:
            with pytest.raises(api.SealHolderUnfit):
                api.apply_for_seal(
                    wanted=seals.wanted(stranger.id, kind=kind),
                    department_id=user.department_id,  # type: ignore[arg-type]
                    actor=user,
                    at=timezone.now(),
                )


class TestUsing:
    def test_seals_both_kinds_of_file_and_logs_each_use(self, user: Actor) -> None:
        document = seals.approved(user.department_id)
        seals.put(seals.made(user), document, user)
        at = timezone.now()

        for content in seals.files(document).values():
            found = check_sealed_file(content, at=at)
            (verdict,) = found.verdicts
            assert (verdict.is_unchanged, verdict.is_genuine, verdict.was_valid, verdict.is_valid) == (
                True,
            ) * 4
            assert verdict.finding.signer == "临江市市场监督管理局"
            assert found.is_logged
        used = AuditEvent.objects.filter(name="trust.seal.used.v1")
        assert {row.data["format"] for row in used} == {"pdf", "ofd"}
        assert LogQueueItem.objects.filter(kind="act", source__in=used.values("pk")).count() == 2

    def test_a_second_time_makes_nothing_new(self, user: Actor) -> None:
        document, seal = seals.approved(user.department_id), seals.made(user)
        seals.put(seal, document, user)
        seals.put(seal, document, user)

        assert SealUse.objects.count() == 2

    def test_by_somebody_who_is_not_named_is_refused_and_audited(self, user: Actor) -> None:
        colleague = seals.official(Role.APPROVER, department_id=user.department_id)
        seal, document = seals.made(user), seals.approved(user.department_id)

        with pytest.raises(api.SealNotYours):
            seals.put(seal, document, colleague)
        assert not SealUse.objects.exists()
        refused = AuditEvent.objects.get(name="trust.seal.use-refused.v1")
        assert (refused.is_success, refused.data["reason"]) == (False, "trust.seal-not-yours")

    def test_from_another_department_does_not_even_find_it(self, user: Actor) -> None:
        with pytest.raises(api.SealNotFound):
            seals.put(seals.made(user), seals.approved(user.department_id), seals.official())

    def test_of_a_document_that_nobody_approved_is_refused(self, user: Actor) -> None:
        with pytest.raises(api.DocumentNotApproved):
            seals.put(seals.made(user), new_id(), user)

    def test_of_another_text_than_was_approved_is_refused(self, user: Actor) -> None:
        document = seals.approved(user.department_id)

        with pytest.raises(api.DocumentOtherThanApproved):
            seals.put(seals.made(user), document, user, text=seals.other())

    def test_of_another_departments_document_is_refused(self, user: Actor) -> None:
        document = seals.approved(seals.official().department_id)

        with pytest.raises(api.SealOfAnotherDepartment):
            seals.put(seals.made(user), document, user)

    def test_outside_of_its_period_is_refused(self, user: Actor) -> None:
        seal, document = seals.made(user), seals.approved(user.department_id)

        with pytest.raises(api.SealOutOfTime):
            seals.put(seal, document, user, at=timezone.now() + timedelta(days=400))

    def test_after_the_authority_was_taken_away_is_refused(self, user: Actor, head: Actor) -> None:
        seal, document = seals.made(user), seals.approved(user.department_id)
        api.remove_seal_user(seal_id=seal, account_id=user.id, actor=head, at=timezone.now())

        with pytest.raises(api.SealNotYours):
            seals.put(seal, document, user)

    def test_without_a_timestamp_seals_nothing(self, user: Actor, settings: Settings) -> None:
        settings.SEAL_TIMESTAMP_URLS = dict.fromkeys(settings.SEAL_TIMESTAMP_URLS, "http://127.0.0.1:9/")
        seal, document = seals.made(user), seals.approved(user.department_id)

        with pytest.raises(api.NoTimestamp):
            seals.put(seal, document, user)
        assert not SealUse.objects.exists()

    def test_records_are_never_changed(self, user: Actor) -> None:
        seals.put(seals.made(user), seals.approved(user.department_id), user)

        for model in (SealUse, SealApproval):
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.update(digest="x")
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.all().delete()


class TestRevoking:
    def test_ends_a_seal_for_ever_and_leaves_what_was_sealed_valid_then(
        self, user: Actor, head: Actor
    ) -> None:
        seal, document = seals.made(user), seals.approved(user.department_id)
        seals.put(seal, document, user)
        later = timezone.now() + timedelta(hours=1)
        api.revoke_seal(seal_id=seal, reason="遗失", actor=head, at=later)

        for content in seals.files(document).values():
            (verdict,) = check_sealed_file(content, at=later + timedelta(hours=1)).verdicts
            assert (verdict.was_valid, verdict.is_valid, verdict.revoked_at) == (True, False, later)
        with pytest.raises(api.SealNotInUse):
            seals.put(seal, seals.approved(user.department_id), user)
        assert "trust.seal.revoked.v1" in names()

    def test_is_for_the_head_and_the_security_administrator_with_a_reason(
        self, user: Actor, head: Actor
    ) -> None:
        seal, at = seals.made(user), timezone.now()
        security = seals.official(Role.SECURITY_ADMIN)

        with pytest.raises(NotYourDuty):
            api.revoke_seal(seal_id=seal, reason="x", actor=user, at=at)
        with pytest.raises(api.SealNotFound):
            api.revoke_seal(seal_id=seal, reason="x", actor=seals.official(Role.DEPARTMENT_HEAD), at=at)
        with pytest.raises(RevocationReasonMissing):
            api.revoke_seal(seal_id=seal, reason="  ", actor=head, at=at)
        api.revoke_seal(seal_id=seal, reason="滥用", actor=security, at=at)
        assert Seal.objects.get(pk=seal).state == "revoked"

    def test_stands_in_the_list_that_the_authority_publishes(
        self, user: Actor, head: Actor, client: Client
    ) -> None:
        seal = seals.made(user)
        api.revoke_seal(seal_id=seal, reason="遗失", actor=head, at=timezone.now())

        for name, scheme in (("sm2", Scheme.SM2_SM3), ("p256", Scheme.ECDSA_P256)):
            root = Certificate.read(client.get(f"/trust/seals/authority/{name}.pem").content)
            listed = read_list(client.get(f"/trust/seals/authority/{name}.crl").content, issuer=root)
            assert int(SealKey.objects.get(seal=seal, scheme=scheme.value).serial, 16) in listed


class TestUsers:
    def test_are_named_by_the_head_only(self, user: Actor, head: Actor) -> None:
        seal, at = seals.made(user), timezone.now()
        colleague = seals.official(Role.APPROVER, department_id=user.department_id)

        with pytest.raises(NotYourDuty):
            api.name_seal_user(seal_id=seal, account_id=colleague.id, actor=user, at=at)
        with pytest.raises(api.SealHolderUnfit):
            api.name_seal_user(seal_id=seal, account_id=seals.official().id, actor=head, at=at)
        api.name_seal_user(seal_id=seal, account_id=colleague.id, actor=head, at=at)
        assert {one.account_id for one in seal_users(seal_id=seal, actor=head)} == {user.id, colleague.id}

    def test_of_a_personal_seal_is_its_holder_alone(self, user: Actor, head: Actor) -> None:
        seal = seals.made(user, kind=api.SealKind.PERSONAL, name="王小明")

        with pytest.raises(api.SealHolderUnfit):
            api.name_seal_user(seal_id=seal, account_id=head.id, actor=head, at=timezone.now())


class TestRegister:
    def test_shows_ones_own_department_only_but_all_to_reviewers(self, user: Actor) -> None:
        seals.made(user)
        query, at = ListQuery(), timezone.now()

        assert len(list_seals(query=query, actor=user, at=at).rows) == 1
        assert not list_seals(query=query, actor=seals.official(), at=at).rows
        assert not list_seals(query=query, actor=seals.official(Role.SYSTEM_ADMIN), at=at).rows
        assert len(list_seals(query=query, actor=seals.official(Role.REVIEWER), at=at).rows) == 1

    def test_costs_the_same_with_one_seal_and_with_many(
        self, user: Actor, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(3):
            seals.made(user)
            with django_assert_num_queries(1):
                list_seals(query=ListQuery(), actor=user, at=timezone.now())

    def test_pages_open_for_those_who_may_and_only_for_them(self, user: Actor) -> None:
        seal = seals.made(user)
        mine, others = Client(), Client()
        mine.force_login(factories.account_of(user))
        others.force_login(factories.account_of(seals.official()))

        for route in ("trust:seal-detail", "trust:seal-picture"):
            assert mine.get(reverse(route, args=[seal])).status_code == 200
            assert others.get(reverse(route, args=[seal])).status_code == 404
        assert mine.get(reverse("trust:seal-revoke", args=[seal])).status_code == 403
        assert "临江市市场监督管理局" in mine.get(reverse("trust:seal-list")).content.decode()
        assert "临江市市场监督管理局" not in others.get(reverse("trust:seal-list")).content.decode()


class TestTimestampAuthority:
    def test_answers_over_http_and_nothing_else(self, client: Client) -> None:
        request, _nonce = request_for(b"x", digest="sm3")
        kind = "application/timestamp-query"

        answer = client.post("/trust/seals/timestamp/", request, content_type=kind)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/timestamp-reply")
        assert client.post("/trust/seals/timestamp/", request, content_type="text/plain").status_code == 415
        assert client.post("/trust/seals/timestamp/", b"0" * 9999, content_type=kind).status_code == 413
        assert client.get("/trust/seals/timestamp/").status_code == 405
