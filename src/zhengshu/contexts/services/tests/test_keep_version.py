"""Versions: written by the organ, approved by somebody else, in force from their day, never changed afterwards."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.tests import factories as catalog_factories
from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.access import (
    ChangedMeanwhile,
    ItemNotAcceptable,
    ItemStepNotYours,
    NoVersionOpen,
    OwnSubmission,
    ReasonMissing,
    VersionUnderWay,
)
from zhengshu.contexts.services.application.keep_version import (
    approve_version,
    retire_item,
    return_version,
    submit_version,
    take_effect,
    write_version,
)
from zhengshu.contexts.services.application.load_items import load_items
from zhengshu.contexts.services.application.queries import ItemNotFound, item, item_version, versions_of
from zhengshu.contexts.services.application.search_items import search
from zhengshu.contexts.services.domain.differences import differences
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.interfaces.item_forms import VersionForms, Writing
from zhengshu.contexts.services.models import ItemVersion, Material
from zhengshu.contexts.services.templatetags.services import by
from zhengshu.contexts.services.tests.factories import AT, TODAY, draft, published
from zhengshu.contexts.services.tests.test_elements import full
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

ANYBODY = Actor.anonymous()


def offered(town: City, code: str = "v-lamp") -> str:
    published(
        code, department_id=town.market, authority_id=town.authority, department_name="市市场监督管理局"
    )
    return code


def written(
    town: City, code: str, declared: ItemDraft | None = None, *, day: date = TODAY, revision: int = 0
) -> int:
    found = write_version(
        code=code,
        draft=declared or draft(name="路灯报修与增设"),
        effective_from=day,
        cause="简化流程",
        expected_revision=revision,
        actor=town.officer,
        at=AT,
    )
    return found.version


def sent(forms: VersionForms) -> dict[str, object]:
    """Return what a browser sends of a form as it is shown, in force from a later day."""
    found: dict[str, object] = {f"{name}-count": str(len(rows)) for name, rows in forms.groups.items()}
    for one in (forms.form, *(row for rows in forms.groups.values() for row in rows)):
        for field in one:
            value = field.value()
            if value is True:
                value = "on"
            if value is not None and value is not False:
                found[field.html_name] = value
    return found | {"effective_from": "2090-01-01"}


def approved(town: City, code: str, declared: ItemDraft | None = None, *, day: date = TODAY) -> None:
    written(town, code, declared, day=day)
    submit_version(code=code, actor=town.officer, at=AT)
    approve_version(code=code, actor=town.reviewer, at=AT)


@pytest.mark.django_db
class TestVersions:
    def test_goes_from_the_officer_over_the_approver_into_force(self, town: City) -> None:
        code = offered(town)
        approved(town, code)

        assert item(code=code, actor=ANYBODY, on=TODAY).name == "路灯报修与增设"
        first = item_version(code=code, number=1, actor=ANYBODY)
        assert first.effective_to == TODAY

    def test_what_is_written_is_seen_by_nobody_else(self, town: City) -> None:
        code = offered(town)
        number = written(town, code)

        assert item(code=code, actor=ANYBODY, on=TODAY).name == "路灯报修"
        for stranger in (ANYBODY, town.stranger):
            with pytest.raises(ItemNotFound):
                item_version(code=code, number=number, actor=stranger)
        assert len(versions_of(code=code, actor=town.reviewer)) == 2

    def test_a_version_of_a_later_day_waits_for_it(self, town: City) -> None:
        code, later = offered(town), TODAY + timedelta(days=10)
        approved(town, code, day=later)

        assert item(code=code, actor=ANYBODY, on=TODAY).version == 1
        assert item(code=code, actor=ANYBODY, on=later).version == 2
        assert take_effect(at=AT) == 0
        assert take_effect(at=AT + timedelta(days=10)) == 1
        assert take_effect(at=AT + timedelta(days=10)) == 0
        page = search(query=ListQuery(text="路灯报修与增设"), actor=ANYBODY)
        assert page.rows[0].name == "路灯报修与增设"

    def test_periods_of_versions_follow_each_other_without_a_gap(self, town: City) -> None:
        code = offered(town)
        for days in (20, 10, 30):
            approved(town, code, draft(name=f"第{days}天版"), day=TODAY + timedelta(days=days))

        periods = sorted(
            ItemVersion.objects.filter(item__code=code).values_list("effective_from", "effective_to")
        )
        assert all(one[1] == after[0] for one, after in pairwise(periods))
        assert periods[-1][1] is None

    @pytest.mark.article("809", 19)
    def test_what_the_government_holds_cannot_be_asked_for(self, town: City) -> None:
        record = catalog_factories.published(town)
        catalog.name_authoritative_source(
            element_code="credit-code", resource_code=record.code, actor=town.reviewer, at=AT
        )
        code = offered(town)

        with pytest.raises(ItemNotAcceptable) as refusal:
            written(town, code, draft(materials=[{"name": "营业执照副本复印件"}]))

        assert {"市市场监督管理局", "企业登记信息"} <= set(refusal.value.faults[0].data.values())
        written(
            town, code, draft(materials=[{"name": "照", "source": "register", "elements": ["credit-code"]}])
        )

    def test_a_promise_longer_than_the_law_is_refused(self, town: City) -> None:
        code = offered(town)

        with pytest.raises(ItemNotAcceptable):
            written(town, code, draft(promised={"value": 9, "unit": "working_days"}))

    def test_is_not_handed_in_with_gaps(self, town: City) -> None:
        code = offered(town)
        written(town, code, draft(phone=""))

        with pytest.raises(ItemNotAcceptable) as refusal:
            submit_version(code=code, actor=town.officer, at=AT)

        assert [fault.field for fault in refusal.value.faults] == ["phone"]

    def test_strangers_neither_write_nor_approve(self, town: City) -> None:
        code = offered(town)
        with pytest.raises(ItemStepNotYours):
            write_version(
                code=code, draft=draft(), effective_from=TODAY, cause="x", expected_revision=0,
                actor=town.stranger, at=AT,
            )  # fmt: skip
        written(town, code)
        submit_version(code=code, actor=town.officer, at=AT)

        for stranger in (town.officer, town.stranger_head):
            with pytest.raises(ItemStepNotYours):
                approve_version(code=code, actor=stranger, at=AT)
            with pytest.raises(ItemStepNotYours):
                retire_item(code=code, reason="x", actor=stranger, at=AT)

    def test_nobody_approves_his_own(self, town: City) -> None:
        code = offered(town)
        written(town, code)
        submit_version(code=code, actor=town.head, at=AT)

        with pytest.raises(OwnSubmission):
            approve_version(code=code, actor=town.head, at=AT)

    def test_strangers_are_told_before_they_write(self, town: City) -> None:
        code = offered(town)
        page = reverse("services:item-edit", args=[code])

        shown = browser(town.stranger_head).get(page)
        own = browser(town.officer).get(page)

        assert shown.status_code == 422
        assert 'name="summary"' not in shown.content.decode()
        assert own.status_code == 200

    def test_two_who_write_at_once_do_not_overwrite_each_other(self, town: City) -> None:
        code = offered(town)
        written(town, code)
        written(town, code, revision=1)

        with pytest.raises(ChangedMeanwhile):
            written(town, code, revision=1)

    def test_is_given_back_with_a_reason(self, town: City) -> None:
        code = offered(town)
        written(town, code)
        submit_version(code=code, actor=town.officer, at=AT)
        with pytest.raises(VersionUnderWay):
            written(town, code, revision=1)
        with pytest.raises(ReasonMissing):
            return_version(code=code, reason=" ", actor=town.reviewer, at=AT)

        return_version(code=code, reason="写明地点", actor=town.reviewer, at=AT)

        with pytest.raises(NoVersionOpen):
            approve_version(code=code, actor=town.reviewer, at=AT)
        written(town, code, revision=2)

    def test_a_published_version_never_changes(self, town: City) -> None:
        offered(town)
        version = ItemVersion.objects.get(item__code="v-lamp")

        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.filter(id=version.id).update(cause="anders")
        with pytest.raises(IntegrityError), transaction.atomic():
            Material.objects.create(version=version, position=9, name="补", source="applicant")

    def test_a_retired_item_says_why_and_is_found_no_more(self, town: City) -> None:
        code = offered(town)
        retire_item(code=code, reason="并入另一事项", actor=town.head, at=AT)

        assert search(query=ListQuery(text="路灯报修"), actor=ANYBODY).rows == ()
        page = browser(town.stranger).get(reverse("services:item-guide", args=[code]))
        assert "并入另一事项" in page.content.decode()
        with pytest.raises(NoVersionOpen):
            retire_item(code=code, reason="x", actor=town.head, at=AT)


class TestDifferences:
    @given(st.text(min_size=1, max_size=20), st.lists(st.text(min_size=1, max_size=10), max_size=3))
    def test_names_what_differs_and_nothing_else(self, name: str, words: list[str]) -> None:
        before, after = draft(), draft(name=name, words=words)

        found = set(differences(before, after))

        assert found == ({"name"} if name != before.name else set()) | ({"words"} if words else set())
        assert differences(after, after) == ()

    def test_an_order_of_what_is_chosen_tells_nothing(self) -> None:
        one, other = draft(themes=["birth", "work"]), draft(themes=["work", "birth"])

        assert differences(one, other) == ()
        assert differences(one, draft(themes=["work"])) == ("themes",)


@pytest.mark.django_db
class TestPages:
    def test_an_officer_writes_and_an_approver_publishes_in_the_browser(self, town: City) -> None:
        code = offered(town)
        edit = reverse("services:item-edit", args=[code])
        officer = browser(town.officer)
        form = sent(officer.get(edit).context["forms"]) | {"name": "路灯报修（全市）", "cause": "扩大范围"}
        form |= {"materials-count": "1", "materials-0-name": "现场照片", "materials-0-source": "applicant"}

        assert officer.post(edit, form).status_code == 302
        step = reverse("services:item-step", args=[code])
        officer.post(step, {"step": "submit"})
        assert browser(town.reviewer).post(step, {"step": "approve"}).status_code == 302

        shown = item_version(code=code, number=2, actor=ANYBODY)
        assert (shown.facts.name, shown.facts.materials[0].name) == ("路灯报修（全市）", "现场照片")
        assert shown.facts.steps == draft().steps
        compared = browser(town.officer).get(reverse("services:item-compare", args=[code, 1, 2]))
        assert "现场照片" in compared.content.decode()

    def test_every_element_can_be_edited(self, town: City) -> None:
        code = offered(town)
        load_items(folder=settings.PACKS_FOLDER / "service-items", at=AT)  # for the themes
        edit = reverse("services:item-edit", args=[code])
        officer = browser(town.officer)
        before = officer.get(edit).context["forms"]
        themes = before.form.fields["themes"].choices
        every = VersionForms.showing(full(), first_day=date(2090, 1, 1), about=Writing(themes=()))

        assert officer.post(edit, sent(every) | {"cause": "补全"}).status_code == 302

        assert themes
        assert differences(full(), item_version(code=code, number=2, actor=town.officer).facts) == ()

    def test_rows_are_added_moved_and_removed_and_nothing_written_is_lost(self, town: City) -> None:
        code = offered(town)
        edit = reverse("services:item-edit", args=[code])
        officer = browser(town.officer)
        form = sent(officer.get(edit).context["forms"]) | {"name": "", "statutory_value": "五天"}

        added = officer.post(edit, form | {"act": "add:steps"}).context["forms"]
        moved = officer.post(edit, sent(added) | {"act": "up:steps:1"}).context["forms"]
        removed = officer.post(edit, sent(moved) | {"act": "remove:steps:2"}).context["forms"]

        assert [len(one.groups["steps"]) for one in (added, moved, removed)] == [3, 3, 2]
        assert [row.initial["name"] for row in removed.groups["steps"]] == ["维修", "报修"]
        assert (removed.form.initial["name"], removed.form.initial["statutory_value"]) == ("", "五天")
        for nonsense in ("add:nothing", "up:steps:0", "remove:steps:99", "drop table", "take:steps"):
            assert officer.post(edit, form | {"act": nonsense}).status_code == 200
        assert len(versions_of(code=code, actor=town.officer)) == 1

    def test_a_fault_is_said_where_it_was_written(self, town: City) -> None:
        code = offered(town)
        edit = reverse("services:item-edit", args=[code])
        officer = browser(town.officer)
        form = sent(officer.get(edit).context["forms"]) | {
            "cause": "x",
            "promised_value": "30",
            "hours": "全年",
        }
        form |= {"steps-1-name": "", "questions-count": "1", "questions-0-question": "夜里呢？"}

        unread = officer.post(edit, form)
        answer = officer.post(edit, form | {"steps-1-name": "修", "questions-0-answer": "也能"})

        assert [one.anchor for one in unread.context["mistakes"]] == [
            "id_steps-1-name",
            "id_questions-0-answer",
        ]
        assert answer.status_code == 422
        assert [one.anchor for one in answer.context["mistakes"]] == ["id_promised_value"]
        assert "承诺时限不得长于法定时限" in answer.content.decode()
        assert 'value="全年"' in answer.content.decode()

    @pytest.mark.article("809", 19)
    def test_what_is_held_leads_to_its_resource_and_is_taken_from_there(self, town: City) -> None:
        record = catalog_factories.published(town)
        catalog.name_authoritative_source(
            element_code="credit-code", resource_code=record.code, actor=town.reviewer, at=AT
        )
        code = offered(town)
        edit = reverse("services:item-edit", args=[code])
        officer = browser(town.officer)
        form = sent(officer.get(edit).context["forms"]) | {"cause": "x", "materials-count": "1"}
        form |= {"materials-0-name": "营业执照副本复印件", "materials-0-source": "applicant"}

        answer = officer.post(edit, form)
        text = answer.content.decode()
        link = reverse("catalog:resource-detail", args=[record.code])

        assert text.count(f'href="{link}"') == 2
        assert "市市场监督管理局" in text
        assert officer.get(link).status_code == 200
        act = "take:materials:0:credit-code"
        assert f'value="{act}"' in text
        taken = sent(officer.post(edit, form | {"act": act}).context["forms"])
        assert officer.post(edit, taken).status_code == 302
        kept = item_version(code=code, number=2, actor=town.officer).facts.materials[0]
        assert (kept.source.value, kept.elements) == ("register", ("credit-code",))

    def test_gaps_stop_handing_in_and_are_named(self, town: City) -> None:
        code = offered(town)
        written(town, code, draft(phone=""))

        answer = browser(town.officer).post(reverse("services:item-step", args=[code]), {"step": "submit"})

        assert answer.status_code == 422
        assert "咨询电话" in answer.content.decode()

    def test_list_of_versions_names_people_and_leaves_no_room_for_nothing(self, town: City) -> None:
        page = reverse("services:item-versions", args=[offered(town)])

        assert "services-steps-card" not in browser(town.officer).get(page).content.decode()
        assert (by("services.load-items"), by("白术安")) == ("平台", "白术安")

    def test_visitors_have_no_pages_of_versions(self, town: City) -> None:
        code = offered(town)
        for name in ("item-versions", "item-edit"):
            assert browser(town.officer).get(reverse(f"services:{name}", args=[code])).status_code == 200
            assert browser(town.officer).get(reverse(f"services:{name}", args=["nothing"])).status_code == 404
        from django.test import Client

        assert Client().get(reverse("services:item-versions", args=[code])).status_code == 302
