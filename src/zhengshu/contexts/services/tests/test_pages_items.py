"""The list, suggestions and guides, as visitors see them."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.application.queries import ItemNotFound, item
from zhengshu.contexts.services.models import ItemVersion, ServiceItem, Theme
from zhengshu.contexts.services.tests.factories import AT, TODAY, draft, published
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def visitor(language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


class TestList:
    def test_a_visitor_searches_and_narrows_down(self) -> None:
        published("p-lamp", draft(name="街角路灯报修"))

        page = visitor().get(reverse("services:item-list"), {"q": "路灯不亮", "case": "2"})

        assert page.status_code == 200
        assert "街角路灯报修" in page.content.decode()

    def test_nothing_found_says_what_to_do(self) -> None:
        page = visitor().get(reverse("services:item-list"), {"q": "q" * 300})

        assert "换个说法" in page.content.decode()

    def test_what_only_comes_close_is_called_a_guess(self) -> None:
        published("p-lamp", draft(name="街角路灯报修"))
        page = reverse("services:item-list")

        sure = visitor().get(page, {"q": "街角路灯报修"})
        guess = visitor().get(page, {"q": "路灯灯杆广告租赁收费合同"})

        assert not sure.context["page"].is_guess
        assert "没有完全对应的事项" not in sure.content.decode()
        assert guess.context["page"].rows
        assert "没有完全对应的事项" in guess.content.decode()

    def test_says_what_is_officially_called_otherwise_and_what_was_understood(self) -> None:
        published("p-move", draft(name="义务教育阶段学生学籍异动办理", summary=""))
        published("p-wed", draft(name="结婚登记预约", summary=""))
        learn_meanings(at=AT)

        listed = visitor().get(reverse("services:item-list"), {"q": "小孩转学"}).content.decode()
        typed = visitor().get(reverse("services:item-suggest"), {"q": "转学"}).content.decode()
        wrong = visitor().get(reverse("services:item-list"), {"q": "结婚登纪"}).content.decode()
        english = visitor("en").get(reverse("services:item-list"), {"q": "小孩转学"}).content.decode()

        assert "您说的“转学”，正式叫法是“学籍异动”。" in listed
        assert "您说的“转学”，正式叫法是“学籍异动”。" in typed
        assert "已同时按“结婚登记”查找。" in wrong
        assert "is officially called" in english

    def test_an_empty_list_leads_to_where_something_is(self) -> None:
        published("p-lamp", draft(name="街角路灯报修"))
        page = reverse("services:item-list")

        filtered = visitor().get(page, {"q": "路灯", "kind": "01"}).content.decode()
        beyond = visitor().get(page, {"q": "路灯", "page": "7"}).content.decode()

        assert 'href="?q=%E8%B7%AF%E7%81%AF"' in filtered
        assert "去掉筛选条件" in filtered
        assert "回到第一页" in beyond

    def test_a_life_event_is_called_by_its_name_and_leads_to_its_one_form(self) -> None:
        theme = Theme.objects.create(
            code="p-birth", kind="life_event", name="添丁", name_en="A birth", note="", note_en="", icon="",
            is_for_people=True, is_for_enterprises=False, position=0,
        )  # fmt: skip
        for code in ("birth-certificate", "household-registration"):
            published(code, draft(name=code)).themes.add(theme)
        page = reverse("services:item-list")

        shown = visitor().get(page, {"theme": "p-birth"}).content.decode()
        narrowed = visitor().get(page, {"theme": "p-birth", "level": "3"}).content.decode()

        assert '<h2 id="found">添丁</h2>' in shown
        assert reverse("services:thing-begin", args=["newborn"]) in shown
        assert "services-filters ui-fold" not in shown
        assert "services-filters ui-fold" in narrowed
        assert "<summary>筛选（已选2项）</summary>" in narrowed

    def test_suggestions_are_a_piece_of_a_page(self) -> None:
        published("p-lamp", draft(name="街角路灯报修"))

        text = visitor().get(reverse("services:item-suggest"), {"q": "路灯"}).content.decode()

        assert "街角路灯报修" in text
        assert "<html" not in text
        assert visitor().get(reverse("services:item-suggest")).content.strip() == b""

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_export_holds_what_the_list_shows(self, kind: str) -> None:
        published("p-lamp", draft(name="=街角路灯报修"))

        answer = visitor().get(reverse("services:item-export"), {"q": "路灯", "as": kind})
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer

        assert len(content) > 200
        if kind == "csv":
            assert "'=街角路灯报修" in content.decode("utf-8-sig")


class TestGuide:
    def test_says_all_that_a_person_needs(self) -> None:
        published("p-lamp", draft(questions=[{"question": "晚上能报吗？", "answer": "能。"}]))

        text = visitor().get(reverse("services:item-guide", args=["p-lamp"])).content.decode()

        for part in (
            "路灯报修",
            "2个工作日",
            "法律允许5个工作日",
            "晚上能报吗",
            "0380-5500000",
            "路灯所",
            "修复结果",
        ):
            assert part in text

    def test_is_in_english_for_whoever_reads_english(self) -> None:
        published("p-lamp", draft(name_en="Report a street lamp", summary_en="A lamp is dark."))

        text = visitor("en").get(reverse("services:item-guide", args=["p-lamp"])).content.decode()

        assert "Report a street lamp" in text
        assert "2 working days" in text

    def test_shows_the_elements_of_the_standard(self) -> None:
        published("p-lamp", draft(materials=[{"name": "照片"}]))

        page = visitor("en").get(reverse("services:item-guide", args=["p-lamp"]))

        assert len(page.context["elements"]) >= 44
        assert "Basic code" in page.content.decode()

    def test_what_is_not_offered_is_not_found(self) -> None:
        made = published("p-hidden")
        ServiceItem.objects.filter(id=made.id).update(state="draft")
        ItemVersion.objects.filter(item=made).update(effective_to=TODAY)

        assert visitor().get(reverse("services:item-guide", args=["p-hidden"])).status_code == 404
        with pytest.raises(ItemNotFound):
            item(code="p-hidden", actor=Actor.anonymous(), on=TODAY)

    def test_a_version_of_tomorrow_is_not_shown_today(self) -> None:
        published("p-lamp", since=TODAY.replace(year=2090))

        assert visitor().get(reverse("services:item-guide", args=["p-lamp"])).status_code == 404
