"""The rules of a declaration, without a database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.catalog.domain.checks import faults_of
from zhengshu.contexts.catalog.domain.codes import CodeNotReadable, ResourceCode
from zhengshu.contexts.catalog.domain.differences import differences
from zhengshu.contexts.catalog.domain.facets import PACKED, pack, unpack
from zhengshu.contexts.catalog.domain.grades import Harm, HarmObject, grade_of, highest
from zhengshu.contexts.catalog.domain.lifecycle import NEXT, Step, StepNotPossible, after
from zhengshu.contexts.catalog.domain.resources import ItemDraft, Known, ResourceDraft
from zhengshu.contexts.catalog.domain.sharing import use_conditions
from zhengshu.contexts.catalog.domain.vocabulary import (
    DataType,
    Grade,
    OpeningClass,
    PersonalClass,
    SharingClass,
    State,
)

KNOWN = Known(
    classifications=frozenset({"306001"}),
    elements={"credit-code": DataType.TEXT},
    code_tables=frozenset({"gender"}),
)
ITEM = ItemDraft(name="统一社会信用代码", column="credit_code", element_code="credit-code")
DRAFT = ResourceDraft(
    name="企业登记信息", summary="摘要", classification="306001", items=(ITEM,), format_type="CSV"
)


def codes(draft: ResourceDraft) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in faults_of(draft, known=KNOWN)}


def with_text(field: str, text: str) -> ResourceDraft:
    return replace(DRAFT, **{field: text})  # type: ignore[arg-type]  # the test names a field of text


class TestArticle13:
    @pytest.mark.article("809", 13)
    def test_accepts_a_complete_declaration(self) -> None:
        assert faults_of(DRAFT, known=KNOWN) == ()

    @pytest.mark.article("809", 13)
    @pytest.mark.parametrize("field", ["name", "summary", "format_type"])
    def test_wants_what_the_law_wants_stated(self, field: str) -> None:
        assert (field, "catalog.field-missing") in codes(with_text(field, " "))

    @pytest.mark.article("809", 13)
    def test_wants_items_and_a_way_of_sharing(self) -> None:
        found = codes(replace(DRAFT, items=(), sharing_methods=()))

        assert ("items", "catalog.items-missing") in found
        assert ("sharing_methods", "catalog.field-missing") in found

    def test_wants_a_leaf_of_the_classification(self) -> None:
        assert ("classification", "catalog.classification-unknown") in codes(
            replace(DRAFT, classification="306")
        )


class TestSharing:
    @pytest.mark.article("809", 14)
    def test_what_is_not_specified_is_unconditional(self) -> None:
        assert DRAFT.sharing_class is SharingClass.UNCONDITIONAL
        assert use_conditions(DRAFT) == "无条件"

    @pytest.mark.article("809", 15)
    def test_conditional_wants_scope_and_purposes(self) -> None:
        found = codes(replace(DRAFT, sharing_class=SharingClass.CONDITIONAL))

        assert {
            ("sharing_scope", "catalog.scope-missing"),
            ("sharing_purposes", "catalog.purposes-missing"),
        } <= found

    @pytest.mark.article("809", 14)
    @pytest.mark.article("809", 15)
    def test_withheld_without_a_legal_basis_is_refused(self) -> None:
        found = codes(replace(DRAFT, sharing_class=SharingClass.WITHHELD, withheld_reason="涉及隐私"))

        assert found == {("sharing_basis", "catalog.withheld-without-basis")}

    @pytest.mark.article("809", 15)
    @pytest.mark.parametrize(
        "field", ["sharing_scope", "sharing_purposes", "withheld_reason", "sharing_basis"]
    )
    def test_nobody_invents_conditions(self, field: str) -> None:
        assert (field, "catalog.extra-condition") in codes(with_text(field, "须经处长同意"))

    def test_what_is_withheld_or_personal_is_not_open_to_everybody(self) -> None:
        personal = replace(ITEM, personal=PersonalClass.GENERAL)

        found = codes(replace(DRAFT, items=(personal,), opening_class=OpeningClass.OPEN))

        assert found == {("opening_class", "catalog.personal-yet-open")}


class TestItems:
    @pytest.mark.parametrize("column", ["", "1a", "Credit", "a-b", "名称", "a" * 64, "select;"])
    def test_refuses_what_is_no_column_name(self, column: str) -> None:
        found = codes(replace(DRAFT, items=(replace(ITEM, column=column),)))

        assert ("items.0.column", "catalog.column-not-valid") in found

    def test_names_and_columns_are_unique(self) -> None:
        found = codes(replace(DRAFT, items=(ITEM, ITEM)))

        assert found == {
            ("items.1.name", "catalog.item-repeated"),
            ("items.1.column", "catalog.item-repeated"),
        }

    def test_refuses_references_to_nothing(self) -> None:
        found = codes(replace(DRAFT, items=(replace(ITEM, element_code="x", code_table="y"),)))

        assert found == {
            ("items.0.element_code", "catalog.element-unknown"),
            ("items.0.code_table", "catalog.code-table-unknown"),
        }

    def test_sensitive_personal_information_is_grade_3_or_higher(self) -> None:
        sensitive = replace(ITEM, personal=PersonalClass.SENSITIVE, grade=Grade.GENERAL_2)

        assert codes(replace(DRAFT, items=(sensitive,))) == {("items.0.grade", "catalog.grade-too-low")}


class TestGrades:
    @given(st.lists(st.sampled_from(Grade)))
    def test_the_whole_has_the_grade_of_its_highest_part(self, grades: list[Grade]) -> None:
        assert highest(grades) == max([Grade.GENERAL_1, *grades])

    def test_the_matrix_of_the_standard(self) -> None:
        assert grade_of(harms={HarmObject.NATIONAL_SECURITY: Harm.SERIOUS}) is Grade.CORE
        assert grade_of(harms={HarmObject.PUBLIC_INTEREST: Harm.SERIOUS}) is Grade.IMPORTANT
        assert grade_of(harms={HarmObject.INDIVIDUAL: Harm.SERIOUS}) is Grade.GENERAL_3
        assert grade_of(harms={}) is Grade.GENERAL_1


class TestCodes:
    @given(
        st.from_regex(r"[1-3][0-9]{5,11}", fullmatch=True).filter(str.isascii), st.integers(1, 999_999_999)
    )
    def test_both_spellings_are_the_same_code(self, classification: str, sequence: int) -> None:
        code = ResourceCode(classification, sequence)

        assert ResourceCode.parse(code.slug) == ResourceCode.parse(code.official) == code
        assert "/" not in code.slug

    @pytest.mark.parametrize(
        "text", ["", "306001", "306001-0", "406001-1", "306001-00012/../x", "306001-1;drop"]
    )
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(CodeNotReadable):
            ResourceCode.parse(text)


class TestLifecycle:
    @pytest.mark.article("809", 16)
    @pytest.mark.article("809", 17)
    def test_nothing_is_published_without_the_head_and_the_authority(self) -> None:
        leads_to_published = {
            (begins, step) for (begins, step), ends in NEXT.items() if ends is State.PUBLISHED
        }
        leads_to_approved = {
            (begins, step) for (begins, step), ends in NEXT.items() if ends is State.APPROVED
        }

        assert leads_to_published == {(State.APPROVED, Step.PUBLISH)}
        assert leads_to_approved == {(State.SUBMITTED, Step.APPROVE)}

    @given(st.sampled_from(State), st.sampled_from(Step))
    def test_what_the_table_does_not_hold_is_refused(self, state: State, step: Step) -> None:
        if (state, step) in NEXT:
            assert after(state=state, step=step) is NEXT[state, step]
        else:
            with pytest.raises(StepNotPossible):
                after(state=state, step=step)


class TestDifferences:
    def test_a_version_does_not_differ_from_itself(self) -> None:
        assert differences(DRAFT, DRAFT) == ()

    def test_names_field_before_and_after(self) -> None:
        changed = replace(
            DRAFT, name="新名称", items=(replace(ITEM, length=18), replace(ITEM, name="乙", column="b"))
        )

        found = [(one.item, one.field, one.before, one.after) for one in differences(DRAFT, changed)]

        assert found == [
            ("", "name", "企业登记信息", "新名称"),
            ("credit_code", "length", "", "18"),
            ("b", "", "", "乙"),
        ]


class TestFacets:
    @given(st.tuples(*(st.sampled_from(choices) for choices in PACKED.values())))
    def test_packing_loses_nothing(self, values: tuple[str, ...]) -> None:
        given_values = dict(zip(PACKED, values, strict=True))

        assert unpack(pack(given_values)) == given_values
