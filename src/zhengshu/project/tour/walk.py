"""The steps of the tour, in the order in which a real sharing goes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.utils import timezone

from zhengshu.client import CallRefused, Client, signed_headers
from zhengshu.client.calls import SECONDS_BETWEEN_TRIES
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.lake import api as lake
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.identity import GrantId, RequestId
from zhengshu.project.tour.cast import Cast
from zhengshu.project.tour.report import NotAsExpected, Report, expect

PURPOSE, OTHER_PURPOSE = "public_service", "statistics"
CASE = "TOUR-0001"
CALLS = 10
MOST_FIELDS = 4
SECONDS_TO_REVOKE = 1.0
PATIENCE = 10.0
"""Seconds that a busy machine is given to bring the gateway's knowledge up to date."""


@dataclass(slots=True)
class Walk:
    """What the steps hand to each other."""

    report: Report
    cast: Cast
    file: Path
    resource: str = ""
    key_column: str = ""
    keys: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    withheld: str = ""
    grant: GrantId | None = None
    answered: int = 0

    def catalogue(self) -> None:
        """Profile the file, let the catalogue propose its items, and draft the resource."""
        with self.report.step(
            "Profile the file", proves="columns are known by their content, not their name alone"
        ) as step:
            profile = lake.profile(source=self.file, file_name=self.file.name)
            proposals = catalog.propose_items(columns=profile.columns)
            known = [proposal.item.name for proposal in proposals if proposal.item.element_code]
            step.seen = f"{profile.rows} rows, {len(proposals)} columns; recognised: {', '.join(known)}"
        items = tuple(proposal.item for proposal in proposals)
        keys = [item for item in items if item.is_key]
        expect(keys, "no column of the file identifies a row by a credit code")
        self.key_column = keys[0].column
        sample = next(c for c, p in zip(profile.columns, proposals, strict=True) if p.item is keys[0])
        self.keys = tuple(value.strip() for value in sample.values if CreditCode.is_valid(value.strip()))[
            :CALLS
        ]
        self.granted = tuple(dict.fromkeys([self.key_column, *(item.column for item in items)]))[:MOST_FIELDS]
        others = [item.column for item in items if item.column not in self.granted]
        expect(others, f"the tour needs a file of more than {MOST_FIELDS} columns")
        self.withheld = others[0]
        with self.report.step(
            "Draft the resource", proves="every field of article 13 is stated or the draft is refused"
        ) as step:
            draft = catalog.ResourceDraft(
                name="企业登记基本信息",
                summary="市场监督管理部门登记的企业基本信息",
                classification="306001",
                items=items,
                format_category=catalog.FormatCategory.SPREADSHEET,
                format_type=self.file.suffix.lstrip("."),
                update_cycle=catalog.UpdateCycle.MONTHLY,
                sharing_class=catalog.SharingClass.CONDITIONAL,
                sharing_scope="全市各级行政机关",
                sharing_purposes="办理公共服务事项",
            )
            record = catalog.draft_resource(
                draft=draft, actor=self.cast.provider[Role.DATA_OFFICER], at=_now()
            )
            self.resource = record.code
            step.seen = f"{record.code} “{record.name}”, {len(items)} items"

    def publish(self) -> None:
        """Take the draft past the head and the data authority."""
        with self.report.step(
            "Publish it", proves="the head assesses, the data authority publishes (articles 12, 13, 16)"
        ) as step:
            provider, code = self.cast.provider, self.resource
            catalog.submit_resource(code=code, actor=provider[Role.DATA_OFFICER], at=_now())
            assessed = catalog.Assessments(secrecy_risk=True, personal_information=True)
            catalog.approve_resource(
                code=code, assessments=assessed, actor=provider[Role.DEPARTMENT_HEAD], at=_now()
            )
            record = catalog.publish_resource(code=code, actor=self.cast.authority[Role.REVIEWER], at=_now())
            step.seen = f"version {record.version}, {record.state}"

    def collect(self) -> None:
        """Deliver the file."""
        with self.report.step(
            "Collect the file",
            proves="what cannot be read is set aside with a reason; readers see all or nothing",
        ) as step:
            batch = lake.collect(
                resource_code=self.resource,
                source=self.file,
                file_name=self.file.name,
                actor=self.cast.provider[Role.DATA_OFFICER],
                at=_now(),
            )
            expect(batch.accepted > 0, "no row was accepted")
            step.seen = f"{batch.rows} rows: {batch.accepted} accepted, {batch.set_aside} set aside"

    def request(self) -> None:
        """Ask, sign, answer, deliver."""
        consumer, provider = self.cast.consumer, self.cast.provider
        with self.report.step(
            "Request it", proves="basis, scenario, purpose, fields and time are stated (article 20)"
        ) as step:
            statement = exchange.Statement(
                legal_basis="《中华人民共和国社会保险法》第五十七条",
                scenario="办理企业社会保险登记时核对登记信息",
                purpose=PURPOSE,
                columns=self.granted,
                valid_until=_now() + timedelta(days=30),
                per_second=100,
                system_id=self.cast.system_id,
                is_declared=True,
            )
            officer = consumer[Role.DATA_OFFICER]
            request = exchange.draft_request(
                resource_code=self.resource, statement=statement, actor=officer, at=_now()
            )
            exchange.submit_request(request_id=request, actor=officer, at=_now())
            exchange.approve_request(
                request_id=request, is_approved=True, actor=consumer[Role.DEPARTMENT_HEAD], at=_now()
            )
            step.seen = f"{len(self.granted)} fields for “{PURPOSE}”, signed by the head"
        with self.report.step(
            "Answer and grant", proves="a yes becomes a grant that says who, what, for what, how long"
        ) as step:
            self._answer(request)
            grant = (
                exchange.grant(grant_id=self.grant, actor=provider[Role.DATA_OFFICER], at=_now())
                if self.grant
                else None
            )
            expect(grant, "there is no grant")
            step.seen = f"grant {self.grant}: {', '.join(self.granted)}"

    def _answer(self, request: RequestId) -> None:
        officer = self.cast.provider[Role.DATA_OFFICER]
        agreed = exchange.Answer(kind=exchange.AnswerKind.AGREE)
        exchange.answer_request(request_id=request, answer=agreed, actor=officer, at=_now())
        state = exchange.request(request_id=request, actor=officer).state
        if state is exchange.RequestState.AUTHORITY_REVIEW:
            reviewer = self.cast.authority[Role.REVIEWER]
            exchange.review_request(request_id=request, is_confirmed=True, actor=reviewer, at=_now())
        self.grant = exchange.deliver_request(request_id=request, actor=officer, at=_now())

    def call(self, gateway: str) -> None:
        """Call as the consuming system does."""
        client = Client(gateway, self.cast.key_id, self.cast.secret, patience=PATIENCE, language="en")
        with self.report.step(
            f"{CALLS} signed calls",
            proves="only granted fields come back, masked by grade, each with a receipt",
        ) as step:
            keys = [self.keys[number % len(self.keys)] for number in range(CALLS)]
            answers = [
                client.records(self.resource, key={self.key_column: key}, purpose=PURPOSE, case=CASE)
                for key in keys
            ]
            expect(all(answer.rows for answer in answers), "a key of the file found no row")
            expect(
                {frozenset(row) for answer in answers for row in answer.rows} == {frozenset(self.granted)},
                "other fields came back",
            )
            self.answered = len(answers)
            fields = ", ".join(self.granted)
            step.seen = f"{self.answered} answers of {fields}; first row {dict(answers[0].rows[0])}"
        self._refused(
            "Another purpose",
            "article 25: no other purpose than the one agreed",
            lambda: client.records(
                self.resource, key={self.key_column: self.keys[0]}, purpose=OTHER_PURPOSE, case=CASE
            ),
        )
        self._refused(
            "Another field",
            "no wider scope than granted",
            lambda: client.records(
                self.resource,
                key={self.key_column: self.keys[0]},
                fields=[self.withheld],
                purpose=PURPOSE,
                case=CASE,
            ),
        )
        self._replayed(gateway)
        self._revoked(client)

    def _refused(self, name: str, proves: str, call: Callable[[], object]) -> None:
        with self.report.step(name, proves=proves) as step:
            step.seen = _refusal(call)

    def _replayed(self, gateway: str) -> None:
        with self.report.step(
            "The same call sent twice", proves="a recorded call cannot be played again"
        ) as step:
            url = f"{gateway}/v1/resources/{self.resource}/records?key.{self.key_column}={self.keys[0]}"
            headers = signed_headers(
                "GET", url, key_id=self.cast.key_id, secret=self.cast.secret, purpose=PURPOSE, case=CASE
            )
            expect(_status(url, headers) == HTTPStatus.OK, "the first call was not answered")
            self.answered += 1
            second = _status(url, headers)
            expect(400 <= second < 500, f"the second call got {second}")  # noqa: PLR2004 - HTTP
            step.seen = f"200, then {second}"

    def _revoked(self, client: Client) -> None:
        if self.grant is None:
            return
        with self.report.step(
            "Revoke the grant", proves="a revocation reaches every gateway within a second"
        ) as step:
            exchange.revoke_grant(
                grant_id=self.grant,
                reason="用途已完成",
                consultation="已与市人力资源和社会保障局商定停止共享",
                filing="数据局备案2026-001",
                actor=self.cast.provider[Role.DATA_OFFICER],
                at=_now(),
            )
            revoked = time.perf_counter()
            while True:
                waited = time.perf_counter() - revoked
                try:
                    client.records(
                        self.resource, key={self.key_column: self.keys[0]}, purpose=PURPOSE, case=CASE
                    )
                except CallRefused as refusal:
                    step.seen = f"refused after {waited:.3f} s: {refusal.code}"
                    return
                self.answered += 1
                expect(waited < SECONDS_TO_REVOKE, f"still answered {waited:.1f} s after the revocation")

    def _ask(self, client: Client) -> None:
        client.records(self.resource, key={self.key_column: self.keys[0]}, purpose=PURPOSE, case=CASE)

    def compare(self) -> None:
        """Let both sides count."""
        with self.report.step(
            "Both sides see it", proves="provider and consumer hold the same record of every call"
        ) as step:
            query = ListQuery(size=200)
            sides = [
                exchange.calls(query=query, actor=office[Role.DATA_OFFICER]).rows
                for office in (self.cast.provider, self.cast.consumer)
            ]
            expect([call.id for call in sides[0]] == [call.id for call in sides[1]], "the two sides differ")
            answered = sum(call.is_answered for call in sides[0])
            expect(
                answered == self.answered, f"{self.answered} calls were answered, {answered} are on record"
            )
            step.seen = f"{len(sides[0])} calls on record, {answered} answered, on both sides"


def _now() -> datetime:
    return timezone.now()


def _refusal(call: Callable[[], object]) -> str:
    try:
        call()
    except CallRefused as refusal:
        return f"{refusal.status} {refusal.code}: {refusal.title}"
    message = "the call was answered"
    raise NotAsExpected(message)


def _status(url: str, headers: dict[str, str]) -> int:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(Request(url, headers=headers), timeout=10) as answer:  # noqa: S310 - our own gateway
                return int(answer.status)
        except HTTPError as fault:
            if fault.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() >= end:
                return fault.code
        time.sleep(SECONDS_BETWEEN_TRIES)
