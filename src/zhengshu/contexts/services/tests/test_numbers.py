"""Figures for leaders: what is counted, by whom it is seen, and that each opens down to its cases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.api import FormVerdict as Verdict
from zhengshu.contexts.casework.api import Words
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.count_application import count_end, count_sending
from zhengshu.contexts.services.application.number_facts import BY
from zhengshu.contexts.services.application.open_figure import CountedRow, open_figure
from zhengshu.contexts.services.application.see_numbers import see_numbers
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.numbers import CODES, SHARES, Figure, days_saved, total
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models import (
    Application,
    ItemVersion,
    Material,
    PreReviewCheck,
    Rating,
    RatingCell,
    ServiceItem,
)
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

ALL = ListQuery()


def shown(code: str) -> st.SearchStrategy[Figure]:
    """Return a figure as one cell may have it: a share is never more than its whole."""
    value = st.integers(0, 30)
    if code not in SHARES:
        return st.builds(Figure, value=value, cases=value)
    return st.tuples(value, value).map(
        lambda two: Figure(value=min(two), whole=max(two), cases=min(two)),
    )


def parts() -> st.SearchStrategy[list[dict[str, Figure]]]:
    return st.lists(st.fixed_dictionaries({}, optional={code: shown(code) for code in CODES}), max_size=20)


class TestFigures:
    @given(parts(), parts())
    def test_parts_sum_to_the_whole(
        self, some: list[dict[str, Figure]], others: list[dict[str, Figure]]
    ) -> None:
        assert total([total(some), total(others)]) == total([*some, *others])
        assert total([]) == total([{}])

    @given(parts())
    def test_a_share_is_never_more_than_its_whole(self, known: list[dict[str, Figure]]) -> None:
        found = total(known)

        assert set(found) == set(CODES)
        assert {code for code, one in found.items() if one.whole is not None} == SHARES
        assert all(0 <= one.share <= 1 for one in found.values() if one.share is not None)

    @given(st.integers(0, 60), st.integers(0, 60))
    def test_days_saved_are_never_less_than_none(self, limit: int, took: int) -> None:
        law = ItemLimit(value=limit, unit=LimitUnit.DAYS)

        saved = days_saved(law, submitted_at=AT, decided_at=AT + timedelta(days=took))

        assert saved == max(0, limit - took)
        assert days_saved(None, submitted_at=AT, decided_at=AT) == 0


def streamed(response: object) -> Iterator[bytes]:
    """Return what a download sends."""
    assert isinstance(response, StreamingHttpResponse)
    content = response.streaming_content
    assert isinstance(content, Iterator)
    yield from content


def item(department_id: UUID, code: str) -> ServiceItem:
    row = ServiceItem.objects.create(
        code=code, name=f"事项{code}", department_id=department_id, department_name="许可局", level="3", kind="01",
        audiences=["1"], case_kind="2", case_type=code, state="published", origin="content", changed_at=AT,
    )  # fmt: skip
    elements = {
        "statutory": {"value": 20, "unit": "days"},
        "outcomes": [{"name": "许可证", "certificate_type": "food-permit"}],
    }
    version = ItemVersion.objects.create(
        item=row, number=1, state="draft", effective_from=AT.date(), elements=elements, changed_at=AT
    )
    for place, source in enumerate(("register", "certificate", "applicant")):
        kind = "business-licence" if source == "certificate" else ""
        Material.objects.create(
            version=version, position=place, name=source, source=source, certificate_type=kind
        )
    return row


def application(
    row: ServiceItem,
    *,
    state: str = "granted",
    channel: str = "3",
    took: int = 2,
    findings: Sequence[casework.Finding] = (),
) -> Application:
    one = Application(
        number=f"N{new_id().hex}", item=row, item_version=1, case_type=row.case_type, case_id=new_id(),
        draft_id=new_id(), channel=channel, applicant_id=new_id(), opened_by=new_id(),
        department_id=row.department_id or new_id(), verdict="pass", is_hands_free=took == 0, state=state,
        submitted_at=AT,
        decided_at=None if state == "open" else AT + timedelta(days=took),
    )  # fmt: skip
    count_sending(one, row.versions.get(), findings)
    one.save()
    if state != "open":
        count_end(one)
    return one


def bad_rating(head: Actor, *, is_mended: bool) -> Rating:
    """Let the department of a head have been rated badly."""
    assert head.department_id is not None
    cell, _new = RatingCell.objects.get_or_create(
        department_id=head.department_id,
        department_name="许可局",
        item_code="s5-a",
        item_name="事项s5-a",
        window="",
    )
    cell.taken += 1
    cell.save()
    return Rating.objects.create(
        cell=cell, place=cell.taken, level="5", stars=1, channel="pc", given_on=AT.date(),
        rectification_id=new_id(), rectification_number=f"PJ{cell.taken}", desk_id=new_id(),
        rectified_as="mended" if is_mended else "", rectified_at=AT if is_mended else None,
    )  # fmt: skip


def every_row(figure: str, query: ListQuery, reader: Actor) -> list[CountedRow]:
    """Return what a figure opens down to, page after page."""
    first = open_figure(figure=figure, query=query, actor=reader, at=AT)
    pages = (replace(query, page=number) for number in range(2, first.pages + 1))
    more = [open_figure(figure=figure, query=one, actor=reader, at=AT).rows for one in pages]
    return [*first.rows, *(row for rows in more for row in rows)]


@pytest.mark.django_db
class TestNumbers:
    def world(self) -> tuple[Actor, Actor, Actor]:
        office, other = factories.department(), factories.department()
        row = item(office.id, "s5-a")
        application(row)
        application(row, took=0)
        application(row, state="refused", channel="1")
        findings = [
            casework.Finding(
                check=f"c{place}", verdict=verdict, name=Words(zh="查", en="c"), words=Words(zh=""), basis=""
            )
            for place, verdict in enumerate((Verdict.PASS, Verdict.FAIL, Verdict.PERSON))
        ]
        sent = application(row, state="open", findings=findings)
        application(item(other.id, "s5-b"))
        for place, one in enumerate(findings):
            PreReviewCheck.objects.create(
                application=sent, position=place, check_code=one.check, verdict=one.verdict.value,
                name=[one.name.zh, one.name.en], words=["", ""], at=AT,
            )  # fmt: skip
        return (
            factories.actor(Role.LEADER),
            factories.actor(Role.DEPARTMENT_HEAD, department_id=office.id),
            factories.actor(Role.DEPARTMENT_HEAD, department_id=other.id),
        )

    def test_are_counted_by_hand(self) -> None:
        leader, _head, _other = self.world()
        query = ListQuery(filters={"item": ("s5-a",)})

        found = see_numbers(query=query, by="item", actor=leader, at=AT).figures

        assert {code: found[code].value for code in ("applications", "granted", "refused", "open", "instant")} == {
            "applications": 4, "granted": 2, "refused": 1, "open": 1, "instant": 1,
        }  # fmt: skip
        assert found["days"].value == (20 - 2) + (20 - 0)
        assert found["visits"].value == 3 + 2
        assert found["materials"].value == 4 * 2
        assert (found["checks"].value, found["checks"].whole) == (2, 3)
        assert found["kept"].whole == 0

    def test_a_head_counts_the_own_department_alone(self) -> None:
        leader, head, other = self.world()

        assert see_numbers(query=ALL, by="item", actor=head, at=AT).figures["applications"].value == 4
        assert see_numbers(query=ALL, by="item", actor=other, at=AT).figures["applications"].value == 1
        assert see_numbers(query=ALL, by="item", actor=leader, at=AT).figures["applications"].value >= 5

    def test_every_figure_opens_down_to_what_adds_up_to_it_whatever_is_chosen(self) -> None:
        leader, head, other = self.world()
        for mended in (True, False, True):
            bad_rating(head, is_mended=mended)
        everything = see_numbers(query=ALL, by="item", actor=head, at=AT)
        assert everything.figures["mended"] == Figure(value=2, whole=3, cases=2)
        own, month = str(head.department_id), everything.months[0]
        chosen = [
            {}, {"item": "s5-a"}, {"item": "s5-b"}, {"department": own}, {"department": "nonsense"},
            {"month": month}, {"month": "2026-13"}, {"item": "s5-a", "department": own, "month": month},
        ]  # fmt: skip

        for wanted, reader in [*((one, head) for one in chosen), ({}, leader), ({}, other)]:
            query = ListQuery(filters={name: (value,) for name, value in wanted.items()}, size=5)
            for code, figure in see_numbers(query=query, by="item", actor=reader, at=AT).figures.items():
                rows = every_row(code, query, reader)
                assert sum(row.value for row in rows) == figure.value, (code, wanted)

        assert open_figure(figure="nonsense", query=ALL, actor=head, at=AT).total == 0

    @pytest.mark.parametrize("by", BY)
    def test_groups_add_up_to_the_figures(self, by: str) -> None:
        leader, head, _other = self.world()
        bad_rating(head, is_mended=True)

        found = see_numbers(query=ALL, by=by, actor=leader, at=AT)

        assert total(found.groups.values()) == found.figures
        assert found.figures["mended"].value == 1

    def test_checks_and_rectifications_are_told_themselves(self) -> None:
        leader, head, other = self.world()
        bad_rating(head, is_mended=True)

        checks = every_row("checks", ALL, head)
        mended = every_row("mended", ALL, head)

        assert [(row.check, row.state) for row in checks] == [(("查", "c"), "pass"), (("查", "c"), "fail")]
        assert [(row.state, row.sent_at) for row in mended] == [("mended", None)]
        assert every_row("mended", ALL, leader) == mended
        assert (every_row("checks", ALL, other), every_row("mended", ALL, other)) == ([], [])

    def test_take_as_many_queries_for_many_as_for_few(self) -> None:
        office = factories.department()
        head = factories.actor(Role.DEPARTMENT_HEAD, department_id=office.id)
        row = item(office.id, "s5-q")

        def queries(more: int) -> int:
            for _ in range(more):
                application(row)
            with CaptureQueriesContext(connection) as seen:
                see_numbers(query=ALL, by="month", actor=head, at=AT)
            return len(seen)

        queries(1)
        assert queries(9) == queries(60)

    def test_the_page_its_table_and_the_interface_agree(self, client: Client) -> None:
        _leader, head, _other = self.world()
        client.force_login(factories.account_of(head))

        shown = client.get(reverse("services:numbers")).content.decode()
        table = b"".join(streamed(client.get(reverse("services:numbers-export") + "?by=item"))).decode()
        told = client.get("/api/services/numbers?by=item").json()

        assert "节省天数" in shown
        assert "事项s5-a,4,1,2,1,0,0,0,0,0,1,4,2,3,38,5,8,0,0" in table
        assert told["figures"]["days"]["value"] == 38
        assert told["groups"]["s5-a"]["applications"]["value"] == 4
        checks = client.get(reverse("services:numbers-cases") + "?figure=checks").content.decode()
        assert checks.count("ui-list-title") == 2
        opened = client.get("/api/services/numbers/days?item=s5-a").json()
        assert (opened["total"], sum(row["value"] for row in opened["rows"])) == (2, 38)

    def test_lead_to_a_case_only_whoever_may_open_it(self, client: Client) -> None:
        hall = kit.hall()
        kit.offer(hall, code="insured-certificate")
        draft = casework.prepare_form(
            case_type="insured-certificate",
            answers={"purpose": ("落户",)},
            actor=hall.citizen,
            at=timezone.now(),
        )
        sent = api.submit_application(
            draft_id=draft, channel=Channel.WEB, actor=hall.citizen, at=timezone.now()
        )
        case = reverse("casework:case-detail", args=[sent.case_id])
        found = {}
        for role in (Role.DEPARTMENT_HEAD, Role.LEADER):
            department_id = hall.approver.department_id if role is Role.DEPARTMENT_HEAD else None
            client.force_login(factories.account_of(factories.actor(role, department_id=department_id)))
            listed = client.get(reverse("services:numbers-cases") + "?figure=applications").content.decode()
            assert sent.number in listed
            found[role] = (case in listed, client.get(case).status_code)

        assert found == {Role.DEPARTMENT_HEAD: (True, 200), Role.LEADER: (False, 404)}

    def test_are_closed_to_everybody_else(self, client: Client) -> None:
        client.force_login(factories.account(Role.DATA_OFFICER))

        for name in ("numbers", "numbers-export", "numbers-cases"):
            assert client.get(reverse(f"services:{name}")).status_code == 403
        for path in ("numbers", "numbers/days"):
            assert client.get(f"/api/services/{path}").status_code == 403
