"""The renewal of a food permit: at once where all is in order, by a person else, never another one's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.certificates.tests.factories import FOOD
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.issue_certificate import NothingToRenew
from zhengshu.contexts.services.domain.vocabulary import CaseKind, Channel
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import FIRM_CODE, REGISTERED, Firm, Hall
from zhengshu.contexts.services.tests.test_web_applications import browser, text
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.contexts.trust.tests.factories import PLATFORM
from zhengshu.foundation import outbox
from zhengshu.foundation.calendars import work_calendar
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.identity import CaseId, new_id

pytestmark = pytest.mark.django_db
ITEM = "food-permit-renewal"
ANSWERS = {"changes": ("没有变化",), "promise": ("on",)}
CHANGED = {"changes": ("有变化",), "changed": ("后厨增加了一台冷柜。",), "promise": ("on",)}
OWN = certificates.Holder.enterprise(name="望川餐饮服务有限公司", credit_code=FIRM_CODE)


def permit(
    place: Hall, *, left: int, holder: certificates.Holder = OWN, days: int = 0
) -> certificates.CertificateRecord:
    """Issue a permit of which so many working days are left; a few days more, where it has ended before."""
    today = timezone.localdate()
    last = work_calendar().add_working_days(today, left) if left else today - timedelta(days=days)
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    return certificates.issue(
        type_code="food-permit",
        holder=holder,
        values=FOOD,
        case_id=CaseId(new_id()),
        department_id=place.department,
        actor=PLATFORM,
        at=timezone.now(),
        active_from=end.replace(year=end.year - 5),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """The office that renews permits, and a firm."""

    hall: Hall
    firm: Firm

    def begun(self, answers: Mapping[str, tuple[str, ...]] = ANSWERS) -> UUID:
        return casework.prepare_form(
            case_type=ITEM, answers=answers, actor=self.firm.delegate, at=timezone.now()
        )

    def send(self, key: UUID, *, at: datetime | None = None) -> api.ApplicationRecord:
        return api.submit_application(
            draft_id=key, channel=Channel.WEB, actor=self.firm.delegate, at=at or timezone.now()
        )

    def verdicts(self, key: UUID) -> dict[str, str]:
        found = Application.objects.get(draft_id=key)
        return {one.check_code: one.verdict for one in found.checks.all()}

    def case(self, found: api.ApplicationRecord) -> casework.CaseRecord:
        return casework.case(case_id=found.case_id, actor=self.hall.approver, at=timezone.now())

    def decides(self, found: api.ApplicationRecord, task: str, outcome: str) -> casework.CaseRecord:
        return casework.complete_task(
            case_id=found.case_id, task=task, outcome=outcome, reason="理由",
            basis="《食品经营许可和备案管理办法》第三十二条", actor=self.hall.approver, at=timezone.now(),
        )  # fmt: skip

    def held(self) -> tuple[certificates.CertificateRecord, ...]:
        return certificates.held(OWN, at=timezone.now(), type_code="food-permit")


@pytest.fixture
def street() -> Iterator[Street]:
    with intake_kit.registers(**{f"id_{FIRM_CODE}": REGISTERED}):
        place = intake_kit.hall()
        intake_kit.certify(place, "food-permit")
        intake_kit.offer(place, code=ITEM, case_kind=CaseKind.PROMISED)
        intake_kit.certified(ITEM, kind="food-permit", renews="permit_number")
        yield Street(hall=place, firm=intake_kit.firm())


class TestInTime:
    @pytest.mark.parametrize("left", [90, 40, 15])
    def test_is_granted_at_once_under_the_same_number(self, street: Street, left: int) -> None:
        former = permit(street.hall, left=left)

        found = street.send(street.begun())

        assert found.is_hands_free
        latest, before = street.held()
        assert (latest.serial, latest.edition) == (former.serial, 2)
        assert latest.is_valid
        assert latest.values == former.values
        assert latest.predecessor_id == former.id
        assert (before.ending, before.ended_because) == ("05", "延续换发")
        assert Application.objects.get().certificate_id == latest.id

    def test_both_versions_lead_to_one_another_when_they_are_checked(self, street: Street) -> None:
        former = permit(street.hall, left=40)
        street.send(street.begun())
        latest = street.held()[0]

        pages = {
            one.edition: text(browser(street.firm.delegate).get(f"/certificates/verify/?number={one.number}"))
            for one in (former, latest)
        }

        assert f"number={latest.number}" in pages[1]
        assert "延续换发" in pages[1]
        assert f"number={former.number}" in pages[2]

    def test_nothing_that_is_held_is_typed(self, street: Street) -> None:
        former = permit(street.hall, left=40)
        asked = casework.form_questions(draft_id=street.begun(), actor=street.firm.delegate)

        shown = {one.key: (one.value, one.is_typed) for one in asked}

        assert shown["permit_number"] == (former.serial, False)
        assert shown["place"] == (FOOD["place"], False)
        assert shown["renewal"] == ("申请期内", False)
        assert shown["days_left"] == ("40", False)
        assert {key for key, (_value, is_typed) in shown.items() if is_typed} <= {
            "changes", "changed", "promise",
        }  # fmt: skip

    def test_sent_twice_it_is_renewed_once(self, street: Street) -> None:
        permit(street.hall, left=40)
        key = street.begun()

        first, again = street.send(key), street.send(key)

        assert first.id == again.id
        assert [one.edition for one in street.held()] == [2, 1]

    def test_another_form_that_was_begun_before_sends_nothing(self, street: Street) -> None:
        permit(street.hall, left=40)
        first, second = street.begun(), street.begun()
        street.send(first)

        with pytest.raises(certificates.CertificateEndedMeanwhile):
            street.send(second)

        assert len(street.held()) == 2

    def test_days_that_were_counted_yesterday_send_nothing(self, street: Street) -> None:
        permit(street.hall, left=15)
        key = street.begun()

        with pytest.raises(casework.ValuesOutdated):
            street.send(key, at=timezone.now() + timedelta(days=1))

        assert not Application.objects.exists()

    def test_what_has_changed_is_looked_at_by_a_person(self, street: Street) -> None:
        permit(street.hall, left=40)
        key = street.begun(CHANGED)

        found = street.send(key)

        assert street.verdicts(key)["conditions"] == "person"
        case = street.case(found)
        assert [task.task for task in case.open_tasks] == ["review"]
        assert {one.clock: one.value for one in case.clocks} == {"renewal": 40, "review": 20}
        assert street.decides(found, "review", "renew").state == "granted"
        outbox.deliver_due(at=timezone.now() + timedelta(minutes=1))
        assert [one.edition for one in street.held()] == [2, 1]

    @pytest.mark.article("行政许可法", 50)
    def test_what_nobody_decides_before_the_end_counts_as_renewed(self, street: Street) -> None:
        former = permit(street.hall, left=15)
        found = street.send(street.begun(CHANGED))
        assert former.active_to is not None

        casework.watch_clocks(at=former.active_to - timedelta(days=5))
        assert street.case(found).state == "open"
        casework.watch_clocks(at=former.active_to + timedelta(hours=1))

        assert street.case(found).state == "granted"
        outbox.deliver_due(at=former.active_to + timedelta(hours=2))
        assert [one.edition for one in street.held()] == [2, 1]

    def test_is_refused_by_a_person_and_the_permit_stays(self, street: Street) -> None:
        former = permit(street.hall, left=40)
        found = street.send(street.begun(CHANGED))

        assert street.decides(found, "review", "refuse").state == "refused"

        (held,) = street.held()
        assert (held.id, held.is_valid) == (former.id, True)


class TestOutOfTime:
    @pytest.mark.article("食品经营许可和备案管理办法", 32)
    @pytest.mark.parametrize(("left", "verdict"), [(91, "fail"), (14, "person"), (1, "person")])
    def test_nothing_is_granted_of_itself(self, street: Street, left: int, verdict: str) -> None:
        permit(street.hall, left=left)
        key = street.begun()

        found = street.send(key)

        assert street.verdicts(key)["timing"] == verdict
        assert [task.task for task in street.case(found).open_tasks] == ["examination"]
        assert len(street.held()) == 1

    def test_of_one_that_has_ended_it_says_why_and_cannot_be_granted(self, street: Street) -> None:
        permit(street.hall, left=0, days=3)
        key = street.begun()

        found = street.send(key)

        assert street.verdicts(key)["timing"] == "fail"
        with pytest.raises(NothingToRenew):
            street.decides(found, "examination", "renew")
        assert street.decides(found, "examination", "refuse").state == "refused"
        said = Application.objects.get().checks.get(check_code="timing")
        assert "应当申请新的许可" in said.words[0]

    def test_late_is_not_granted_by_silence(self, street: Street) -> None:
        former = permit(street.hall, left=3)
        found = street.send(street.begun())
        assert former.active_to is not None

        casework.watch_clocks(at=former.active_to + timedelta(days=60))

        assert street.case(found).state == "open"
        assert street.decides(found, "examination", "renew").state == "granted"
        outbox.deliver_due(at=timezone.now() + timedelta(minutes=1))
        assert street.held()[0].edition == 2


class TestOthers:
    def test_permits_fill_nothing_and_are_not_renewed(self, street: Street) -> None:
        other = certificates.Holder.enterprise(name="别家", credit_code=trust.credit_code(910_078))
        former = permit(street.hall, left=40, holder=other)

        found = street.send(street.begun())

        assert not found.is_hands_free
        with pytest.raises(NothingToRenew):
            street.decides(found, "examination", "renew")
        (held,) = certificates.held(other, at=timezone.now(), type_code="food-permit")
        assert (held.id, held.is_valid) == (former.id, True)

    def test_one_that_was_revoked_meanwhile_is_not_renewed(self, street: Street) -> None:
        former = permit(street.hall, left=40)
        found = street.send(street.begun(CHANGED))
        certificates.revoke(
            certificate_id=former.id,
            ending=certificates.Ending.REVOKED,
            reason="登记事项不实",
            actor=street.hall.head,
            at=timezone.now(),
        )

        assert text(browser(street.hall.approver).get(f"/cases/{found.case_id}/"))
        with pytest.raises(NothingToRenew):
            street.decides(found, "review", "renew")


class TestHint:
    def test_the_holder_reads_until_when_and_is_led_to_the_item(self, street: Street) -> None:
        former = permit(street.hall, left=40)
        client, guide = browser(street.firm.delegate), reverse("services:item-guide", args=[ITEM])

        cards, page = text(client.get("/certificates/")), text(client.get(f"/certificates/{former.id}/"))
        client.cookies["django_language"] = "en"
        english = text_of(client.get(f"/certificates/{former.id}/"))

        assert guide in cards
        assert "申请延续" in cards
        assert guide in page
        assert "第三十二条" in page
        assert "Its renewal can be asked for from" in english

    def test_late_he_reads_what_follows(self, street: Street) -> None:
        former = permit(street.hall, left=3)
        client = browser(street.firm.delegate)

        assert "暂停食品经营活动" in text(client.get(f"/certificates/{former.id}/"))

    @pytest.mark.parametrize("left", [91, 0])
    def test_too_early_or_after_the_end_there_is_none(self, street: Street, left: int) -> None:
        former = permit(street.hall, left=left, days=3)
        client, guide = browser(street.firm.delegate), reverse("services:item-guide", args=[ITEM])

        assert guide not in text(client.get("/certificates/"))
        assert guide not in text(client.get(f"/certificates/{former.id}/"))

    def test_officials_are_not_led_there(self, street: Street) -> None:
        former = permit(street.hall, left=40)
        guide = reverse("services:item-guide", args=[ITEM])

        assert guide not in text(browser(street.hall.approver).get(f"/certificates/{former.id}/"))

    def test_without_an_item_there_is_none(self, street: Street) -> None:
        permit(street.hall, left=40)
        intake_kit.retire(ITEM)

        assert "申请延续" not in text(browser(street.firm.delegate).get("/certificates/"))
