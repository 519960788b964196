"""Who may approve a version hears of it once, and who handed it in hears what came of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.keep_version import (
    approve_version,
    return_version,
    submit_version,
)
from zhengshu.contexts.services.application.take_back_version import take_back_version
from zhengshu.contexts.services.tests.factories import AT
from zhengshu.contexts.services.tests.test_keep_version import offered, written
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation import outbox
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(town: City) -> str:
    for name in ("service-item-version", "service-item-taken-back"):
        casework.load_case_types(folder=Path(settings.PACKS_FOLDER) / "case-types" / name, at=AT)
    found = offered(town)
    written(town, found)
    return found


def told(actor: Actor) -> str:
    """Return the page of an actor's messages, after everything that happened was heard, twice over."""
    outbox.deliver_due(at=AT + timedelta(days=1))
    return browser(actor).get(reverse("messages:list")).content.decode()


class TestTelling:
    def test_the_reviewer_of_what_waits_and_the_author_of_the_approval(self, town: City, code: str) -> None:
        submit_version(code=code, actor=town.officer, at=AT)

        waiting = told(town.reviewer)
        assert waiting.count("待审核：路灯报修与增设") == 1
        assert "第2版" in waiting
        for other in (town.officer, town.stranger):
            assert "路灯报修与增设" not in told(other)

        approve_version(code=code, actor=town.reviewer, at=AT)

        assert "审核通过：路灯报修与增设" in told(town.officer)
        assert "审核通过：路灯报修与增设" not in told(town.reviewer)

    def test_the_author_of_what_has_to_be_changed_each_time(self, town: City, code: str) -> None:
        for hours, reason in enumerate(("请补充收费依据", "请写明办理地点")):
            at = AT + timedelta(hours=hours)
            submit_version(code=code, actor=town.officer, at=at)
            told(town.reviewer)
            return_version(code=code, reason=reason, actor=town.reviewer, at=at)

            assert reason in told(town.officer)
        assert told(town.officer).count("退回修改：路灯报修与增设") == 2

    def test_nobody_where_it_was_decided_before_it_was_heard_of(self, town: City, code: str) -> None:
        submit_version(code=code, actor=town.officer, at=AT)
        approve_version(code=code, actor=town.reviewer, at=AT)

        assert "路灯报修与增设" not in told(town.reviewer)
        assert "路灯报修与增设" not in told(town.officer)

    def test_author_and_approvers_when_it_is_taken_back(self, town: City, code: str) -> None:
        head = trust.actor(Role.DEPARTMENT_HEAD, department_id=town.officer.department_id)
        written(town, code, day=date(2090, 1, 1), revision=1)
        submit_version(code=code, actor=town.officer, at=AT)
        told(town.reviewer)
        approve_version(code=code, actor=town.reviewer, at=AT)

        take_back_version(code=code, number=2, reason="文件依据尚未印发", actor=head, at=AT)

        for actor in (town.officer, town.reviewer):
            page = told(actor)
            assert page.count("生效前撤回：路灯报修与增设") == 1
            assert "撤回理由：文件依据尚未印发" in page
        for other in (head, town.stranger):
            assert "生效前撤回" not in told(other)
