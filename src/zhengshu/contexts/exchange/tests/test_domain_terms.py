from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from zhengshu.contexts.exchange.domain.refusals import (
    CallRefused,
    CaseMissing,
    FieldNotGranted,
    GrantExpired,
    GrantNotActiveYet,
    GrantRevoked,
    KeyMissing,
    KeyUnknown,
    OperationNotGranted,
    PurposeNotGranted,
    ResourceNotGranted,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition, Operator
from zhengshu.contexts.exchange.domain.terms import Ask, GrantedField, Operation, Terms, judge
from zhengshu.kernel.masks import Mask

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIELDS = {
    column: GrantedField(name=column, column=column, grade=2, mask=Mask.NONE) for column in ("name", "phone")
}
TERMS = Terms(
    id=uuid4(),
    system_id=uuid4(),
    consumer_department_id=uuid4(),
    provider_department_id=uuid4(),
    resource_code="306001-00001",
    view_name="r_306001_00001",
    key_columns=("citizen_id",),
    fields=FIELDS,
    conditions=(),
    purposes=frozenset({"licensing"}),
    operations=frozenset({"records"}),
    needs_case=False,
    active_from=NOW - timedelta(days=1),
    active_to=NOW + timedelta(days=1),
    revoked_at=None,
)
ASK = Ask(
    operation=Operation.RECORDS, purpose="licensing", columns=("name",), keys=("citizen_id",), has_case=False
)


class TestJudge:
    def test_allows_what_keeps_to_the_terms(self) -> None:
        judgement = judge([TERMS], ask=ASK, at=NOW)

        assert (judgement.terms, judgement.refusal) == (TERMS, None)

    @pytest.mark.article("809", 25)
    def test_refuses_another_purpose_than_the_one_agreed(self) -> None:
        judgement = judge([TERMS], ask=replace(ASK, purpose="statistics"), at=NOW)

        assert isinstance(judgement.refusal, PurposeNotGranted)
        assert judgement.terms is TERMS

    @pytest.mark.parametrize(
        ("terms", "ask", "refusal"),
        [
            (replace(TERMS, revoked_at=NOW), ASK, GrantRevoked),
            (replace(TERMS, active_to=NOW), ASK, GrantExpired),
            (replace(TERMS, active_from=NOW + timedelta(seconds=1)), ASK, GrantNotActiveYet),
            (TERMS, replace(ASK, operation=Operation.VERIFY), OperationNotGranted),
            (replace(TERMS, needs_case=True), ASK, CaseMissing),
            (TERMS, replace(ASK, keys=()), KeyMissing),
            (TERMS, replace(ASK, keys=("name",)), KeyUnknown),
            (TERMS, replace(ASK, columns=("name", "salary")), FieldNotGranted),
        ],
    )
    def test_says_what_is_missing(self, terms: Terms, ask: Ask, refusal: type[CallRefused]) -> None:
        assert isinstance(judge([terms], ask=ask, at=NOW).refusal, refusal)

    def test_a_system_without_a_grant_learns_nothing(self) -> None:
        judgement = judge([], ask=ASK, at=NOW)

        assert isinstance(judgement.refusal, ResourceNotGranted)
        assert judgement.terms is None

    def test_is_half_open_in_time(self) -> None:
        assert judge([TERMS], ask=ASK, at=TERMS.active_from).refusal is None
        assert judge([TERMS], ask=ASK, at=TERMS.active_to).refusal is not None

    def test_takes_the_grant_that_fits_wherever_it_stands(self) -> None:
        other = replace(TERMS, purposes=frozenset({"statistics"}))

        assert judge([other, TERMS], ask=ASK, at=NOW).terms is TERMS
        assert judge([TERMS, other], ask=ASK, at=NOW).terms is TERMS

    def test_of_several_refusals_gives_that_of_the_closest(self) -> None:
        expired = replace(TERMS, active_to=NOW)

        judgement = judge([expired, TERMS], ask=replace(ASK, columns=("salary",)), at=NOW)

        assert isinstance(judgement.refusal, FieldNotGranted)


class TestTerms:
    @pytest.mark.parametrize("name", ['a" OR true --', "A", "1a", "", "a b", "a.b", "a" * 64])
    def test_refuse_names_that_are_no_names(self, name: str) -> None:
        condition = Condition(column=name, operator=Operator.EQUALS, values=("1",))

        for change in (
            {"view_name": name},
            {"key_columns": (name,)},
            {"fields": {name: FIELDS["name"]}},
            {"conditions": (condition,)},
        ):
            with pytest.raises(ValueError, match="no name"):
                replace(TERMS, **change)
