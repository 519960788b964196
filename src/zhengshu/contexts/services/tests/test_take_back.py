"""An approved version that waits for its first day: taken back by whoever may approve, in page and API, and noted."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.access import ItemStepNotYours, NoVersionOpen, ReasonMissing
from zhengshu.contexts.services.application.begin_item import begin_item
from zhengshu.contexts.services.application.keep_version import approve_version, submit_version, take_effect
from zhengshu.contexts.services.application.queries import ItemNotFound, item, item_version, versions_of
from zhengshu.contexts.services.application.take_back_version import take_back_version
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.models import ItemVersion, Material
from zhengshu.contexts.services.tests.factories import AT, TODAY, draft
from zhengshu.contexts.services.tests.test_keep_version import ANYBODY, approved, offered
from zhengshu.contexts.services.tests.test_pages_lists import browser

pytestmark = pytest.mark.django_db
LATER, LAST = date(2090, 1, 1), date(2090, 6, 1)
REASON = "文件依据尚未印发"


def waiting(town: City, day: date = LATER) -> str:
    code = offered(town)
    approved(town, code, day=day)
    return code


class TestTakeBack:
    def test_what_is_in_force_goes_on(self, town: City) -> None:
        code = waiting(town)

        taken = take_back_version(code=code, number=2, reason=REASON, actor=town.reviewer, at=AT)

        assert (taken.version_state, taken.returned_reason) == (VersionState.TAKEN_BACK, REASON)
        assert taken.changed_by == town.officer.name
        assert item(code=code, actor=ANYBODY, on=LATER).version == 1
        assert item_version(code=code, number=1, actor=ANYBODY).effective_to is None
        with pytest.raises(ItemNotFound):
            item_version(code=code, number=2, actor=ANYBODY)
        assert len(versions_of(code=code, actor=town.officer)) == 2

    def test_one_of_several_leaves_the_others(self, town: City) -> None:
        code = waiting(town)
        approved(town, code, day=LAST)

        take_back_version(code=code, number=2, reason=REASON, actor=town.reviewer, at=AT)

        assert item(code=code, actor=ANYBODY, on=LATER).version == 1
        assert item(code=code, actor=ANYBODY, on=LAST).version == 3
        assert item_version(code=code, number=1, actor=ANYBODY).effective_to == LAST

    def test_a_new_item_is_not_offered(self, town: City) -> None:
        begin_item(
            code="t-sign",
            draft=draft(name="店招设置备案"),
            effective_from=LATER,
            cause="新设事项",
            actor=town.officer,
            at=AT,
        )
        submit_version(code="t-sign", actor=town.officer, at=AT)
        approve_version(code="t-sign", actor=town.reviewer, at=AT)

        take_back_version(code="t-sign", number=1, reason=REASON, actor=town.reviewer, at=AT)

        with pytest.raises(ItemNotFound):
            item(code="t-sign", actor=ANYBODY, on=LATER)
        assert take_effect(at=AT + timedelta(days=40_000)) == 0


class TestRefusals:
    def test_others_and_without_a_reason_and_a_second_time(self, town: City) -> None:
        code = waiting(town)

        for actor in (town.officer, town.stranger, ANYBODY):
            with pytest.raises(ItemStepNotYours):
                take_back_version(code=code, number=2, reason=REASON, actor=actor, at=AT)
        with pytest.raises(ReasonMissing):
            take_back_version(code=code, number=2, reason=" ", actor=town.reviewer, at=AT)
        take_back_version(code=code, number=2, reason=REASON, actor=town.reviewer, at=AT)
        with pytest.raises(NoVersionOpen):
            take_back_version(code=code, number=2, reason=REASON, actor=town.reviewer, at=AT)

    def test_what_is_in_force_stays(self, town: City) -> None:
        code = offered(town)
        approved(town, code)

        with pytest.raises(NoVersionOpen):
            take_back_version(code=code, number=2, reason=REASON, actor=town.reviewer, at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.filter(item__code=code, number=2).update(state="taken_back")
        assert item(code=code, actor=ANYBODY, on=TODAY).version == 2

    def test_nothing_else_of_it_changes_on_the_way(self, town: City) -> None:
        code = waiting(town)

        version = ItemVersion.objects.filter(item__code=code, number=2)
        others: tuple[dict[str, object], ...] = (
            {"elements": {}},
            {"changed_by": "别人"},
            {"changed_at": AT + timedelta(days=1)},
        )
        for changed in others:
            with pytest.raises(IntegrityError), transaction.atomic():
                version.update(state="taken_back", **changed)

    def test_nor_afterwards(self, town: City) -> None:
        code = waiting(town)
        take_back_version(code=code, number=2, reason=REASON, actor=town.reviewer, at=AT)
        version = ItemVersion.objects.filter(item__code=code, number=2)

        others: tuple[dict[str, object], ...] = (
            {"returned_reason": "别的理由"},
            {"state": "draft"},
            {"effective_to": LAST},
        )
        for changed in others:
            with pytest.raises(IntegrityError), transaction.atomic():
                version.update(**changed)
        with pytest.raises(IntegrityError), transaction.atomic():
            version.delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            Material.objects.create(version=version.get(), position=99, name="别的材料", source="applicant")


class TestPagesAndApi:
    def test_a_reviewer_takes_it_back_on_the_page(self, town: City) -> None:
        code = waiting(town)
        reviewer, page = browser(town.reviewer), reverse("services:item-versions", args=[code])
        assert "撤回第2版" in reviewer.get(page).content.decode()
        assert "撤回第2版" not in browser(town.officer).get(page).content.decode()

        step = reverse("services:item-step", args=[code])
        empty = reviewer.post(step, {"step": "take-back", "number": "2", "reason": ""})
        done = reviewer.post(step, {"step": "take-back", "number": "2", "reason": REASON}, follow=True)

        assert empty.status_code == 422
        shown = done.content.decode()
        assert "生效前撤回" in shown
        assert REASON in shown

    def test_and_a_program_over_the_api(self, town: City) -> None:
        code = waiting(town)
        path = f"/api/services/items/{code}/versions/2/take-back"
        body = {"reason": REASON}

        refused = browser(town.officer).post(path, body, content_type="application/json")
        done = browser(town.reviewer).post(path, body, content_type="application/json")
        again = browser(town.reviewer).post(path, body, content_type="application/json")

        assert (refused.status_code, done.status_code, again.status_code) == (403, 200, 409)
        assert done.json()["state"] == "taken_back"
