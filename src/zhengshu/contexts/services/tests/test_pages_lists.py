"""Taking lists over in the browser: looked at first, taken over once, seen by the own data authority alone."""

import json
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.catalog.tests.factories import City, official
from zhengshu.contexts.services.application.take_over_list import (
    ListNotFound,
    ListState,
    ListTakenAlready,
    carry_out,
    take_over_list,
    uploaded_list,
)
from zhengshu.contexts.services.models import ListImport, ServiceItem
from zhengshu.contexts.services.tests.factories import AT
from zhengshu.contexts.services.tests.test_import_items import ROW
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


def browser(actor: Actor, language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(get_user_model().objects.get(id=actor.id))
    return client


def uploaded(actor: Actor, rows: object) -> UUID:
    file = SimpleUploadedFile("l.json", json.dumps(rows, ensure_ascii=False).encode())
    answer = browser(actor).post(reverse("services:list-import"), {"file": file})
    assert answer.status_code == 302
    return ListImport.objects.order_by("-uploaded_at").first().id  # type: ignore[union-attr]  # just uploaded


class TestListImport:
    def test_is_looked_at_and_then_taken_over_once(self, town: City) -> None:
        list_id = uploaded(town.reviewer, [ROW, {**ROW, "TASK_CODE": "4400X2", "handle_time": "看情况"}])
        page = browser(town.reviewer).get(reverse("services:list-detail", args=[list_id]), {"show": "notes"})

        assert "看情况" in page.content.decode()
        assert not ServiceItem.objects.filter(code="4400X1").exists()

        browser(town.reviewer).post(reverse("services:list-take-over", args=[list_id]))
        carry_out(list_id=list_id, at=AT)
        carry_out(list_id=list_id, at=AT)

        assert ServiceItem.objects.filter(code__in=["4400X1", "4400X2"], state="published").count() == 2
        found = uploaded_list(list_id=list_id, actor=town.reviewer)
        assert (found.state, found.counts["new"]) == (ListState.TAKEN_OVER, 2)
        with pytest.raises(ListTakenAlready):
            take_over_list(list_id=list_id, actor=town.reviewer)

    def test_of_which_nothing_would_be_taken_is_not_offered_to_be_taken_over(self, town: City) -> None:
        some, none = uploaded(town.reviewer, [ROW]), uploaded(town.reviewer, [{**ROW, "TASK_NAME": ""}])

        pages = [
            browser(town.reviewer).get(reverse("services:list-detail", args=[one])).content.decode()
            for one in (some, none)
        ]

        assert ["确认导入" in page for page in pages] == [True, False]

    def test_progress_is_a_piece_of_a_page(self, town: City) -> None:
        list_id = uploaded(town.reviewer, [ROW])
        take_over_list(list_id=list_id, actor=town.reviewer)

        page = browser(town.reviewer).get(
            reverse("services:list-detail", args=[list_id]), headers={"HX-Request": "true"}
        )

        assert "<html" not in page.content.decode()
        assert "every 2s" in page.content.decode()

    def test_the_report_can_be_had_as_a_workbook(self, town: City) -> None:
        list_id = uploaded(town.reviewer, [ROW])

        answer = browser(town.reviewer).get(reverse("services:list-report", args=[list_id]))

        assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # a file

    def test_a_file_that_is_none_says_so(self, town: City) -> None:
        file = SimpleUploadedFile("l.js", b"alert(1)")

        answer = browser(town.reviewer).post(reverse("services:list-import"), {"file": file})

        assert answer.status_code == 422
        assert "l.js" in answer.content.decode()

    def test_others_neither_see_nor_take_over(self, town: City) -> None:
        list_id = uploaded(town.reviewer, [ROW])
        elsewhere = trust.add_department(
            code="11470600MB0000001T",
            name="别市数据局",
            short_name="别市数据局",
            region="470600",
            level=trust.Level.CITY,
            parent_id=None,
            is_data_authority=True,
            actor=Actor.platform("tests"),
            at=AT,
        )
        stranger = official("s1-reviewer", elsewhere.id, Role.REVIEWER, at=AT)

        assert browser(stranger).get(reverse("services:list-detail", args=[list_id])).status_code == 404
        assert browser(town.officer).get(reverse("services:list-import")).status_code == 403
        assert Client().get(reverse("services:list-import")).status_code == 302
        with pytest.raises(ListNotFound):
            take_over_list(list_id=list_id, actor=stranger)
        with pytest.raises(ListNotFound):
            uploaded_list(list_id=list_id, actor=town.officer)
