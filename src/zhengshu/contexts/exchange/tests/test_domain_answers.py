"""What follows from a provider's answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.exchange.domain import answers
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind, RefusalGround, RequestFacts
from zhengshu.contexts.exchange.domain.requests_scope import Condition, FieldUnknown, NoFieldChosen, Operator
from zhengshu.contexts.exchange.tests.test_domain_requests import AT, FIELDS, STATEMENT
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.masks import Mask

FACTS = RequestFacts(
    statement=replace(
        STATEMENT,
        columns=("credit_code", "name", "legal_person_id"),
        conditions=(Condition(column="name", operator=Operator.STARTS_WITH, values=("西藏",)),),
    ),
    sharing_class="conditional",
    fields=FIELDS,
    was_completion_asked=False,
    purpose_needs_case=False,
)
REFUSAL = Answer(
    kind=AnswerKind.REFUSE,
    ground=RefusalGround.CONDITIONS_NOT_MET,
    reason="申请用途不在共享条件列明的范围内",
    basis="《政务数据共享条例》第十五条",
)
YES = Answer(kind=AnswerKind.AGREE)
NOTICE = Answer(kind=AnswerKind.ASK_COMPLETION, reason="请补充办理事项的编码和使用岗位")


@pytest.mark.article("809", 21)
class TestRefusal:
    def test_with_ground_reason_and_basis_it_stands(self) -> None:
        outcome = answers.decide(FACTS, answer=REFUSAL, at=AT)

        assert (outcome.kind, outcome.ground) == (AnswerKind.REFUSE, RefusalGround.CONDITIONS_NOT_MET)

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"ground": None}, answers.GroundMissing),
            ({"reason": "  "}, answers.ReasonMissing),
            ({"basis": ""}, answers.BasisMissing),
        ],
    )
    def test_without_one_of_them_it_is_refused(self, change: dict[str, str], error: type[Refused]) -> None:
        with pytest.raises(error):
            answers.decide(FACTS, answer=replace(REFUSAL, **change), at=AT)  # type: ignore[arg-type]

    def test_an_unconditional_resource_is_refused_only_where_a_law_forbids(self) -> None:
        facts = replace(FACTS, sharing_class="unconditional")

        with pytest.raises(answers.UnconditionalMayNotBeRefused):
            answers.decide(facts, answer=REFUSAL, at=AT)
        lawful = replace(REFUSAL, ground=RefusalGround.LAW_FORBIDS)
        assert answers.decide(facts, answer=lawful, at=AT).kind is AnswerKind.REFUSE

    def test_missing_material_is_no_ground_before_completion_was_asked(self) -> None:
        refusal = replace(REFUSAL, ground=RefusalGround.NOT_COMPLETED)

        with pytest.raises(answers.MissingMaterialIsNoGround):
            answers.decide(FACTS, answer=refusal, at=AT)
        asked = replace(FACTS, was_completion_asked=True)
        assert answers.decide(asked, answer=refusal, at=AT).kind is AnswerKind.REFUSE


@pytest.mark.article("809", 21)
class TestCompletion:
    def test_the_notice_says_what_is_missing(self) -> None:
        assert answers.decide(FACTS, answer=NOTICE, at=AT).reason == NOTICE.reason
        with pytest.raises(answers.ReasonMissing):
            answers.decide(FACTS, answer=replace(NOTICE, reason=""), at=AT)

    def test_it_is_given_once(self) -> None:
        with pytest.raises(answers.CompletionAskedBefore):
            answers.decide(replace(FACTS, was_completion_asked=True), answer=NOTICE, at=AT)


class TestAgreement:
    def test_it_grants_what_was_asked_with_the_masks_of_the_grades(self) -> None:
        terms = answers.decide(FACTS, answer=YES, at=AT).terms

        assert terms is not None
        assert [item.column for item in terms.fields] == ["credit_code", "name", "legal_person_id"]
        assert terms.fields[0].mask is Mask.NONE
        assert terms.fields[2].mask is not Mask.NONE
        assert terms.conditions == FACTS.statement.conditions
        assert (terms.per_second, terms.per_day) == (10, 10_000)
        assert terms.valid_until == STATEMENT.valid_until

    def test_the_provider_can_narrow(self) -> None:
        added = Condition(column="capital", operator=Operator.AT_LEAST, values=("100",))
        answer = replace(
            YES,
            columns=("name",),
            conditions=(added,),
            per_second=1,
            per_day=5,
            valid_until=AT + timedelta(days=1),
        )

        terms = answers.decide(FACTS, answer=answer, at=AT).terms

        assert terms is not None
        assert [item.column for item in terms.fields] == ["name"]
        assert terms.conditions == (*FACTS.statement.conditions, added)
        assert (terms.per_second, terms.per_day, terms.valid_until) == (1, 5, AT + timedelta(days=1))

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"columns": ("capital",)}, answers.FieldNotRequested),
            ({"columns": ()}, NoFieldChosen),
            ({"per_second": 11}, answers.QuotaBeyondRequest),
            ({"per_day": 0}, answers.QuotaBeyondRequest),
            ({"valid_until": AT}, answers.ValidityBeyondRequest),
            ({"valid_until": AT + timedelta(days=91)}, answers.ValidityBeyondRequest),
            (
                {"conditions": (Condition(column="secret", operator=Operator.EQUALS, values=("1",)),)},
                FieldUnknown,
            ),
        ],
    )
    def test_the_provider_cannot_widen(self, change: dict[str, object], error: type[Refused]) -> None:
        with pytest.raises(error):
            answers.decide(FACTS, answer=replace(YES, **change), at=AT)  # type: ignore[arg-type]

    def test_a_sensitive_field_leaves_unmasked_only_with_a_reason(self) -> None:
        clear = replace(YES, masks={"legal_person_id": Mask.NONE})

        with pytest.raises(answers.UnmaskedWithoutReason):
            answers.decide(FACTS, answer=clear, at=AT)
        terms = answers.decide(FACTS, answer=replace(clear, reason="须与本部门登记的证件号比对"), at=AT).terms
        assert terms is not None
        assert terms.fields[2].mask is Mask.NONE

    def test_a_request_that_ran_out_while_it_waited_cannot_be_agreed_as_it_was(self) -> None:
        with pytest.raises(answers.ValidityBeyondRequest):
            answers.decide(FACTS, answer=YES, at=AT + timedelta(days=91))

    @given(
        columns=st.lists(st.sampled_from([item.column for item in FIELDS]), max_size=6),
        per_second=st.integers(-5, 20),
    )
    def test_no_answer_grants_more_than_was_asked(self, columns: list[str], per_second: int) -> None:
        answer = replace(YES, columns=tuple(columns), per_second=per_second)
        try:
            terms = answers.decide(FACTS, answer=answer, at=AT).terms
        except Refused:
            return

        assert terms is not None
        assert {item.column for item in terms.fields} <= set(FACTS.statement.columns)
        assert terms.per_second <= FACTS.statement.per_second
        assert set(FACTS.statement.conditions) <= set(terms.conditions)

    def test_the_purpose_can_demand_a_case(self) -> None:
        outcome = answers.decide(replace(FACTS, purpose_needs_case=True), answer=YES, at=AT)

        assert outcome.terms is not None
        assert outcome.terms.needs_case
