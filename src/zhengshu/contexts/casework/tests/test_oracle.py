"""Who sees what: every door to cases against a slow oracle in plain Python, in random worlds.

The oracle knows only what was done to make the world. Each list, count, facet, file, search, page and call of the API
must show its reader exactly what the oracle says, and must not tell a case that he may not see from one that is not.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import Applicant
from zhengshu.contexts.casework.application.save_filter import counted_filters, save_filter
from zhengshu.contexts.casework.application.search_cases import search_cases
from zhengshu.contexts.casework.models import Case, CaseParty, Task
from zhengshu.contexts.casework.tests import factories, licences
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId, DepartmentId, new_id

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]

WORKING = {
    Role.DATA_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.REVIEWER,
    Role.WINDOW_CLERK,
    Role.APPROVER,
    Role.LEADER,
}
WATCHING = {Role.REVIEWER, Role.LEADER}
TITLES = ("养老保险参保", "机动车登记", "排污许可", "教师资格", "公积金缴存", "婚姻登记")
CASE_LINK = re.compile(r'href="/cases/([0-9a-f-]{36})/"')
TODAY = timezone.now().replace(microsecond=0)

officials = st.tuples(st.integers(0, 5), st.sets(st.sampled_from(sorted(WORKING)), min_size=1, max_size=2))
others = st.tuples(st.integers(0, 5), st.just({Role.OPERATOR}))
shares = st.tuples(st.just("share"), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3))
permits = st.tuples(st.just("licence"), st.integers(0, 5), st.integers(0, 3), st.integers(0, 3))


@dataclass(frozen=True, kw_only=True)
class Plan:
    readers: list[tuple[int, set[Role]]]
    cases: list[tuple[str, int, int, int]]


plans = st.builds(
    Plan,
    readers=st.lists(officials | others, min_size=4, max_size=6),
    cases=st.lists(shares | permits, min_size=3, max_size=len(TITLES)),
)


@dataclass(kw_only=True)
class Known:
    """What the oracle knows of a case."""

    id: UUID
    number: str
    title: str
    opener: UUID
    opener_department: UUID | None
    parties: set[UUID]
    watchers: set[UUID] = field(default_factory=set)
    applicant: UUID | None = None
    enterprise: UUID | None = None
    is_open: bool = True


def sees(actor: Actor, case: Known) -> bool:
    """Say by rule of thumb whether somebody may see a case."""
    if actor.department_id is None:
        if case.enterprise is not None:
            return Role.ENTERPRISE_DELEGATE in actor.roles and case.enterprise in actor.enterprise_ids
        return Role.CITIZEN in actor.roles and case.applicant == actor.id
    if not actor.roles & WORKING:
        return case.opener == actor.id and case.opener_department == actor.department_id
    if actor.department_id in case.parties or actor.department_id == case.opener_department:
        return True
    return bool(actor.roles & WATCHING) and actor.department_id in case.watchers


class World:
    """Six departments of two cities, the first of each its data authority; people; cases."""

    def __init__(self, plan: Plan) -> None:
        factories.load_types(at=TODAY)
        api.load_case_types(folder=licences.PACKS, at=TODAY)
        here = trust.department(is_data_authority=True)
        there = trust.department(region="470400", is_data_authority=True)
        self.departments: list[DepartmentId] = [
            here.id,
            *(trust.department(parent_id=here.id).id for _ in range(2)),
            there.id,
            *(trust.department(region="470400", parent_id=there.id).id for _ in range(2)),
        ]
        self.authority = {
            one: here.id if place < 3 else there.id for place, one in enumerate(self.departments)
        }
        enterprise = trust_api.add_enterprise(
            code=trust.credit_code(910_001), name="云岭食品有限公司", actor=trust.PLATFORM, at=TODAY
        )
        self.private = [
            licences.citizen("ada", licences.ADA),
            licences.citizen("bai", licences.BAI),
            licences.delegate("cao", licences.CAO, enterprise_id=enterprise),
        ]
        self.accounts = [
            trust.account(*sorted(roles), department_id=self.departments[place])
            for place, roles in plan.readers
        ]
        self.readers = [trust_api.actor_of(official_id=one.pk) for one in self.accounts]
        self.cases = [self.opened(place, step) for place, step in enumerate(plan.cases)]

    def opened(self, place: int, step: tuple[str, int, int, int]) -> Known:
        kind, first, second, after = step
        title = TITLES[place]
        make = self.share if kind == "share" else self.licence
        case = make(title, first, second, at=TODAY - timedelta(days=place * 3, hours=place))
        (self.nothing, self.returned, self.ended, self.joined)[after](case)
        return case

    def share(self, title: str, first: int, second: int, *, at: datetime) -> Known:
        requester, provider = self.departments[first], self.departments[second]
        parties = {"requester": requester, "provider": provider, "authority": self.authority[provider]}
        opener = factories.person(Role.DATA_OFFICER, department_id=requester)
        record = api.open_case(
            case_type="share-request",
            subject=factories.subject(title),
            parties=parties,
            data={"sharing_class": "conditional"},
            actor=opener,
            at=at,
        )
        watchers: set[UUID] = {self.authority[one] for one in parties.values()}
        return Known(
            id=record.id, number=record.number, title=title, opener=opener.id, opener_department=requester,
            parties=set(parties.values()), watchers=watchers,
        )  # fmt: skip

    def licence(self, title: str, first: int, second: int, *, at: datetime) -> Known:
        office = self.departments[first]
        person = self.private[second % 3]
        is_at_window = second == 3
        enterprise = next(iter(person.enterprise_ids), None)
        opener = factories.person(Role.WINDOW_CLERK, department_id=office) if is_at_window else person
        applicant = Applicant(account_id=person.id, enterprise_id=enterprise) if is_at_window else None
        record = api.open_case(
            case_type="licence",
            subject=factories.subject(title),
            parties={"office": office},
            data={},
            applicant=applicant,
            actor=opener,
            at=at,
        )
        return Known(
            id=record.id, number=record.number, title=title, opener=opener.id,
            opener_department=opener.department_id, parties={office}, watchers={self.authority[office]},
            applicant=person.id, enterprise=enterprise,
        )  # fmt: skip

    def nothing(self, case: Known) -> None:
        """Leave the case as it is."""

    def returned(self, case: Known) -> None:
        """Take a department's part away, as when another takes it."""
        gone = max(case.parties)
        CaseParty.objects.filter(case_id=case.id, department_id=gone, is_supervisor=False).delete()
        Task.objects.filter(case_id=case.id, department_id=gone).update(state=Task.State.CANCELLED)
        case.parties.discard(gone)

    def ended(self, case: Known) -> None:
        """End the case as the platform may."""
        row = Case.objects.get(pk=case.id)
        row.state, row.closed_at = "withdrawn", TODAY
        row.due_at = row.yellow_at = None
        row.save()
        Task.objects.filter(case_id=case.id).update(state=Task.State.CANCELLED)
        case.is_open = False

    def joined(self, case: Known) -> None:
        """Let one more department take part, as consulted ones do."""
        more = self.departments[-1]
        CaseParty.objects.create(case_id=case.id, name="consulted", department_id=more)
        case.parties.add(more)


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(plan=plans)
def test_every_door_agrees_with_the_oracle(plan: Plan) -> None:
    with transaction.atomic():
        world = World(plan)
        for account, reader in zip(world.accounts, world.readers, strict=True):
            visible = {case.id: case for case in world.cases if sees(reader, case)}
            agree_queries(world, reader, visible)
            client = Client()
            client.force_login(account)
            if reader.roles & WORKING:
                agree_pages(world, client, reader, visible)
                agree_files(client, visible)
                agree_api(world, client, visible)
            else:
                agree_closed(world, client)
        agree_deputies(world)
        for person in world.private:
            agree_queries(world, person, {case.id: case for case in world.cases if sees(person, case)})
        transaction.set_rollback(True)


def to_dos(reader: Actor) -> set[tuple[UUID, UUID]]:
    """Return the to-dos of somebody's inbox, each with its case."""
    rows = api.inbox(actor=reader, query=ListQuery(size=200), at=TODAY).rows
    return {(task.id, task.case_id) for task in rows}


def agree_deputies(world: World) -> None:
    """Let a colleague stand in for each reader: he may do what the absent one may, and sees no other case by it."""
    for absent in world.readers:
        if not absent.roles & WORKING:
            continue
        account = trust.account(Role.WINDOW_CLERK, department_id=absent.department_id)
        deputy = trust_api.actor_of(official_id=account.pk)
        visible = {case.id: case for case in world.cases if sees(deputy, case)}
        expected = to_dos(deputy) | {key for key in to_dos(absent) if key[1] in visible}
        api.declare_absence(
            deputy_id=deputy.id,
            active_from=TODAY - timedelta(hours=1),
            active_to=TODAY + timedelta(days=1),
            actor=absent,
            at=TODAY,
        )
        assert to_dos(deputy) == expected
        agree_queries(world, deputy, visible)


def agree_queries(world: World, reader: Actor, visible: dict[UUID, Known]) -> None:
    """Compare lists, counts, facets, searches and saved filters."""
    assert set(Case.objects.visible_to(reader).values_list("pk", flat=True)) == set(visible)
    locked = {case.id for case in world.cases if Case.objects.locked_for(reader, case_id=case.id)}
    assert locked == set(visible)
    listed = search_cases(query=ListQuery(size=200), actor=reader, at=TODAY)
    assert {row.id for row in listed.rows} == set(visible)
    assert listed.total == len(visible)
    assert sum(listed.facets["type"].values()) == len(visible)
    assert listed.facets["state"].get("open", 0) == sum(case.is_open for case in visible.values())
    assert sum(api.lights(actor=reader, at=TODAY).values()) == sum(case.is_open for case in visible.values())
    for case in world.cases:
        expected = {case.id} & set(visible)
        for words in (case.title, case.number, case.title[1:4]):
            found = search_cases(query=ListQuery(text=words), actor=reader, at=TODAY)
            assert {row.id for row in found.rows if row.subject.title == case.title} == expected
            assert {row.id for row in found.rows} <= set(visible)
            assert found.total == len(found.rows)
    for department in world.departments:
        query = ListQuery(filters={"party": (str(department),)})
        parts = {key for key, case in visible.items() if reads_as_party(case, department)}
        assert {row.id for row in search_cases(query=query, actor=reader, at=TODAY).rows} == parts
        if reader.department_id is not None:
            save_filter(name="当事方", is_shared=True, query=query, actor=reader, at=TODAY)
            own = [one for one in counted_filters(most=9, actor=reader, at=TODAY) if one.is_own]
            assert [one.count for one in own] == [(len(parts), False)]
    assert {
        task.case_id for task in api.inbox(actor=reader, query=ListQuery(size=200), at=TODAY).rows
    } <= set(visible)


def reads_as_party(case: Known, department: UUID) -> bool:
    return department in case.parties or department == case.opener_department


def agree_pages(world: World, client: Client, reader: Actor, visible: dict[UUID, Known]) -> None:
    """Compare the list pages, and each page of each case; what is hidden answers as what does not exist."""
    started = {key for key, case in visible.items() if case.opener_department == reader.department_id}
    for name, expected in (("supervision", set(visible)), ("started", started)):
        answer = client.get(reverse(f"casework:{name}"), {"size": "200"})
        assert {UUID(key) for key in CASE_LINK.findall(answer.content.decode())} == expected
    assert {
        UUID(key) for key in CASE_LINK.findall(client.get(reverse("casework:inbox")).content.decode())
    } <= set(visible)
    for name in ("case-detail", "case-flow", "case-flow-file"):
        nowhere = client.get(reverse(f"casework:{name}", args=[new_id()]))
        assert nowhere.status_code == 404
        for case in world.cases:
            answer = client.get(reverse(f"casework:{name}", args=[case.id]))
            assert answer.status_code == (200 if case.id in visible else 404)
            if case.id not in visible:
                assert case.title not in answer.content.decode()
                assert case.number not in answer.content.decode()


def agree_files(client: Client, visible: dict[UUID, Known]) -> None:
    """Compare both forms of file."""
    numbers = {case.number for case in visible.values()}
    answer = client.get(reverse("casework:supervision-export", args=["csv"]))
    text = answer.getvalue().decode("utf-8-sig")
    assert {line[0] for line in list(csv.reader(io.StringIO(text)))[1:]} == numbers
    answer = client.get(reverse("casework:supervision-export", args=["xlsx"]))
    book = load_workbook(io.BytesIO(answer.getvalue()), read_only=True)
    assert {row[0] for row in list(book.worksheets[0].iter_rows(values_only=True))[1:]} == numbers


def agree_api(world: World, client: Client, visible: dict[UUID, Known]) -> None:
    """Compare the management API."""
    listed = client.get("/api/casework/cases", {"size": 200}).json()
    assert {UUID(row["id"]) for row in listed["rows"]} == set(visible)
    assert listed["total"] == len(visible)
    inbox = client.get("/api/casework/inbox", {"size": 200}).json()
    assert {UUID(row["case_id"]) for row in inbox["rows"]} <= set(visible)
    for case in world.cases:
        answer = client.get(f"/api/casework/cases/{case.id}")
        assert answer.status_code == (200 if case.id in visible else 404)
        if case.id not in visible:
            missing = client.get(f"/api/casework/cases/{new_id()}").json()
            assert {**answer.json(), "instance": ""} == {**missing, "instance": ""}


def agree_closed(world: World, client: Client) -> None:
    """Whoever does not work with cases is refused the same whether a case exists or not."""
    ids = [*(case.id for case in world.cases), new_id()]
    pages = {client.get(reverse("casework:case-detail", args=[one])).status_code for one in ids}
    calls = {client.get(f"/api/casework/cases/{CaseId(one)}").status_code for one in ids}
    assert pages == calls == {403}
