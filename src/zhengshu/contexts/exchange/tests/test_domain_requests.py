"""What a share request must state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.exchange.domain import requests
from zhengshu.contexts.exchange.domain.requests import Offer, Purpose, Statement
from zhengshu.contexts.exchange.domain.requests_scope import (
    Condition,
    ConditionOperatorUnknown,
    ConditionValueWrong,
    FieldUnknown,
    NoFieldChosen,
    OfferedField,
    Operator,
    TooManyConditions,
    choose_fields,
    operators_for,
    read_conditions,
)
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId, ResourceId, SystemId

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
MARKET = DepartmentId(UUID(int=1))
HOUSING = DepartmentId(UUID(int=2))
SYSTEM = SystemId(UUID(int=3))
FIELDS = (
    OfferedField(name="统一社会信用代码", column="credit_code", data_type="text", grade=1, is_key=True),
    OfferedField(name="企业名称", column="name", data_type="text", grade=1),
    OfferedField(name="法定代表人身份证号", column="legal_person_id", data_type="text", grade=3),
    OfferedField(name="注册资本", column="capital", data_type="decimal", grade=1),
    OfferedField(name="成立日期", column="founded_on", data_type="date", grade=1),
    OfferedField(name="是否小微", column="is_small", data_type="boolean", grade=1),
)
OFFER = Offer(
    resource_id=ResourceId(UUID(int=4)),
    code="307001/1",
    name="企业登记信息",
    version=1,
    department_id=MARKET,
    sharing_class="conditional",
    conditions="限办理许可事项使用",
    basis="",
    fields=FIELDS,
)
PURPOSES = {
    "licensing": Purpose(
        code="licensing", name="许可", name_en="Licensing", basis="许可法", needs_case=True, longest_days=365
    )
}
STATEMENT = Statement(
    legal_basis="《行政许可法》第三十四条",
    scenario="窗口受理商品房预售许可时核验企业登记状态",
    purpose="licensing",
    columns=("credit_code", "name"),
    valid_until=AT + timedelta(days=90),
    system_id=SYSTEM,
    is_declared=True,
)


def codes(statement: Statement) -> list[str]:
    found = requests.faults(statement, offer=OFFER, purposes=PURPOSES, systems=[SYSTEM], at=AT)
    return [fault.code for fault in found]


@pytest.mark.article("809", 20)
class TestStatement:
    def test_a_whole_statement_has_no_fault(self) -> None:
        assert codes(STATEMENT) == []

    def test_the_declaration_is_demanded(self) -> None:
        assert codes(replace(STATEMENT, is_declared=False)) == ["exchange.declaration-missing"]

    def test_the_legal_basis_is_demanded(self) -> None:
        assert codes(replace(STATEMENT, legal_basis=" \n")) == ["exchange.legal-basis-missing"]

    def test_the_scenario_is_demanded(self) -> None:
        assert codes(replace(STATEMENT, scenario="")) == ["exchange.scenario-missing"]

    def test_the_end_of_use_is_demanded(self) -> None:
        assert codes(replace(STATEMENT, valid_until=None)) == ["exchange.validity-wrong"]

    def test_the_end_of_use_lies_in_the_future(self) -> None:
        assert codes(replace(STATEMENT, valid_until=AT)) == ["exchange.validity-wrong"]

    def test_the_purpose_limits_the_validity(self) -> None:
        latest = replace(STATEMENT, valid_until=AT + timedelta(days=365))
        beyond = replace(STATEMENT, valid_until=AT + timedelta(days=365, seconds=1))

        assert (codes(latest), codes(beyond)) == ([], ["exchange.validity-wrong"])

    def test_a_purpose_outside_the_list_is_refused(self) -> None:
        assert codes(replace(STATEMENT, purpose="curiosity")) == ["exchange.purpose-unknown"]

    def test_a_purpose_not_chosen_is_asked_for(self) -> None:
        assert codes(replace(STATEMENT, purpose="")) == ["exchange.purpose-missing"]

    def test_a_field_that_the_resource_lacks_is_refused(self) -> None:
        assert codes(replace(STATEMENT, columns=("name", "password"))) == ["exchange.field-unknown"]

    def test_another_departments_system_is_refused(self) -> None:
        assert codes(replace(STATEMENT, system_id=SystemId(UUID(int=9)))) == ["exchange.system-not-yours"]

    @pytest.mark.parametrize("quota", [0, -1, requests.MOST_PER_DAY + 1, 10**30])
    def test_a_quota_out_of_bounds_is_refused(self, quota: int) -> None:
        assert codes(replace(STATEMENT, per_day=quota)) == ["exchange.quota-wrong"]

    def test_all_faults_are_shown_at_once(self) -> None:
        empty = Statement(legal_basis="", scenario="", purpose="", columns=())

        assert len(codes(empty)) == 6

    def test_check_refuses_by_the_first_fault(self) -> None:
        with pytest.raises(requests.ScenarioMissing):
            requests.check(
                replace(STATEMENT, scenario="", is_declared=False),
                offer=OFFER,
                purposes=PURPOSES,
                systems=[SYSTEM],
                at=AT,
            )


@pytest.mark.article("809", 14)
class TestResource:
    def test_a_withheld_resource_cannot_be_requested_and_the_basis_is_said(self) -> None:
        withheld = replace(OFFER, sharing_class="withheld", basis="《档案法》第二十八条")

        with pytest.raises(requests.ResourceWithheld, match="《档案法》第二十八条"):
            requests.check_resource(withheld, requester=HOUSING)

    def test_ones_own_resource_needs_no_request(self) -> None:
        with pytest.raises(requests.OwnResource):
            requests.check_resource(OFFER, requester=MARKET)

    def test_another_departments_shared_resource_can_be_requested(self) -> None:
        requests.check_resource(OFFER, requester=HOUSING)


class TestNeedsAuthority:
    def test_a_conditional_resource_with_sensitive_fields(self) -> None:
        assert requests.needs_authority(OFFER, columns=["legal_person_id"])

    def test_not_for_general_fields_of_it(self) -> None:
        assert not requests.needs_authority(OFFER, columns=["name"])

    def test_not_for_an_unconditional_resource(self) -> None:
        offer = replace(OFFER, sharing_class="unconditional")

        assert not requests.needs_authority(offer, columns=["legal_person_id"])

    def test_important_data_always(self) -> None:
        important = replace(FIELDS[1], grade=5)
        offer = replace(OFFER, sharing_class="unconditional", fields=(important,))

        assert requests.needs_authority(offer, columns=["name"])


class TestScope:
    def test_fields_come_in_the_resources_order_and_once(self) -> None:
        chosen = choose_fields(["name", "credit_code", "name"], offered=FIELDS)

        assert [item.column for item in chosen] == ["credit_code", "name"]

    def test_nothing_chosen_is_refused(self) -> None:
        with pytest.raises(NoFieldChosen):
            choose_fields([], offered=FIELDS)

    def test_rows_left_empty_are_skipped(self) -> None:
        assert read_conditions([("", "eq", "")], offered=FIELDS) == ()

    def test_values_are_brought_to_one_spelling(self) -> None:
        read = read_conditions(
            [
                ("name", "in", "甲公司，乙公司, "),
                ("capital", "ge", "+0100.50"),
                ("is_small", "eq", "是"),
                ("founded_on", "le", "2024-03-05"),
            ],
            offered=FIELDS,
        )

        assert [item.values for item in read] == [
            ("甲公司", "乙公司"),
            ("100.50",),
            ("true",),
            ("2024-03-05",),
        ]

    @pytest.mark.parametrize(
        ("triple", "error"),
        [
            (("password", "eq", "1"), FieldUnknown),
            (("name", "like", "%"), ConditionOperatorUnknown),
            (("name", "ge", "a"), ConditionOperatorUnknown),
            (("is_small", "in", "是"), ConditionOperatorUnknown),
            (("capital", "ge", "much"), ConditionValueWrong),
            (("capital", "ge", "NaN"), ConditionValueWrong),
            (("founded_on", "eq", "2024-02-30"), ConditionValueWrong),
            (("is_small", "eq", "perhaps"), ConditionValueWrong),
            (("name", "eq", ""), ConditionValueWrong),
            (("name", "in", " , "), ConditionValueWrong),
            (("name", "eq", "甲" * 201), ConditionValueWrong),
            (("name", "in", ",".join(map(str, range(201)))), TooManyConditions),
        ],
    )
    def test_what_does_not_fit_is_refused(self, triple: tuple[str, str, str], error: type[Refused]) -> None:
        with pytest.raises(error):
            read_conditions([triple], offered=FIELDS)

    def test_too_many_conditions_are_refused(self) -> None:
        with pytest.raises(TooManyConditions):
            read_conditions([("name", "eq", "甲")] * 11, offered=FIELDS)

    @given(
        column=st.sampled_from([item.column for item in FIELDS]),
        operator=st.sampled_from(list(Operator)),
        text=st.text(max_size=300),
    )
    def test_reading_either_refuses_or_gives_what_reads_the_same_again(
        self, column: str, operator: Operator, text: str
    ) -> None:
        try:
            (first,) = read_conditions([(column, operator.value, text)], offered=FIELDS)
        except Refused:
            return
        again = read_conditions([(column, operator.value, ",".join(first.values))], offered=FIELDS)

        assert again == (first,) or "," in "".join(first.values)

    def test_every_type_has_an_operator(self) -> None:
        for data_type in ("text", "integer", "decimal", "date", "datetime", "boolean"):
            assert Operator.EQUALS in operators_for(data_type)

    def test_a_condition_shows_its_values(self) -> None:
        condition = Condition(column="name", operator=Operator.ONE_OF, values=("甲", "乙"))

        assert condition.value == "甲, 乙"
