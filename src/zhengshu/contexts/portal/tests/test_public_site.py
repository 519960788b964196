"""The public site and a person's own space: what is shown, to whom, from real counts."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.portal.application.announce import publish_announcement, write_announcement
from zhengshu.contexts.portal.application.see_public import see_public
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


def citizen() -> Actor:
    key = trust.add_citizen(
        username="s5.zhou", name="周静", citizen_id="470302199001011236", password=factories.PASSWORD,
        actor=factories.PLATFORM, at=AT,
    )  # fmt: skip
    return trust.actor_of(official_id=key)


class TestPublicSite:
    def test_a_visitor_may_search_and_reads_announcements(self, client: Client) -> None:
        office = factories.department(region="470700", is_data_authority=True)
        reviewer = factories.actor(Role.REVIEWER, department_id=office.id)
        key = write_announcement(title="窗口搬迁公告七", text="搬到市民中心", actor=reviewer, at=AT)
        publish_announcement(announcement_id=key, revision=1, actor=reviewer, at=AT)

        shown = client.get("/").content.decode()

        assert 'name="q"' in shown
        assert "窗口搬迁公告七" in shown

    def test_nothing_is_hot_that_nobody_asked_for(self) -> None:
        assert list(see_public(actor=Actor.anonymous(), at=AT).hot) == []

    def test_officials_find_it_too_and_keep_their_desk(self, client: Client) -> None:
        client.force_login(factories.account(Role.DATA_OFFICER))

        assert "工作台" in client.get("/").content.decode()
        assert client.get(reverse("portal:site")).status_code == 200


class TestMySpace:
    def test_a_citizen_finds_what_is_his(self, client: Client) -> None:
        client.force_login(factories.account_of(citizen()))

        shown = client.get("/").content.decode()

        for path in ("/apply/mine/", reverse("services:my-ratings"), reverse("exchange:my-reads")):
            assert f'href="{path}"' in shown
        assert "您还没有申请事项" in shown

    def test_is_closed_to_officials_and_visitors(self, client: Client) -> None:
        assert client.get("/my/").status_code == 302
        client.force_login(factories.account(Role.LEADER))
        assert client.get("/my/").status_code == 403
