"""Enterprises by their registration: whoever founds one represents it, and a change brings its name along."""

import pytest
from django.contrib.auth.hashers import check_password

from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.models import Account, Delegation, Enterprise
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD, PLATFORM
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.checks import citizen_check
from zhengshu.kernel.citizen_id import CitizenId

pytestmark = pytest.mark.django_db
CODE, NAME = factories.credit_code(940_001), "望川小馆"


def number(serial: int) -> str:
    body = f"47030219900101{serial:03}"
    return body + citizen_check(body)


def citizen(serial: int) -> Actor:
    key = trust.add_citizen(
        username=f"founder.{serial}",
        name="许望川",
        citizen_id=number(serial),
        password=PASSWORD,
        actor=PLATFORM,
        at=AT,
    )
    return trust.actor_of(official_id=key)


def found(person: Actor, *, code: str = CODE) -> Enterprise:
    key = trust.found_enterprise(code=code, name=NAME, founder_id=person.id, actor=PLATFORM, at=AT)
    return Enterprise.objects.get(id=key)


def representatives(code: str = CODE) -> list[str]:
    rows = Delegation.objects.filter(enterprise__code=code, is_legal_representative=True, active_to=None)
    return [row.account.name for row in rows]


class TestFounding:
    def test_opens_an_account_for_enterprises_with_the_same_person_and_password_once(self) -> None:
        founder = citizen(1)

        firm = found(founder)
        found(founder)

        (row,) = Delegation.objects.filter(enterprise=firm)
        assert row.is_legal_representative
        account = row.account
        assert (account.username, account.kind) == ("founder.1-firm", "enterprise_delegate")
        assert account.must_change_password
        assert check_password(PASSWORD, account.password)
        assert account.citizen_id == number(1)
        delegate = trust.actor_of(official_id=account.id)
        assert delegate.roles == {Role.ENTERPRISE_DELEGATE}
        assert delegate.acts_for(firm.id, matter="food-permit")

    def test_a_second_enterprise_comes_to_the_same_account(self) -> None:
        founder = citizen(2)

        found(founder)
        found(founder, code=factories.credit_code(940_002))

        assert Account.objects.filter(username__startswith="founder.2-firm").count() == 1
        shown = trust.representations_of(
            account_id=founder.id, codes=[CODE, factories.credit_code(940_002)], at=AT
        )
        assert {one.username for one in shown} == {"founder.2-firm"}

    def test_somebody_elses_enterprise_stays_somebody_elses(self) -> None:
        found(citizen(3))
        stranger = citizen(4)

        found(stranger)

        assert trust.representations_of(account_id=stranger.id, codes=[CODE], at=AT) == ()
        assert not Account.objects.filter(username="founder.4-firm").exists()

    def test_a_user_name_that_somebody_has_is_left_to_him(self) -> None:
        factories.account(username="founder.5-firm")

        found(citizen(5))

        assert Account.objects.filter(username="founder.5-firm2").exists()

    def test_nobody_else_founds(self) -> None:
        with pytest.raises(trust.NotYourDuty):
            trust.found_enterprise(code=CODE, name=NAME, founder_id=citizen(6).id, actor=citizen(7), at=AT)

    def test_an_official_is_no_founder(self) -> None:
        official = factories.actor(Role.APPROVER, department_id=factories.department().id)

        with pytest.raises(trust.AccountNotFound):
            found(official)


class TestChanging:
    def test_takes_over_the_name(self) -> None:
        firm = found(citizen(8))

        for _ in range(2):
            trust.change_enterprise(code=CODE, name="望川江湖餐饮有限公司", actor=PLATFORM, at=AT)

        assert trust.enterprise_names(ids=[firm.id]) == {firm.id: "望川江湖餐饮有限公司"}
        assert representatives() == ["许望川"]

    def test_a_new_representative_takes_the_place_of_the_former(self) -> None:
        found(citizen(9))
        second = citizen(10)
        found(second, code=factories.credit_code(940_010))

        for _ in range(2):
            trust.change_enterprise(
                code=CODE, name=NAME, representative=CitizenId.parse(number(10)), actor=PLATFORM, at=AT
            )

        rows = Delegation.objects.filter(enterprise__code=CODE, active_to=None)
        assert [row.account.username for row in rows] == ["founder.10-firm"]

    def test_one_without_an_account_takes_nobodys_place_yet(self) -> None:
        found(citizen(11))

        trust.change_enterprise(
            code=CODE, name=NAME, representative=CitizenId.parse(number(12)), actor=PLATFORM, at=AT
        )

        assert representatives() == ["许望川"]
