"""Whoever leaves has no way in any more, at once and everywhere, by whichever way his leaving became known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.application.declare_absence import DeputyUnfit
from zhengshu.contexts.casework.application.doing import deputyships
from zhengshu.contexts.casework.application.forms.start_draft import start_draft
from zhengshu.contexts.casework.tests import form_factories, licences
from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.import_accounts import import_accounts
from zhengshu.contexts.trust.application.manage_account import deactivate_account
from zhengshu.contexts.trust.application.scim import add_source
from zhengshu.contexts.trust.application.sign_on.ending import JOB
from zhengshu.contexts.trust.application.sign_on.keep_parties import PartyValues, add_party
from zhengshu.contexts.trust.domain.account_lists import ListedOfficial
from zhengshu.contexts.trust.domain.seals import SealNotYours
from zhengshu.contexts.trust.models import (
    Account,
    AccountSource,
    AuditEvent,
    PartySession,
    SessionRecord,
    SourcedAccount,
    SystemKey,
)
from zhengshu.contexts.trust.tests import factories, relying, seals
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD, PLATFORM
from zhengshu.contexts.trust.tests.signing import fresh, is_in, sign_in
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

pytestmark = pytest.mark.django_db

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """An official with everything open that an official can have open."""

    account: Account
    browser: Client
    second_browser: Client
    party: relying.Party
    token: str
    unspent_code: str
    kiosk: str
    device_code: str
    trial_key: str
    seal_id: UUID


def working() -> Official:
    """Return an official at work."""
    account = fresh(factories.account(Role.DATA_OFFICER, Role.APPROVER, username="leaver"))
    browsers = Client(), Client()
    for browser in browsers:
        sign_in(browser, account.username)
    party = relying.registered(browser=browsers[0], backchannel_uri="https://rp.example/logout")
    token = party.redeem(party.code()).json()["access_token"]
    kiosk = add_party(
        values=PartyValues(name="自助机", scopes=("profile",)), is_kiosk=True, actor=PLATFORM, at=AT
    ).client_id
    codes = relying.post(Client(), "sign_on:device-code", client_id=kiosk).json()
    browsers[1].post(reverse("sign_on:device"), {"code": codes["user_code"], "answer": "yes"})
    actor = api.actor_of(official_id=account.id)
    system = factories.system(department_id=account.department_id)
    return Official(
        account=account,
        browser=browsers[0],
        second_browser=browsers[1],
        party=party,
        token=token,
        unspent_code=party.code(),
        kiosk=kiosk,
        device_code=codes["device_code"],
        trial_key=api.issue_trial_key(system_id=system.id, actor=actor, at=timezone.now()).key_id,
        seal_id=seals.made(actor),
    )


def by_administrator(one: Official) -> None:
    deactivate_account(account_id=one.account.id, actor=PLATFORM, at=timezone.now())


def by_personnel_system(one: Official) -> None:
    """SCIM: the source that keeps the account says that it is not active."""
    token = add_source(name="人事系统", actor=PLATFORM, at=timezone.now())
    SourcedAccount.objects.create(source=AccountSource.objects.get(), account=one.account, external_id="")
    answer = Client().patch(
        reverse("scim:user", args=[one.account.id]),
        {"Operations": [{"op": "replace", "path": "active", "value": False}]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200


def by_list(one: Official) -> None:
    """The list of the personnel office says that he leaves."""
    code = one.account.department.code if one.account.department else ""
    row = ListedOfficial(line=2, username="leaver", name=one.account.name, department=code, is_active=False)
    import_accounts([row], source="list", actor=PLATFORM, at=timezone.now())


WAYS: tuple[Callable[[Official], None], ...] = (by_administrator, by_personnel_system, by_list)


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def left(
    request: pytest.FixtureRequest, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Official:
    one = working()
    assert is_in(one.browser)
    assert is_in(one.second_browser)
    assert one.party.userinfo(one.token).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        request.param(one)
    return one


class TestWhoeverLeft:
    def test_is_signed_out_of_every_browser_and_comes_in_no_more(self, left: Official) -> None:
        assert not is_in(left.browser)
        assert not is_in(left.second_browser)
        assert left.browser.get("/api/casework/inbox").status_code == 403
        assert sign_in(left.browser, left.account.username) == ""
        assert not SessionRecord.objects.filter(account=left.account, ended_at=None).exists()

    def test_has_no_token_and_no_code_and_each_site_is_told(self, left: Official) -> None:
        assert left.party.userinfo(left.token).status_code == 401
        assert left.party.redeem(left.unspent_code).status_code == 400
        untold = PartySession.objects.get(party_id=left.party.client_id)
        assert untold.ended_at is not None
        assert timezone.now() - untold.ended_at < timedelta(minutes=1)
        assert ProcrastinateJob.objects.filter(task_name=JOB, status="todo").exists()

    def test_let_no_kiosk_in_with_what_it_waited_for(self, left: Official) -> None:
        answer = relying.post(
            Client(), "sign_on:token", client_id=left.kiosk, grant_type=GRANT, device_code=left.device_code
        )

        assert answer.status_code == 400
        assert "access_token" not in answer.json()

    def test_has_no_key_of_his_own_for_the_gateway(self, left: Official) -> None:
        row = SystemKey.objects.get(key_id=left.trial_key)

        assert row.revoked_at is not None
        assert row.revoked_at <= timezone.now()
        assert AuditEvent.objects.filter(name="trust.key.revoked.v1", data__key_id=left.trial_key).exists()

    def test_seals_nothing(self, left: Official) -> None:
        department_id = DepartmentId(left.account.department_id) if left.account.department_id else None
        roles = frozenset({Role.APPROVER})
        former = Actor(id=left.account.id, name="离职", department_id=department_id, roles=roles)
        document = seals.approved(department_id)

        with pytest.raises(SealNotYours):
            seals.put(left.seal_id, document, former)

    def test_is_nobody_whom_a_job_could_act_as(self, left: Official) -> None:
        with pytest.raises(api.AccountNotFound):
            api.actor_of(official_id=left.account.id)


class TestWhatHeLeavesBehind:
    def test_a_deputy_who_left_and_whose_principal_left_does_nothing(self) -> None:
        place = licences.office()

        def declared() -> None:
            casework.declare_absence(
                deputy_id=place.approver.id,
                active_from=AT,
                active_to=AT + timedelta(hours=8),
                actor=place.clerk,
                at=AT,
            )

        declared()
        before = deputyships(actor=place.approver, at=AT)
        deactivate_account(account_id=place.clerk.id, actor=PLATFORM, at=AT)

        assert [one.absent.id for one in before] == [place.clerk.id]
        assert deputyships(actor=place.approver, at=AT) == ()
        with pytest.raises(DeputyUnfit):
            casework.declare_absence(
                deputy_id=place.clerk.id,
                active_from=AT,
                active_to=AT + timedelta(hours=8),
                actor=place.colleague,
                at=AT,
            )

    def test_his_draft_is_neither_read_nor_sent(self, tmp_path: Path) -> None:
        form_factories.street(tmp_path)
        key = api.add_citizen(
            username="zhang",
            name="张三",
            citizen_id="11010519491231002X",
            password=PASSWORD,
            must_change_password=False,
            actor=PLATFORM,
            at=timezone.now(),
        )
        begun = start_draft(case_type="stall-permit", actor=api.actor_of(official_id=key), at=timezone.now())
        browser = Client()
        sign_in(browser, "zhang")
        page = reverse("apply:page", args=[begun.row.pk, 1])
        was_open = browser.get(page).status_code

        deactivate_account(account_id=key, actor=PLATFORM, at=timezone.now())

        sent = browser.post(reverse("apply:send", args=[begun.row.pk]))
        assert was_open == 200
        assert browser.get(page).headers["Location"].startswith("/accounts/login/")
        assert sent.headers["Location"].startswith("/accounts/login/")
        begun.row.refresh_from_db()
        assert begun.row.sent_at is None

    def test_keys_whose_secret_he_was_shown_are_named_until_they_are_renewed(self) -> None:
        leaver = factories.account(Role.DATA_OFFICER)
        keeper = factories.account(Role.DATA_OFFICER, department_id=leaver.department_id)
        system = factories.system(department_id=leaver.department_id)
        actor = api.actor_of(official_id=leaver.id)
        at = timezone.now()
        api.issue_key(system_id=system.id, algorithm="hmac-sm3", actor=actor, at=at)
        browser = Client()
        browser.force_login(keeper)
        page = reverse("trust:system-detail", args=[system.id])
        before = browser.get(page).content.decode()

        deactivate_account(account_id=leaver.id, actor=PLATFORM, at=at)
        exposed = browser.get(page).content.decode()
        renewed_by = api.actor_of(official_id=keeper.id)
        api.issue_key(system_id=system.id, algorithm="hmac-sm3", actor=renewed_by, at=timezone.now())

        assert "离岗人员" not in before
        assert "有效密钥的密文曾向已离岗人员显示" in exposed
        assert "离岗人员" not in browser.get(page).content.decode()
