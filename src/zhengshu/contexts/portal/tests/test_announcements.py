"""Announcements: who writes, publishes and withdraws them, and who reads what."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.portal.application.announce import (
    AnnouncementMoved,
    AnnouncementNotFound,
    AnnouncementUnfit,
    NotAnnouncing,
    WithdrawalReasonMissing,
    publish_announcement,
    withdraw_announcement,
    write_announcement,
)
from zhengshu.contexts.portal.models import Announcement
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> Actor:
    office = factories.department(name="公告数据局", region="470500", is_data_authority=True)
    return factories.actor(Role.REVIEWER, department_id=office.id)


def draft(reviewer: Actor, title: str = "端午节窗口服务安排") -> UUID:
    return write_announcement(title=title, text="第一段\r\n\r\n第二段", actor=reviewer, at=AT)


class TestWriting:
    @pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.LEADER, Role.SYSTEM_ADMIN])
    def test_is_for_reviewers_alone(self, role: Role) -> None:
        with pytest.raises(NotAnnouncing):
            write_announcement(title="停电", text="停电", actor=factories.actor(role), at=AT)

    def test_is_not_for_a_reviewer_of_another_department(self) -> None:
        with pytest.raises(NotAnnouncing):
            write_announcement(title="停电", text="停电", actor=factories.actor(Role.REVIEWER), at=AT)

    @pytest.mark.parametrize(("title", "text"), [(" ", "x"), ("x", " "), ("长" * 121, "x")])
    def test_refuses_what_says_nothing_or_too_much(self, reviewer: Actor, title: str, text: str) -> None:
        with pytest.raises(AnnouncementUnfit):
            write_announcement(title=title, text=text, actor=reviewer, at=AT)

    def test_the_second_to_save_is_told(self, reviewer: Actor) -> None:
        key = draft(reviewer)
        write_announcement(title="改", text="改", announcement_id=key, revision=1, actor=reviewer, at=AT)

        with pytest.raises(AnnouncementMoved):
            write_announcement(
                title="改二", text="改", announcement_id=key, revision=1, actor=reviewer, at=AT
            )

    def test_what_was_changed_unseen_is_not_published(self, reviewer: Actor) -> None:
        key = draft(reviewer)
        write_announcement(title="改", text="改", announcement_id=key, revision=1, actor=reviewer, at=AT)

        with pytest.raises(AnnouncementMoved):
            publish_announcement(announcement_id=key, revision=1, actor=reviewer, at=AT)


class TestWithdrawing:
    def test_needs_a_reason(self, reviewer: Actor) -> None:
        key = draft(reviewer)
        publish_announcement(announcement_id=key, revision=1, actor=reviewer, at=AT)

        with pytest.raises(WithdrawalReasonMissing):
            withdraw_announcement(announcement_id=key, revision=1, reason=" ", actor=reviewer, at=AT)

    def test_is_not_for_another_authority(self, reviewer: Actor) -> None:
        key = draft(reviewer)
        publish_announcement(announcement_id=key, revision=1, actor=reviewer, at=AT)
        office = factories.department(region="470600", is_data_authority=True)
        other = factories.actor(Role.REVIEWER, department_id=office.id)

        with pytest.raises(AnnouncementNotFound):
            withdraw_announcement(announcement_id=key, revision=1, reason="x", actor=other, at=AT)


class TestReading:
    def test_a_visitor_reads_what_is_published_and_nothing_else(
        self, client: Client, reviewer: Actor
    ) -> None:
        drafted, shown, gone = (draft(reviewer, title) for title in ("草稿一", "公告二", "撤回三"))
        for key in (shown, gone):
            publish_announcement(announcement_id=key, revision=1, actor=reviewer, at=AT)
        withdraw_announcement(announcement_id=gone, revision=1, reason="日期有误", actor=reviewer, at=AT)

        listed = client.get("/announcements/").content.decode()

        assert "公告二" in listed
        assert "草稿一" not in listed
        assert "撤回三" not in listed
        assert client.get(reverse("portal:announcement", args=[shown])).status_code == 200
        for key in (drafted, gone):
            assert client.get(reverse("portal:announcement", args=[key])).status_code == 404

    def test_the_desk_is_closed_to_others(self, client: Client) -> None:
        client.force_login(factories.account(Role.DATA_OFFICER))

        assert client.get("/announcements/desk/").status_code == 403

    def test_a_reviewer_writes_publishes_and_withdraws_on_the_pages(
        self, client: Client, reviewer: Actor
    ) -> None:
        client.force_login(factories.account_of(reviewer))
        client.post("/announcements/desk/new/", {"title": "<b>搬迁", "text": "窗口搬迁", "revision": 1})
        row = Announcement.objects.get(title="<b>搬迁")

        client.post(reverse("portal:announcement-publish", args=[row.id]), {"revision": row.revision})
        shown = client.get(reverse("portal:announcement", args=[row.id])).content.decode()
        client.post(
            reverse("portal:announcement-withdraw", args=[row.id]),
            {"revision": row.revision, "reason": "地址有误"},
        )
        row.refresh_from_db()

        assert "&lt;b&gt;搬迁" in shown
        assert row.state == "withdrawn"
        assert "地址有误" in client.get("/announcements/desk/").content.decode()


class TestLargeType:
    def test_is_remembered_and_drawn_by_the_server(self, client: Client) -> None:
        client.post("/preferences/reading/", {"reading": "large", "next": "/help/"})

        assert 'data-reading="large"' in client.get("/help/").content.decode()

    def test_is_forgotten(self, client: Client) -> None:
        client.post("/preferences/reading/", {"reading": "large"})
        client.post("/preferences/reading/", {"reading": "usual"})

        assert "data-reading" not in client.get("/help/").content.decode()

    def test_never_leads_to_another_site(self, client: Client) -> None:
        answer = client.post("/preferences/reading/", {"reading": "large", "next": "https://evil.example/"})

        assert answer.headers["Location"] == "/"
