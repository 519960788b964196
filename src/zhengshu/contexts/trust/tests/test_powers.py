"""A legal representative lets a handler act for the enterprise, for something, until a day; and takes it back."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application import scopes
from zhengshu.contexts.trust.application.delegate_powers import (
    PowerNotFound,
    grant_power,
    powers_of,
    revoke_power,
)
from zhengshu.contexts.trust.application.queries import enterprises_of
from zhengshu.contexts.trust.domain.delegating import (
    HandlerHasPower,
    HandlerNotFound,
    NotItsRepresentative,
    PowerMissing,
    ScopeUnknown,
    ValidityUnfit,
    scope_of,
)
from zhengshu.contexts.trust.models import Account, AuditEvent, Delegation, LogQueueItem
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import PASSWORD, PLATFORM
from zhengshu.contexts.trust.tests.signing import fresh
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import StepUpDue
from zhengshu.kernel.mandates import Power

pytestmark = pytest.mark.django_db

IDS = ("11010519491231002X", "440524188001010014")


class Cast:
    """An enterprise, its representative, a handler who acts for another one."""

    def __init__(self) -> None:
        at = timezone.now()
        self.enterprise, other = (
            api.add_enterprise(code=factories.credit_code(number), name=name, actor=PLATFORM, at=at)
            for number, name in ((880_001, "青禾餐饮"), (880_002, "远山物流"))
        )
        self.chief = self._delegate("chief", "陈立", IDS[0], self.enterprise, is_chief=True)
        self.handler = self._delegate("handler", "周敏", IDS[1], other, is_chief=False)

    def _delegate(
        self, username: str, name: str, number: str, enterprise: UUID, *, is_chief: bool
    ) -> Account:
        made = api.add_delegate(
            username=username,
            name=name,
            citizen_id=number,
            enterprise_id=enterprise,
            is_legal_representative=is_chief,
            password=PASSWORD,
            actor=PLATFORM,
            at=timezone.now(),
        )
        return fresh(Account.objects.get(id=made))

    def actor(self, account: Account) -> Actor:
        return api.actor_of(official_id=account.id)

    def grant(self, by: Account | None = None, **changes: object) -> UUID:
        given = {
            "enterprise_id": self.enterprise,
            "username": "Handler",
            "name": "周敏",
            "scope": [Power.MATTERS],
            "last_on": timezone.localdate() + timedelta(days=30),
            "actor": self.actor(by or self.chief),
            "at": timezone.now(),
            **changes,
        }
        return grant_power(**given)  # type: ignore[arg-type]


@pytest.fixture
def cast() -> Cast:
    return Cast()


class TestPowers:
    def test_count_from_the_next_request_on_and_end_by_themselves(self, cast: Cast) -> None:
        power = cast.grant()

        assert cast.enterprise in cast.actor(cast.handler).enterprise_ids
        row = Delegation.objects.get(id=power)
        local = timezone.localtime(row.active_to)
        assert (local.hour, local.date()) == (0, timezone.localdate() + timedelta(days=31))
        Delegation.objects.filter(id=power).update(active_to=timezone.now())
        assert cast.enterprise not in cast.actor(cast.handler).enterprise_ids

    def test_are_for_what_they_were_given_for(self, cast: Cast) -> None:
        cast.grant(scope=[Power.SITES])

        told = [one["name"] for one in enterprises_of(account_id=cast.handler.id, at=timezone.now())]
        assert "青禾餐饮" in told
        assert cast.enterprise not in cast.actor(cast.handler).enterprise_ids

    def test_for_one_site_are_told_to_no_other(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(scopes._offers, Power.SITES, lambda: {"market": "市场监管网上大厅"})
        cast.grant(scope=["sites:market"])

        def told(site: str) -> list[object]:
            rows = enterprises_of(account_id=cast.handler.id, site=site, at=timezone.now())
            return [row["name"] for row in rows]

        assert "青禾餐饮" in told("market")
        assert "青禾餐饮" not in told("tax")
        assert "青禾餐饮" not in told("")

    def test_for_everything_need_no_single_things(self) -> None:
        offered = {Power.SITES: ("market",)}

        assert scope_of(["sites", "sites:market", "data"], offered=offered) == ("data", "sites")

    def test_are_audited_and_proven_with_scope_and_end(self, cast: Cast) -> None:
        before = LogQueueItem.objects.count()
        cast.grant()

        row = AuditEvent.objects.filter(name="trust.delegation.given.v1").order_by("-id")[0]
        assert row.data["scope"] == ["matters"]
        assert row.actor_id == cast.chief.id
        assert "周敏" not in str(row.data)
        assert LogQueueItem.objects.count() == before + 1

    def test_are_taken_at_once_by_the_representative(self, cast: Cast) -> None:
        power = cast.grant()

        revoke_power(power_id=power, actor=cast.actor(cast.chief), at=timezone.now())

        assert cast.enterprise not in cast.actor(cast.handler).enterprise_ids

    def test_are_given_back_by_the_handler(self, cast: Cast) -> None:
        power = cast.grant()

        revoke_power(power_id=power, actor=cast.actor(cast.handler), at=timezone.now())

        assert not powers_of(actor=cast.actor(cast.handler), at=timezone.now())[0].is_representative
        assert cast.enterprise not in cast.actor(cast.handler).enterprise_ids


class TestAbuse:
    def test_a_handler_passes_nothing_on(self, cast: Cast) -> None:
        cast.grant()

        with pytest.raises(NotItsRepresentative):
            cast.grant(by=cast.handler, username="chief", name="陈立")

    def test_a_representative_of_another_enterprise_has_no_say(self, cast: Cast) -> None:
        power = cast.grant()
        stranger = factories.actor(Role.DATA_OFFICER)

        with pytest.raises(PowerNotFound):
            revoke_power(power_id=power, actor=stranger, at=timezone.now())

    def test_nobody_takes_the_representative_his_own(self, cast: Cast) -> None:
        own = Delegation.objects.get(account=cast.chief)

        with pytest.raises(PowerNotFound):
            revoke_power(power_id=own.id, actor=cast.actor(cast.chief), at=timezone.now())

    def test_a_tired_sign_in_gives_nothing(self, cast: Cast) -> None:
        chief = cast.actor(cast.chief)
        tired = Actor(id=chief.id, name=chief.name, roles=chief.roles, is_assured=False)

        with pytest.raises(StepUpDue):
            cast.grant(actor=tired)

    def test_both_names_must_fit(self, cast: Cast) -> None:
        with pytest.raises(HandlerNotFound):
            cast.grant(name="周敏敏")

    def test_limits(self, cast: Cast) -> None:
        with pytest.raises(PowerMissing):
            cast.grant(scope=[])
        for unknown in ("everything", "matters:no-such-type", "data:1", "sites:no-such-site"):
            with pytest.raises(ScopeUnknown):
                cast.grant(scope=[unknown])
        with pytest.raises(ValidityUnfit):
            cast.grant(last_on=timezone.localdate() - timedelta(days=1))
        with pytest.raises(ValidityUnfit):
            cast.grant(last_on=timezone.localdate() + timedelta(days=2000))
        cast.grant()
        with pytest.raises(HandlerHasPower):
            cast.grant()


class TestPages:
    def test_give_and_end(self, cast: Cast) -> None:
        client = Client()
        client.force_login(cast.chief)
        place = reverse("trust:power-grant", args=[cast.enterprise])
        entered = {
            "username": "handler",
            "name": "周敏",
            "powers": ["matters", "sites"],
            "last_on": str(timezone.localdate()),
        }

        wrong = client.post(place, {**entered, "name": "别人"})
        client.post(place, entered)
        page = client.get(reverse("trust:power-list")).content.decode()
        power = Delegation.objects.get(account=cast.handler, enterprise_id=cast.enterprise)
        client.post(reverse("trust:power-revoke", args=[power.id]))

        assert wrong.status_code == 200
        assert "周敏" in page
        power.refresh_from_db()
        assert power.active_to is not None
        assert power.active_to <= timezone.now()

    def test_a_handler_sees_his_own_power_only(self, cast: Cast) -> None:
        cast.grant()
        client = Client()
        client.force_login(cast.handler)

        page = client.get(reverse("trust:power-list")).content.decode()

        assert "青禾餐饮" in page
        assert "陈立" not in page
        assert reverse("trust:power-grant", args=[cast.enterprise]) not in page
        assert client.get(reverse("trust:power-grant", args=[cast.enterprise])).status_code == 403
