"""Rules in SQL of the data authority: written, tried, saved, asked in assessments, retired; closed to all others."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.quality.application.ask_own_sql import OwnSqlNotYours
from zhengshu.contexts.quality.application.engine.own_sql import OwnSqlRefused
from zhengshu.contexts.quality.application.retire_own_rule import retire_own_rule
from zhengshu.contexts.quality.application.save_own_rule import save_own_rule
from zhengshu.contexts.quality.application.try_own_rule import try_own_rule
from zhengshu.contexts.quality.domain.own_rules import (
    OwnRuleCodeTaken,
    OwnRuleDraft,
    OwnRuleNotFound,
    OwnRuleRetired,
    OwnRuleUnfit,
)
from zhengshu.contexts.quality.models import Outcome, OwnRule, OwnRuleVersion
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]

AT = factories.AT
STATEMENT = "SELECT place FROM rows WHERE contact LIKE '% %'"
OTHERS = (
    Role.DATA_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.LEADER,
    Role.OPERATOR,
    Role.APPROVER,
    Role.SYSTEM_ADMIN,
    Role.AUDIT_ADMIN,
)


@pytest.fixture
def served(tmp_path: Path) -> ResourceRecord:
    resource = factories.resource()
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


@pytest.fixture
def reviewer() -> Actor:
    return factories.actor(Role.REVIEWER)


def draft(resource: ResourceRecord, **changes: object) -> OwnRuleDraft:
    said: dict[str, object] = {
        "resource_code": resource.code,
        "code": "contact-blank",
        "name": "联系人没有空格",
        "name_en": "Contacts hold no blank",
        "basis": "市数据局2026年第3号通知",
        "statement": STATEMENT,
        "indicator": "0104",
        "column": "contact",
    }
    return OwnRuleDraft(**{**said, **changes})  # type: ignore[arg-type]  # fields of a draft


def events(name: str) -> list[dict[str, object]]:
    rows = apps.get_model("trust", "AuditEvent").objects.filter(name=f"quality.own-rule.{name}.v1")
    return [row.data for row in rows]


class TestTry:
    def test_shows_what_it_blames_masked(self, served: ResourceRecord, reviewer: Actor) -> None:
        tried = try_own_rule(draft=draft(served), actor=reviewer, at=AT)

        assert (tried.rows, tried.blamed) == (6, 1)
        assert tried.shown[0].place == 3
        assert "李 四" not in str(tried.shown)
        assert not OwnRule.objects.exists()

    def test_is_audited_without_the_statement(self, served: ResourceRecord, reviewer: Actor) -> None:
        try_own_rule(draft=draft(served), actor=reviewer, at=AT)

        (event,) = events("tried")
        assert event["blamed"] == 1
        assert "LIKE" not in str(event)

    @pytest.mark.parametrize(
        "changes",
        [
            {"code": "Contact Blank"},
            {"name": " "},
            {"basis": ""},
            {"statement": ""},
            {"indicator": "9999"},
            {"weight": 0},
            {"column": "no_such"},
            {"tables": ("nowhere",)},
        ],
    )
    def test_refuses_what_no_rule_may_say(
        self, served: ResourceRecord, reviewer: Actor, changes: dict[str, object]
    ) -> None:
        with pytest.raises(OwnRuleUnfit):
            try_own_rule(draft=draft(served, **changes), actor=reviewer, at=AT)


class TestSave:
    def test_is_asked_in_the_next_assessment_beside_the_others(
        self, served: ResourceRecord, reviewer: Actor
    ) -> None:
        save_own_rule(draft=draft(served), actor=reviewer, at=AT)

        run = factories.assessed(served)

        found = Outcome.objects.get(run=run, code="own-contact-blank")
        assert (found.kind, found.asked, found.failed, found.places) == ("sql", 6, 1, [3])
        assert Outcome.objects.filter(run=run).count() > 1

    def test_a_new_edition_is_kept_beside_the_former(self, served: ResourceRecord, reviewer: Actor) -> None:
        rule_id = save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        other = draft(served, statement="SELECT place FROM rows WHERE staff > 100")

        save_own_rule(draft=other, actor=reviewer, at=AT, rule_id=rule_id)

        kept = OwnRuleVersion.objects.filter(rule_id=rule_id).order_by("number")
        assert [one.statement for one in kept] == [STATEMENT, other.statement]
        assert Outcome.objects.get(run=factories.assessed(served), kind="sql").places == [6]

    def test_keeps_no_statement_that_the_sandbox_refuses(
        self, served: ResourceRecord, reviewer: Actor
    ) -> None:
        with pytest.raises(OwnSqlRefused):
            save_own_rule(draft=draft(served, statement="DROP VIEW rows"), actor=reviewer, at=AT)

        assert not OwnRule.objects.exists()

    def test_refuses_a_code_that_is_taken(self, served: ResourceRecord, reviewer: Actor) -> None:
        save_own_rule(draft=draft(served), actor=reviewer, at=AT)

        with pytest.raises(OwnRuleCodeTaken):
            save_own_rule(draft=draft(served), actor=reviewer, at=AT)

    def test_does_not_move_a_rule_to_another_table(
        self, served: ResourceRecord, reviewer: Actor, tmp_path: Path
    ) -> None:
        rule_id = save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        other = factories.resource(name="另一张表")
        factories.deliver(other, tmp_path, [factories.row(1)])

        with pytest.raises(OwnRuleNotFound):
            save_own_rule(draft=draft(other), actor=reviewer, at=AT, rule_id=rule_id)


class TestRetire:
    def test_is_asked_no_more_and_its_results_stay(self, served: ResourceRecord, reviewer: Actor) -> None:
        rule_id = save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        first = factories.assessed(served)

        retire_own_rule(rule_id=rule_id, actor=reviewer, at=AT)
        second = factories.assessed(served, at=AT.replace(year=AT.year + 1))

        assert Outcome.objects.filter(run=first, kind="sql").count() == 1
        assert not Outcome.objects.filter(run=second, kind="sql").exists()
        with pytest.raises(OwnRuleRetired):
            retire_own_rule(rule_id=rule_id, actor=reviewer, at=AT)


class TestAbuse:
    """Nobody but the data authority asks, saves, sees or retires statements."""

    @pytest.mark.parametrize("role", OTHERS)
    def test_use_cases_refuse_other_roles(self, served: ResourceRecord, reviewer: Actor, role: Role) -> None:
        rule_id = save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        stranger = factories.actor(role, department_id=served.department_id)

        for refused in (
            lambda: try_own_rule(draft=draft(served, code="b"), actor=stranger, at=AT),
            lambda: save_own_rule(draft=draft(served, code="b"), actor=stranger, at=AT),
            lambda: save_own_rule(draft=draft(served), actor=stranger, at=AT, rule_id=rule_id),
            lambda: retire_own_rule(rule_id=rule_id, actor=stranger, at=AT),
        ):
            with pytest.raises(OwnSqlNotYours):
                refused()
        assert OwnRuleVersion.objects.count() == 1
        assert OwnRule.objects.get(id=rule_id).retired_at is None

    @pytest.mark.parametrize("role", OTHERS[:5])
    def test_pages_refuse_other_roles(self, served: ResourceRecord, reviewer: Actor, role: Role) -> None:
        rule_id = save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        client = signed_in(role, department_id=served.department_id)

        answers = [
            *(client.get(url) for url in addresses(rule_id)),
            *(client.post(url, FORM) for url in addresses(rule_id)),
            client.post(reverse("quality:own-rule-new") + f"?table={served.code}", {**FORM, "do": "save"}),
            client.post(reverse("quality:own-rule-retire", args=[rule_id])),
        ]

        assert {answer.status_code for answer in answers} <= {403, 404, 405}
        assert OwnRuleVersion.objects.count() == 1

    def test_pages_send_strangers_to_the_door(self, served: ResourceRecord) -> None:
        for url in addresses(uuid4()):
            assert Client().get(url).status_code == 302

    def test_the_rules_page_shows_the_rule_without_its_statement(
        self, served: ResourceRecord, reviewer: Actor
    ) -> None:
        save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        factories.assessed(served)
        officer = signed_in(Role.DATA_OFFICER, department_id=served.department_id)

        for name, arguments in (("rule-list", []), ("rule", ["own-contact-blank"])):
            shown = officer.get(reverse(f"quality:{name}", args=arguments)).content.decode()
            assert "联系人没有空格" in shown
            assert "LIKE" not in shown
            assert "own-rules" not in shown


FORM = {
    "code": "staff-many",
    "name": "员工不多",
    "name_en": "Few employees",
    "basis": "市数据局2026年第3号通知",
    "statement": "SELECT place FROM rows WHERE staff > 100",
    "indicator": "0104",
    "severity": "warning",
    "weight": "2",
}


def signed_in(*roles: Role, department_id: object = None) -> Client:
    client = Client()
    client.force_login(trust.account(*roles, department_id=department_id))  # type: ignore[arg-type]  # a department's id
    return client


def addresses(rule_id: object) -> list[str]:
    return [
        reverse("quality:own-rule-list"),
        reverse("quality:own-rule-new"),
        reverse("quality:own-rule", args=[rule_id]),
        reverse("quality:own-rule-edit", args=[rule_id]),
    ]


class TestPages:
    def test_from_the_empty_list_to_the_retired_rule(self, served: ResourceRecord) -> None:
        client = signed_in(Role.REVIEWER)
        new = reverse("quality:own-rule-new")

        assert "尚无SQL规则" in client.get(reverse("quality:own-rule-list")).content.decode()
        assert served.name in client.get(new).content.decode()
        tried = client.post(f"{new}?table={served.code}", {**FORM, "do": "try"}).content.decode()
        assert not OwnRule.objects.exists()
        saved = client.post(
            f"{new}?table={served.code}", {**FORM, "do": "save"}, follow=True
        ).content.decode()
        rule = OwnRule.objects.get()
        edit = reverse("quality:own-rule-edit", args=[rule.id])
        assert FORM["statement"].replace(">", "&gt;") in client.get(edit).content.decode()
        client.post(edit, {**FORM, "statement": STATEMENT, "do": "save"})
        client.post(reverse("quality:own-rule-retire", args=[rule.id]))
        listed = client.get(reverse("quality:own-rule-list")).content.decode()

        assert re.search(r"ui-figure-value\">1</span>.*?16\.", tried, re.DOTALL)
        assert "规则已保存" in saved
        assert OwnRuleVersion.objects.filter(rule=rule).count() == 2
        assert "已停用" in listed

    def test_a_statement_that_is_refused_says_why(self, served: ResourceRecord) -> None:
        client = signed_in(Role.REVIEWER)
        url = reverse("quality:own-rule-new") + f"?table={served.code}"

        for statement, said in (
            ("DELETE FROM rows", "请只写一条SELECT语句"),
            ("SELECT place FROM read_csv('/etc/passwd')", "不能使用“read_csv”"),
            ("SELECT 99 AS place", "必须是表中行的行号"),
            ("SELECT place FROM nowhere", "引擎不接受该语句"),
        ):
            answer = client.post(url, {**FORM, "statement": statement, "do": "save"})
            assert answer.status_code == 422
            assert said in answer.content.decode()
        assert not OwnRule.objects.exists()

    def test_a_form_that_is_not_filled_in_is_shown_again(self, served: ResourceRecord) -> None:
        url = reverse("quality:own-rule-new") + f"?table={served.code}"

        assert signed_in(Role.REVIEWER).post(url, {"do": "save"}).status_code == 422

    def test_the_rows_that_it_blames_can_be_followed(self, served: ResourceRecord, reviewer: Actor) -> None:
        save_own_rule(draft=draft(served), actor=reviewer, at=AT)
        run = factories.assessed(served)
        client = signed_in(Role.REVIEWER)

        page = client.get(reverse("quality:rows", args=[run.id]) + "?rule=own-contact-blank")
        rule = client.get(reverse("quality:rule", args=["own-contact-blank"])).content.decode()

        assert "由SQL规则查出" in page.content.decode()
        assert "语句和历次版本" in rule
