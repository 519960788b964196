"""Pages, as people of several departments see them."""

import io

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.domain.layout import HEADERS
from zhengshu.contexts.catalog.tests.factories import AT, City, copies, draft, publish, published
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db

FORM = {
    "name": "个体工商户登记信息",
    "summary": "本市个体工商户的登记信息。",
    "classification": "306001",
    "format_category": "database",
    "format_type": "MySQL",
    "update_cycle": "daily",
    "sharing_class": "unconditional",
    "sharing_methods": ["service", "file"],
    "opening_class": "closed",
    "items-TOTAL_FORMS": "1",
    "items-INITIAL_FORMS": "0",
    "items-0-name": "统一社会信用代码",
    "items-0-column": "credit_code",
    "items-0-data_type": "text",
    "items-0-length": "18",
    "items-0-grade": "1",
    "items-0-personal": "none",
    "items-0-element_code": "credit-code",
    "items-0-is_key": "on",
}


def browser(actor: Actor, language: str = "en") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(get_user_model().objects.get(id=actor.id))
    return client


def at(name: str, *parts: object) -> str:
    return reverse(f"catalog:{name}", args=parts)


class TestWhoSeesWhat:
    def test_a_published_resource_is_shown_to_another_department(self, town: City) -> None:
        made = published(town)

        page = browser(town.stranger).get(at("resource-list"))

        assert made.name in page.content.decode()
        assert browser(town.stranger).get(at("resource-detail", made.code)).status_code == 200

    @pytest.mark.parametrize("name", ["resource-detail", "resource-draft", "resource-edit"])
    def test_a_draft_does_not_exist_for_another_department(self, town: City, name: str) -> None:
        made = api.draft_resource(draft=draft(), actor=town.officer, at=AT)

        page = browser(town.stranger).get(at(name, made.code), follow=True)

        assert page.status_code == 404
        assert made.name not in page.content.decode()

    def test_the_public_is_asked_to_sign_in(self) -> None:
        assert Client().get(at("resource-list")).status_code == 302

    @pytest.mark.parametrize(
        "step", ["submit", "approve", "return", "publish", "abandon", "revise", "retire"]
    )
    def test_another_department_cannot_take_a_step_by_guessing_the_address(
        self, town: City, step: str
    ) -> None:
        made = api.draft_resource(draft=draft(), actor=town.officer, at=AT)

        page = browser(town.stranger).post(at(f"resource-{step}", made.code), {"reason": "x"})

        assert page.status_code == 404
        assert api.versions_of(code=made.code, actor=town.officer)[0].state is api.State.DRAFT

    @pytest.mark.parametrize("step", ["revise", "retire"])
    def test_another_department_cannot_change_what_is_published(self, town: City, step: str) -> None:
        made = published(town)

        for actor in (town.stranger, town.stranger_head):
            page = browser(actor).post(at(f"resource-{step}", made.code), {"reason": "x"})
            assert page.status_code == 403
        assert len(api.versions_of(code=made.code, actor=town.officer)) == 1

    def test_another_department_cannot_edit_through_the_form(self, town: City) -> None:
        made = api.draft_resource(draft=draft(), actor=town.officer, at=AT)

        page = browser(town.stranger).post(at("resource-edit", made.code), {**FORM, "revision": "1"})

        assert page.status_code in {302, 404}
        assert api.resource(code=made.code, actor=town.officer).name == draft().name


class TestDraftForm:
    def test_keeps_a_draft(self, town: City) -> None:
        page = browser(town.officer).post(at("resource-new"), FORM)

        assert page.status_code == 302
        made = api.resource(code="306001-00001", actor=town.officer)
        assert (made.name, made.items[0].is_key) == ("个体工商户登记信息", True)
        assert made.sharing_methods == (api.SharingMethod.SERVICE, api.SharingMethod.FILE)

    def test_says_at_the_field_what_is_wrong(self, town: City) -> None:
        wrong = {
            **FORM,
            "sharing_class": "withheld",
            "withheld_reason": "涉密",
            "items-0-column": "Credit Code",
        }

        page = browser(town.officer).post(at("resource-new"), wrong)

        text = page.content.decode()
        assert page.status_code == 422
        assert "Name the law, administrative regulation or State Council decision" in text
        assert "is no column name" in text

    def test_adds_a_row_without_javascript_and_keeps_what_was_typed(self, town: City) -> None:
        page = browser(town.officer).post(at("resource-new"), {**FORM, "add": "1"})

        text = page.content.decode()
        assert 'name="items-1-name"' in text
        assert "个体工商户登记信息" in text
        assert not api.search(query=api_query(), actor=town.officer).total

    def test_a_sample_file_proposes_items_with_reasons(self, town: City) -> None:
        file = io.BytesIO(
            "姓名,身份证号\n张三,11010519491231002X\n李四,440524188001010014\n".encode("gb18030")
        )
        file.name = "样例.csv"

        page = browser(town.officer).post(at("resource-new"), {**FORM, "sample": "1", "sample_file": file})

        text = page.content.decode()
        assert 'value="citizen-id"' in text
        assert "check digit" in text

    def test_two_officers_at_once_are_told(self, town: City) -> None:
        made = api.draft_resource(draft=draft(), actor=town.officer, at=AT)
        mine = browser(town.officer).get(at("resource-edit", made.code)).context["form"].initial["revision"]
        browser(town.second_officer).post(at("resource-edit", made.code), {**FORM, "revision": mine})

        page = browser(town.officer).post(
            at("resource-edit", made.code), {**FORM, "name": "别的", "revision": mine}
        )

        assert page.status_code == 422
        assert "saved this draft after you opened it" in page.content.decode()
        assert api.resource(code=made.code, actor=town.officer).name == FORM["name"]


class TestSteps:
    def test_goes_the_whole_way_in_the_browser(self, town: City) -> None:
        browser(town.officer).post(at("resource-new"), FORM)
        code = "306001-00001"
        browser(town.officer).post(at("resource-submit", code), {"revision": "1"})
        shown = browser(town.head).get(at("resource-draft", code)).content.decode()
        assert at("resource-approve", code) in shown
        browser(town.head).post(
            at("resource-approve", code),
            {"secrecy_risk": "on", "personal_information": "on", "note": "见报告"},
        )

        browser(town.reviewer).post(at("resource-publish", code))

        assert api.published_by_code(code=code).version == 1

    def test_approval_without_the_assessments_is_refused_on_the_page(self, town: City) -> None:
        made = api.draft_resource(draft=draft(), actor=town.officer, at=AT)
        api.submit_resource(code=made.code, actor=town.officer, at=AT)

        page = browser(town.head).post(at("resource-approve", made.code), {"secrecy_risk": "on"}, follow=True)

        assert "Declare both" in page.content.decode()
        assert api.versions_of(code=made.code, actor=town.head)[0].state is api.State.SUBMITTED


class TestOtherPages:
    @pytest.mark.parametrize(
        "name",
        [
            "withheld",
            "responsibilities",
            "element-list",
            "code-table-list",
            "system-list",
            "system-new",
            "import",
        ],
    )
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_opens(self, town: City, name: str, language: str) -> None:
        published(
            town,
            draft(
                sharing_class=api.SharingClass.WITHHELD, withheld_reason="理由", sharing_basis="某法第一条"
            ),
        )

        assert browser(town.officer, language).get(at(name)).status_code == 200

    def test_shows_an_element_with_its_source_and_names_it(self, town: City) -> None:
        made = published(town)

        page = browser(town.reviewer).post(
            at("source-name", "credit-code"), {"resource": made.code}, follow=True
        )

        assert "The authoritative source is named." in page.content.decode()
        assert (
            "This resource" in browser(town.stranger).get(at("resource-detail", made.code)).content.decode()
        )

    def test_shows_differences_between_versions(self, town: City) -> None:
        made = published(town)
        api.revise_resource(code=made.code, draft=draft(name="企业登记基本信息"), actor=town.officer, at=AT)
        publish(town, made.code)

        page = text_of(browser(town.stranger).get(at("resource-compare", made.code, 1, 2)))

        assert "<del>企业登记信息</del>" in page
        assert "<ins>企业登记基本信息</ins>" in page

    def test_registers_and_shows_a_system(self, town: City) -> None:
        form = {
            "name": "登记系统",
            "summary": "企业登记",
            "stage": "running",
            "network": "extranet",
            "protection_level": 3,
        }

        page = browser(town.officer).post(at("system-new"), form, follow=True)

        assert "登记系统" in page.content.decode()


class TestSheets:
    def test_exports_the_official_layout(self, town: City) -> None:
        published(town)

        answer = browser(town.stranger).get(at("export"), {"as": "xlsx"})

        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        lines = list(sheet.iter_rows(values_only=True))
        assert tuple(lines[0]) == HEADERS
        assert len(lines) == 1 + len(draft().items)
        assert lines[1][:2] == ("306001/00001", "企业登记信息")

    @pytest.mark.parametrize("kind", ["csv", "dcat"])
    def test_exports_other_formats(self, town: City, kind: str) -> None:
        published(town)

        answer = browser(town.stranger).get(at("export"), {"as": kind})

        assert "企业登记信息" in answer.content.decode("utf-8-sig")

    def test_reports_each_row_that_fails(self, town: City) -> None:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(
            [
                "信息资源名称",
                "信息资源分类",
                "信息资源摘要",
                "信息资源格式类型",
                "共享类型",
                "信息项名称",
                "字段名",
            ]
        )
        sheet.append(["好的资源", "306001", "摘要", "CSV", "1", "名称", "title"])
        sheet.append(["坏的资源", "306001", "摘要", "CSV", "大概可以", "名称", "title"])
        data = io.BytesIO()
        book.save(data)
        data.seek(0)
        data.name = "导入.xlsx"

        page = text_of(browser(town.officer).post(at("import"), {"file": data}))

        assert "1 taken, 1 refused" in page
        assert "Line 3, 共享类型" in page


class TestCost:
    def test_the_list_costs_the_same_at_10_and_200_rows(
        self, town: City, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        made = published(town)
        client = browser(town.stranger)
        counts = []
        for number in (10, 200):
            copies(made, number=number)
            with django_assert_max_num_queries(60) as queries:
                page = client.get(at("resource-list"), {"size": "200"})
            assert len(page.context["page"].rows) == number
            counts.append(len(queries))
        assert counts[0] == counts[1]


def api_query() -> ListQuery:
    return ListQuery()
