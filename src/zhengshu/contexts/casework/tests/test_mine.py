"""My matters, the window, pauses by hand and days that are otherwise here."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.decide_day import DayAsPublished, DayPassed, decide_day
from zhengshu.contexts.casework.application.forms.drafts import draft
from zhengshu.contexts.casework.application.forms.start_draft import start_draft
from zhengshu.contexts.casework.application.search_cases import search_cases
from zhengshu.contexts.casework.models import Case, FormDraft
from zhengshu.contexts.casework.tests import form_factories, licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import Street
from zhengshu.contexts.casework.tests.licences import ADA, BAI, Office
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.models import CalendarOverride
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId

pytestmark = pytest.mark.django_db

A_SUNDAY = date(2040, 1, 1)


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


@pytest.fixture
def place() -> Office:
    return licences.office()


class TestMyMatters:
    def test_lists_own_matters_in_plain_words_and_nobody_elses(self, place: Office) -> None:
        case = licences.accepted(place)

        shown = browser(place.citizen).get(reverse("apply:mine")).content.decode()
        others = browser(place.other_citizen).get(reverse("apply:mine")).content.decode()

        assert case.number in shown
        assert "正在办理：" in shown
        assert case.number not in others
        assert "您还没有申请事项" in others

    def test_folds_how_the_platform_goes_on_between_what_people_do(self, place: Office) -> None:
        case = licences.accepted(place)

        page = browser(place.citizen).get(reverse("apply:my-case", args=[case.id])).content.decode()

        seen = api.case(case_id=case.id, actor=place.citizen, at=AT).timeline
        page = page.partition('id="timeline"')[2].partition("</ol>")[0]
        folded = re.findall(r'<li class="is-between [^>]*>\s*<strong>([^<]*)<', page)
        told = re.findall(r'<li class="is-done"[^>]*>\s*<strong>([^<]*)<', page)
        assert f"<summary>显示全部{len(seen)}个步骤</summary>" in page
        assert folded == [step.title for step in seen if step.is_of_platform]
        assert told == [step.title for step in seen if not step.is_of_platform]
        assert {step.kind for step in seen if not step.is_of_platform} >= {
            api.StepKind.OPENED,
            api.StepKind.TASK_COMPLETED,
        }

    def test_shows_officials_every_step(self, place: Office) -> None:
        case = licences.accepted(place)

        page = browser(place.clerk).get(reverse("casework:case-detail", args=[case.id])).content.decode()

        assert "is-between" not in page
        assert "ui-timeline-all" not in page

    def test_shows_the_notices_that_were_issued(self, place: Office) -> None:
        case = licences.accepted(place)

        shown = browser(place.citizen).get(reverse("apply:my-case", args=[case.id])).content.decode()

        assert "受理通知书" in shown
        assert f"/cases/{case.id}/notices/" in shown

    def test_tells_beside_what_is_asked_what_the_office_wrote(self, place: Office) -> None:
        case = licences.applied(place, at=timezone.now())
        wanted = "请补交经营场所平面图"
        api.complete_task(
            case_id=case.id,
            task="accept",
            outcome="ask_supplement",
            reason=wanted,
            actor=place.clerk,
            at=timezone.now(),
        )

        shown = browser(place.citizen).get(reverse("apply:my-case", args=[case.id])).content.decode()

        told = shown[shown.index("办理部门告知的内容") :]
        assert told.index(wanted) < told.index("apply/mine")

    def test_says_first_why_it_ended_and_leads_to_the_notice(self, place: Office) -> None:
        case, at = licences.applied(place, at=timezone.now()), timezone.now()
        api.complete_task(
            case_id=case.id, task="accept", outcome="reject", reason="不属于本机关职权", basis="行政许可法第三十二条",
            actor=place.clerk, at=at,
        )  # fmt: skip

        shown = browser(place.citizen).get(reverse("apply:my-case", args=[case.id])).content.decode()

        first = shown[shown.index("办理情况") : shown.index("办理时限")]
        assert "理由：不属于本机关职权" in first
        assert "依据：行政许可法第三十二条" in first

    def test_stranger_finds_no_such_matter(self, place: Office) -> None:
        case = licences.accepted(place)

        for path in ("my-case", "my-urge"):
            answer = browser(place.other_citizen).get(reverse(f"apply:{path}", args=[case.id]))
            assert answer.status_code == 404

    def test_steps_that_are_hidden_from_applicants_are_not_told(self, place: Office) -> None:
        case = licences.accepted(place)
        task = case.open_tasks[0].task
        api.claim_task(case_id=case.id, task=task, actor=place.approver, at=AT)
        api.release_task(case_id=case.id, task=task, reason="内部分工调整", actor=place.approver, at=AT)

        shown = browser(place.citizen).get(reverse("apply:my-case", args=[case.id])).content.decode()

        assert "办理情况" in shown
        assert "内部分工调整" not in shown

    def test_no_search_finds_or_shows_what_applicants_do_not_see(self, place: Office) -> None:
        case = licences.accepted(place)
        task = case.open_tasks[0].task
        api.claim_task(case_id=case.id, task=task, actor=place.approver, at=AT)
        api.release_task(case_id=case.id, task=task, reason="机密琥珀", actor=place.approver, at=AT)

        for asked in ("机密琥珀", case.number[:6]):
            page = search_cases(query=ListQuery(text=asked), actor=place.citizen, at=AT)
            assert "机密" not in str(page.matches)
            assert bool(page.rows) == (asked != "机密琥珀")


class TestWindow:
    @pytest.fixture
    def street(self, tmp_path: Path) -> Street:
        return form_factories.street(tmp_path)

    @pytest.fixture
    def clerk(self, street: Street) -> Client:
        client = Client()
        client.force_login(trust.account(Role.WINDOW_CLERK, department_id=street.office))
        return client

    def test_clerk_opens_a_form_for_the_person_at_the_window(self, street: Street, clerk: Client) -> None:
        ada = licences.citizen("ada", ADA)
        path = reverse("apply:start", args=[form_factories.TYPE])
        assert "到场人员的公民身份号码" in clerk.get(path).content.decode()

        answer = clerk.post(path, {"citizen_id": ADA})
        row = FormDraft.objects.get()

        assert answer.status_code == 302
        assert row.applicant_id == ada.id
        assert (
            f"您正在窗口为{ada.name}代填此表"
            in clerk.get(reverse("apply:page", args=[row.pk, 1])).content.decode()
        )

        actor = trust_api.actor_of(official_id=row.owner_id)
        pages = (
            {**form_factories.APPLICANT, "district_office": street.code},
            form_factories.STALL,
            form_factories.DOCUMENTS,
        )
        for number, answers in enumerate(pages, start=1):
            form_factories.save(draft(draft_id=row.pk, actor=actor), number, answers, actor=actor)
        assert clerk.post(reverse("apply:send", args=[row.pk])).status_code == 302

        case = Case.objects.get()
        assert (case.applicant_id, case.opened_by) == (ada.id, actor.id)
        told = browser(ada).get(reverse("apply:my-case", args=[case.pk])).content.decode()
        assert "在窗口受理申请" in told

    def test_whoever_has_no_account_is_named_in_a_sentence(self, street: Street, clerk: Client) -> None:
        path = reverse("apply:start", args=[form_factories.TYPE])

        assert "没有以该公民身份号码开立的账号" in clerk.post(path, {"citizen_id": BAI}).content.decode()
        assert clerk.post(path, {"citizen_id": "11010519491231002"}).status_code == 200
        assert not FormDraft.objects.exists()

    def test_whoever_has_no_account_is_registered_and_served(self, street: Street, clerk: Client) -> None:
        path = reverse("apply:start", args=[form_factories.TYPE])
        register = f"{reverse('trust:person-register')}?next={path}"
        assert register in clerk.get(path).content.decode()

        slip = clerk.post(register, {"citizen_id": BAI, "name": "白小川", "use": "own"}).content.decode()
        answer = clerk.post(path, {"citizen_id": BAI})

        assert f'href="{path}"' in slip
        assert answer.status_code == 302
        assert (
            FormDraft.objects.get().applicant_id
            == trust_api.private_person(citizen_id=CitizenId.parse(BAI)).account_id
        )

    def test_citizen_cannot_name_somebody_else(self, street: Street) -> None:
        ada, bai = licences.citizen("ada", ADA), licences.citizen("bai", BAI)

        browser(ada).post(reverse("apply:start", args=[form_factories.TYPE]), {"citizen_id": BAI})
        with pytest.raises(api.NotForOthers):
            start_draft(
                case_type=form_factories.TYPE,
                applicant=api.Applicant(account_id=bai.id),
                actor=ada,
                at=AT,
            )

        assert FormDraft.objects.get().applicant_id is None


class TestPauseByHand:
    def test_holder_pauses_on_a_lawful_ground_and_lets_it_go_on(self, place: Office) -> None:
        case = licences.accepted(place, at=timezone.now())
        client = browser(place.approver)
        page = reverse("casework:case-detail", args=[case.id])
        clock = next(one.clock for one in case.clocks if one.is_running)
        pause = reverse("casework:clock-pause", args=[case.id, clock])
        assert pause in client.get(page).content.decode()
        asked = client.get(pause).content.decode()
        assert "行政许可法" in asked

        assert client.post(pause, {"ground": "hearing"}).status_code == 200
        assert client.post(pause, {"ground": "hearing", "days": "10"}).status_code == 302
        shown = client.get(page).content.decode()
        resume = reverse("casework:clock-resume", args=[case.id, clock, "hearing"])
        assert resume in shown
        assert client.post(resume).status_code == 302
        assert pause in client.get(page).content.decode()

    def test_others_see_no_button_and_are_refused(self, place: Office) -> None:
        case = licences.accepted(place, at=timezone.now())
        clock = next(one.clock for one in case.clocks if one.is_running)
        client = browser(place.clerk)
        pause = reverse("casework:clock-pause", args=[case.id, clock])

        assert pause not in client.get(reverse("casework:case-detail", args=[case.id])).content.decode()
        client.post(pause, {"ground": "hearing", "days": "10"})

        assert not any(one.is_paused for one in api.case(case_id=case.id, actor=place.clerk, at=AT).clocks)


class TestCalendar:
    def day(self) -> date:
        """Return a working day next week."""
        today = timezone.localdate()
        return today + timedelta(days=14 - today.weekday())

    def test_administrator_decides_a_day_after_reading_what_it_moves(self) -> None:
        account, client = trust.account(Role.SYSTEM_ADMIN), Client()
        TOTP.activate(account, generate_totp_secret())
        client.force_login(account)
        path = reverse("casework:calendar")
        sent = {
            "day": self.day().isoformat(),
            "is_working": "no",
            "reason": "台风停工",
            "basis": "示例市政府通知第3号",
            "key": "k",
        }

        asked = client.post(path, sent).content.decode()
        assert "改为非工作日" in asked
        assert not CalendarOverride.objects.exists()
        assert client.post(path, {**sent, "confirmed": "yes"}).status_code == 302
        assert client.post(path, {**sent, "confirmed": "yes"}).status_code == 302

        assert CalendarOverride.objects.get().reason == "台风停工"
        assert client.post(reverse("casework:calendar-free", args=[self.day()])).status_code == 302
        assert not CalendarOverride.objects.exists()

    def test_others_read_and_decide_nothing(self) -> None:
        client = Client()
        client.force_login(trust.account(Role.REVIEWER))
        path = reverse("casework:calendar")

        shown = client.get(path).content.decode()
        client.post(
            path,
            {
                "day": self.day().isoformat(),
                "is_working": "no",
                "reason": "x",
                "basis": "y",
                "confirmed": "yes",
            },
        )

        assert "工作日管理" in shown
        assert '<form class="card"' not in shown
        assert not CalendarOverride.objects.exists()
        assert client.post(reverse("casework:calendar-free", args=[self.day()])).status_code == 403

    def test_days_before_today_and_what_is_published_are_refused(self) -> None:
        admin = trust.actor(Role.SYSTEM_ADMIN)
        now = timezone.now()

        for day, is_working, refusal in (
            (timezone.localdate() - timedelta(days=1), False, DayPassed),
            (A_SUNDAY, False, DayAsPublished),
        ):
            with pytest.raises(refusal):
                decide_day(day=day, is_working=is_working, reason="x", basis="y", actor=admin, at=now)
