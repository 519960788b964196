"""A message that arrived is entered on the page of its case, by those whom the type names."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application import working
from zhengshu.contexts.casework.domain.completing import DataNotDeclared
from zhengshu.contexts.casework.message_events import MessageArrived
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.contexts.casework.tests.structured_flows import Page
from zhengshu.contexts.casework.tests.ten_packs import payment, write
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.events import Event
from zhengshu.foundation.files.tests import contents as made
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db

DATA = """
data:
  amount: {type: number, default: 0}
  way: {type: text, values: [bank, cash], default: bank}
  is_whole: {type: flag, default: false}
  note: {type: text, default: ""}
  secret: {type: text, default: ""}
incoming: {paid: {lanes: [officer], brings: [amount, way, is_whole, note]}}
"""
SENT = {"datum_amount": "120", "datum_way": "cash", "datum_is_whole": "yes", "datum_note": "窗口缴纳"}


def paid_for() -> tuple[str, Page]:
    rules, page = payment()
    return rules.replace("incoming: {paid: {lanes: [officer]}}", DATA), page


@pytest.fixture
def place(settings: LazySettings, tmp_path: Path) -> City:
    settings.MEDIA_ROOT = tmp_path / "media"
    return factories.city()


@pytest.fixture
def case(place: City, tmp_path: Path) -> api.CaseRecord:
    code = write(tmp_path, paid_for)
    assert api.check_case_type(folder=tmp_path / code) == ()
    api.load_case_types(folder=tmp_path / code, at=AT)
    return api.open_case(
        case_type=code,
        subject=factories.subject(),
        parties=place.parties,
        data={},
        actor=place.officer,
        at=AT,
    )


def client_of(role: Role, department_id: object) -> Client:
    client = Client()
    client.force_login(trust.account(role, department_id=department_id))  # type: ignore[arg-type]  # an id
    return client


def address(case: api.CaseRecord, event: str = "got") -> str:
    return reverse("casework:message-arrived", args=[case.id, event])


def detail(client: Client, case: api.CaseRecord) -> str:
    return client.get(reverse("casework:case-detail", args=[case.id])).content.decode()


class TestEntering:
    def test_the_case_says_what_it_waits_for_and_offers_it_to_those_who_may(
        self, place: City, case: api.CaseRecord
    ) -> None:
        ours = detail(client_of(Role.DATA_OFFICER, place.provider), case)
        theirs = detail(client_of(Role.DATA_OFFICER, place.requester), case)

        assert address(case) in ours
        assert address(case) not in theirs
        for shown in (ours, theirs):
            assert "办件正在等待" in shown
            assert "paid (zh-hans)" in shown
            assert "overdue (zh-hans)" in shown

    def test_what_came_moves_the_case_on_and_stands_in_it(self, place: City, case: api.CaseRecord) -> None:
        client = client_of(Role.DATA_OFFICER, place.provider)
        sent = {**SENT, "text": "已到账", "file": SimpleUploadedFile("回单.pdf", made.PDF)}

        shown = client.get(address(case)).content.decode()
        answer = client.post(address(case), sent)

        assert "cash (zh-hans)" in shown
        assert 'enctype="multipart/form-data"' in shown
        assert answer.headers["Location"] == reverse("casework:case-detail", args=[case.id])
        after = api.case(case_id=case.id, actor=place.provider_head, at=AT)
        assert after.state == "paid"
        row = Case.objects.get(pk=case.id)
        assert {name: row.data[name] for name in ("amount", "way", "is_whole", "note")} == {
            "amount": 120,
            "way": "cash",
            "is_whole": True,
            "note": "窗口缴纳",
        }
        happened = [step for step in after.timeline if step.kind == api.StepKind.EVENT_HAPPENED]
        assert [step.reason for step in happened] == ["已到账"]
        assert happened[0].actor_name
        assert [one.name for one in api.documents(case_id=case.id, actor=place.provider_head)] == ["回单.pdf"]

    def test_it_is_announced_for_the_audit(
        self, place: City, case: api.CaseRecord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard: list[Event] = []
        monkeypatch.setattr(working, "publish", lambda *events: heard.extend(events))

        client_of(Role.DATA_OFFICER, place.provider).post(address(case), SENT)

        assert [one.message for one in heard if isinstance(one, MessageArrived)] == ["paid"]

    @pytest.mark.parametrize(
        ("field", "value"), [("datum_amount", "many"), ("datum_way", "card"), ("datum_way", "")]
    )
    def test_what_does_not_fit_is_said_and_nothing_happens(
        self, place: City, case: api.CaseRecord, field: str, value: str
    ) -> None:
        answer = client_of(Role.DATA_OFFICER, place.provider).post(address(case), {**SENT, field: value})

        assert answer.status_code == 200
        assert 'class="errorlist"' in answer.content.decode() or 'role="alert"' in answer.content.decode()
        assert api.case(case_id=case.id, actor=place.officer, at=AT).is_open

    def test_a_file_of_another_kind_is_refused_and_nothing_happens(
        self, place: City, case: api.CaseRecord
    ) -> None:
        sent = {**SENT, "file": SimpleUploadedFile("a.pdf", b"<script>")}

        answer = client_of(Role.DATA_OFFICER, place.provider).post(address(case), sent)

        assert answer.status_code == 200
        assert api.case(case_id=case.id, actor=place.officer, at=AT).is_open

    def test_a_button_pressed_twice_does_it_once(self, place: City, case: api.CaseRecord) -> None:
        client = client_of(Role.DATA_OFFICER, place.provider)

        first = client.post(address(case), {**SENT, "key": "the-same"})
        second = client.post(address(case), {**SENT, "key": "the-same"})

        assert (first.status_code, second.status_code) == (302, 409)


class TestAbuse:
    def test_others_find_nothing_or_are_refused(self, place: City, case: api.CaseRecord) -> None:
        stranger = client_of(Role.DATA_OFFICER, place.stranger.department_id)
        party = client_of(Role.DATA_OFFICER, place.requester)
        head = client_of(Role.DEPARTMENT_HEAD, place.provider)

        assert stranger.post(address(case), SENT).status_code == 404
        assert party.post(address(case), SENT).status_code == 403
        assert head.post(address(case), SENT).status_code == 403
        assert Client().post(address(case), SENT).status_code == 302
        assert api.case(case_id=case.id, actor=place.officer, at=AT).is_open

    @pytest.mark.parametrize("event", ["overdue", "remind", "nothing"])
    def test_nothing_but_a_message_is_entered(self, place: City, case: api.CaseRecord, event: str) -> None:
        answer = client_of(Role.DATA_OFFICER, place.provider).post(address(case, event), SENT)

        assert answer.status_code in {403, 409}
        assert api.case(case_id=case.id, actor=place.officer, at=AT).is_open

    def test_no_official_sets_what_the_message_does_not_bring(
        self, place: City, case: api.CaseRecord
    ) -> None:
        with pytest.raises(DataNotDeclared):
            api.deliver_message(
                case_id=case.id, name="paid", data={"secret": "x"}, actor=place.provider_officer, at=AT
            )
        platform = Actor.platform("bank")

        after = api.deliver_message(case_id=case.id, name="paid", data={"secret": "x"}, actor=platform, at=AT)

        assert after.state == "paid"


class TestChecker:
    def test_what_a_message_brings_is_declared_and_named(self, tmp_path: Path) -> None:
        code = write(tmp_path, paid_for)
        rules = tmp_path / code / "type.yaml"
        rules.write_text(rules.read_text(encoding="utf-8").replace("note]", "nothing]"), encoding="utf-8")

        faults = {(one.code, one.element) for one in api.check_case_type(folder=tmp_path / code)}

        assert ("unknown-reference", "incoming.paid.brings") in faults
        assert ("name-superfluous", "data.note.name") in faults
