"""A new item: begun by an organ's officer, approved by somebody else, offered from its first day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.access import ItemNotAcceptable, ItemStepNotYours, NoVersionOpen
from zhengshu.contexts.services.application.begin_item import ItemCodeTaken, begin_item
from zhengshu.contexts.services.application.items_in_the_making import open_versions
from zhengshu.contexts.services.application.keep_version import (
    approve_version,
    give_up_version,
    submit_version,
    take_effect,
)
from zhengshu.contexts.services.application.queries import ItemNotFound, item, versions_of
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.application.search_items import search
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.contexts.services.tests.factories import AT, TODAY, draft, published
from zhengshu.contexts.services.tests.test_keep_version import offered, sent, written
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db

ANYBODY = Actor.anonymous()
SIGN = draft(name="店招设置备案")


def begun(actor: Actor, *, code: str = "n-sign", declared: ItemDraft = SIGN, days: int = 0) -> ItemRecord:
    return begin_item(
        code=code,
        draft=declared,
        effective_from=TODAY + timedelta(days=days),
        cause="新设事项",
        actor=actor,
        at=AT,
    )


def found(text: str = "店招设置备案") -> list[str]:
    return [row.code for row in search(query=ListQuery(text=text), actor=ANYBODY).rows]


class TestBegin:
    def test_is_seen_by_its_organ_alone_until_somebody_else_approved_it(self, town: City) -> None:
        begun(town.officer)

        for stranger in (ANYBODY, town.stranger):
            with pytest.raises(ItemNotFound):
                versions_of(code="n-sign", actor=stranger)
        submit_version(code="n-sign", actor=town.officer, at=AT)
        approve_version(code="n-sign", actor=town.reviewer, at=AT)

        assert item(code="n-sign", actor=ANYBODY, on=TODAY).summary.department_name == "市市场监督管理局"
        assert found() == ["n-sign"]

    def test_is_offered_from_its_first_day(self, town: City) -> None:
        begun(town.officer, days=3)
        submit_version(code="n-sign", actor=town.officer, at=AT)
        approve_version(code="n-sign", actor=town.reviewer, at=AT)

        assert found() == []
        with pytest.raises(ItemNotFound):
            item(code="n-sign", actor=ANYBODY, on=TODAY)
        (waiting,) = open_versions(query=ListQuery(), actor=town.officer, on=TODAY).rows
        assert waiting.state is VersionState.PUBLISHED
        assert take_effect(at=AT + timedelta(days=3)) == 1
        assert found() == ["n-sign"]
        assert take_effect(at=AT + timedelta(days=3)) == 0

    def test_the_same_sent_twice_is_kept_once(self, town: City) -> None:
        first, second = begun(town.officer), begun(town.officer)

        assert first.version_id == second.version_id

    def test_another_item_keeps_its_code(self, town: City) -> None:
        published("n-lamp")
        begun(town.officer)

        for code, declared in (("n-lamp", SIGN), ("n-sign", draft(name="别的"))):
            with pytest.raises(ItemCodeTaken):
                begun(town.officer, code=code, declared=declared)

    def test_without_a_code_it_has_one_made_of_what_it_is(self, town: City) -> None:
        assert (
            begun(town.officer, code="", declared=draft(implementation_code="3701/17:01")).code
            == "3701-17-01"
        )
        assert begun(town.officer, code="").code.startswith("item-")

    def test_what_breaks_a_rule_is_not_kept(self, town: City) -> None:
        with pytest.raises(ItemNotAcceptable):
            begun(town.officer, declared=draft(promised={"value": 9, "unit": "months"}))

        assert not ServiceItem.objects.filter(code="n-sign").exists()

    def test_only_officers_of_departments_begin_items(self, town: City) -> None:
        for stranger in (ANYBODY, town.reviewer):
            with pytest.raises(ItemStepNotYours):
                begun(stranger)


class TestGivingUp:
    def test_the_next_version_begins_from_what_is_in_force(self, town: City) -> None:
        code = offered(town)
        written(town, code)
        give_up_version(code=code, actor=town.officer, at=AT)

        page = browser(town.officer).get(reverse("services:item-edit", args=[code]))

        assert page.context["forms"].form.initial["name"] == "路灯报修"
        assert written(town, code) == 3
        states = [one.version_state.value for one in versions_of(code=code, actor=town.officer)]
        assert states == ["draft", "withdrawn", "published"]

    def test_belongs_to_the_organ_and_to_drafts(self, town: City) -> None:
        code = offered(town)
        with pytest.raises(NoVersionOpen):
            give_up_version(code=code, actor=town.officer, at=AT)
        written(town, code)
        with pytest.raises(ItemStepNotYours):
            give_up_version(code=code, actor=town.reviewer, at=AT)
        submit_version(code=code, actor=town.officer, at=AT)
        with pytest.raises(NoVersionOpen):
            give_up_version(code=code, actor=town.officer, at=AT)

    def test_a_new_item_that_was_given_up_can_be_written_again(self, town: City) -> None:
        begun(town.officer)
        officer, step = browser(town.officer), reverse("services:item-step", args=["n-sign"])

        assert officer.post(step, {"step": "give-up"}).status_code == 302

        page = officer.get(reverse("services:item-versions", args=["n-sign"]))
        assert "已放弃" in page.content.decode()
        assert written(town, "n-sign", SIGN) == 2


class TestPages:
    def test_an_officer_writes_a_new_item_and_finds_it_among_those_in_the_making(self, town: City) -> None:
        officer, page = browser(town.officer), reverse("services:item-new")
        form = sent(officer.get(page).context["forms"]) | {
            "name": "店招设置备案",
            "cause": "新设",
            "code": "n-sign",
        }

        unfit = officer.post(page, form)
        kept = officer.post(page, form | {"audiences": ["1"]})

        assert unfit.status_code == 422
        assert [one.anchor for one in unfit.context["mistakes"]] == ["id_audiences"]
        assert kept.headers["Location"] == reverse("services:item-versions", args=["n-sign"])
        desk = officer.get(reverse("services:item-desk"), {"state": "draft", "q": "店招"})
        assert "店招设置备案" in desk.content.decode()
        versions = officer.get(kept.headers["Location"]).content.decode()
        assert f'href="{reverse("services:item-guide", args=["n-sign"])}"' not in versions

    def test_others_find_nothing_of_it(self, town: City) -> None:
        begun(town.officer)

        assert open_versions(query=ListQuery(), actor=town.reviewer, on=TODAY).total == 1
        assert open_versions(query=ListQuery(), actor=town.stranger, on=TODAY).total == 0
        coming = ListQuery(filters={"state": ("published",)})
        assert open_versions(query=coming, actor=town.officer, on=TODAY).total == 0
        assert browser(town.reviewer).get(reverse("services:item-new")).status_code == 403

    def test_rows_are_added_to_a_new_item(self, town: City) -> None:
        officer, page = browser(town.officer), reverse("services:item-new")
        form = sent(officer.get(page).context["forms"]) | {"act": "add:steps", "code": "n-x"}

        shown = officer.post(page, form).context["forms"]

        assert len(shown.groups["steps"]) == 2
        assert shown.form.initial["code"] == "n-x"
