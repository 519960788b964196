"""What may be published: the promise within the law, nothing asked that the government holds."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.services.domain.checks import faults_in, gaps_in
from zhengshu.contexts.services.domain.held import Held, Holding, plain_name
from zhengshu.contexts.services.domain.items import ItemDraft, MaterialDraft, Outcome
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    MaterialSource,
)

HELD = Held(
    holdings={
        "citizen-id": Holding(
            element="citizen-id",
            element_name="公民身份号码",
            resource_code="101001-1",
            resource="人口基本信息",
            provider="市公安局",
        )
    },
    names={"公民身份号码": "citizen-id", "身份证号": "citizen-id", "电子邮箱": "email"},
    documents={"身份证": ("citizen-id",), "居民身份证": ("citizen-id",), "结婚证": ("marital-status",)},
    certificates=frozenset({"business-licence"}),
    endless=frozenset({"business-licence"}),
)
PLAIN = ItemDraft(
    name="店招许可",
    kind=ItemKind.LICENSE,
    level=ItemLevel.CITY,
    audiences=(Audience.ENTERPRISE,),
    case_kind=CaseKind.PROMISED,
)


def with_material(**facts: object) -> ItemDraft:
    return msgspec.structs.replace(PLAIN, materials=(msgspec.convert(facts, MaterialDraft),))


def codes(draft: ItemDraft) -> list[str]:
    return [fault.code for fault in faults_in(draft, held=HELD)]


class TestMaterials:
    @pytest.mark.article("809", 19)
    @pytest.mark.parametrize(
        "name",
        [
            "身份证",
            "申请人身份证（正反面）复印件1份",
            "法定代表人居民身份证原件及复印件",
            "居民身份证正反面扫描件",
            "经营者身份证号",
            "身份证材料影印件",
            "公民身份号码",
            "身份证号",
            " 身 份 证 ",
        ],
    )
    def test_refuses_what_the_government_holds_and_names_who_holds_it(self, name: str) -> None:
        [fault] = faults_in(with_material(name=name), held=HELD)

        assert fault.code == "services.asks-again"
        assert {"市公安局", "人口基本信息", "101001-1"} <= set(fault.data.values())
        assert fault.field == "materials.0"

    @pytest.mark.parametrize("name", ["身份证办理申请表", "结婚证", "电子邮箱", "章程"])
    def test_lets_pass_what_nobody_is_known_to_hold(self, name: str) -> None:
        assert codes(with_material(name=name)) == []

    def test_refuses_a_material_that_names_a_held_element_whatever_it_is_called(self) -> None:
        assert codes(with_material(name="基本情况", elements=["citizen-id"])) == ["services.asks-again"]

    def test_refuses_an_own_certificate(self) -> None:
        found = codes(with_material(name="执照", certificate_type="business-licence"))

        assert found == ["services.asks-for-certificate"]

    def test_lets_the_same_come_from_its_register(self) -> None:
        assert codes(with_material(name="身份证", source="register", elements=["citizen-id"])) == []

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"source": "register"}, "services.register-source-missing"),
            ({"source": "register", "elements": ["email"]}, "services.element-without-source"),
            ({"source": "certificate"}, "services.certificate-type-missing"),
            ({"source": "promise"}, "services.promise-missing"),
            ({"name": " "}, "services.material-name-unfit"),
        ],
    )
    def test_asks_for_what_the_source_needs(self, facts: dict[str, object], code: str) -> None:
        assert codes(with_material(**{"name": "材料", **facts})) == [code]

    @given(st.text(max_size=30))
    def test_plain_name_is_stable(self, name: str) -> None:
        once = plain_name(name)

        assert plain_name(once) == plain_name(plain_name(once))
        assert len(once) <= len(name)


class TestLimits:
    @given(st.integers(1, 400), st.integers(1, 400))
    def test_a_promise_is_within_the_law(self, statutory: int, promised: int) -> None:
        unit = LimitUnit.WORKING_DAYS
        draft = msgspec.structs.replace(
            PLAIN,
            statutory=ItemLimit(value=statutory, unit=unit, basis="某法"),
            promised=ItemLimit(value=promised, unit=unit),
        )

        assert ("services.promise-longer-than-law" in codes(draft)) == (promised > statutory)

    @pytest.mark.parametrize(
        ("value", "unit"), [(0, LimitUnit.DAYS), (1, LimitUnit.AT_ONCE), (10_001, LimitUnit.DAYS)]
    )
    def test_refuses_numbers_that_are_no_limit(self, value: int, unit: LimitUnit) -> None:
        draft = msgspec.structs.replace(PLAIN, statutory=ItemLimit(value=value, unit=unit))

        assert codes(draft) == ["services.limit-unfit"]

    def test_an_instant_item_takes_no_week(self) -> None:
        draft = msgspec.structs.replace(
            PLAIN, case_kind=CaseKind.INSTANT, promised=ItemLimit(value=7, unit=LimitUnit.DAYS)
        )

        assert codes(draft) == ["services.instant-takes-days"]


class TestItem:
    def test_needs_a_name_and_somebody_for_whom_it_is(self) -> None:
        draft = msgspec.structs.replace(PLAIN, name=" ", audiences=())

        assert codes(draft) == ["services.name-unfit", "services.audience-missing"]

    def test_names_unknown_themes(self) -> None:
        draft = msgspec.structs.replace(PLAIN, themes=("birth", "nothing"))

        [fault] = faults_in(draft, held=HELD, themes={"birth"})

        assert fault.data == {"themes": "nothing"}

    def test_a_guide_without_a_phone_has_a_gap(self) -> None:
        gaps = {fault.field for fault in gaps_in(PLAIN)}

        assert {"phone", "steps", "basis", "places"} <= gaps

    def test_what_is_done_only_on_the_phone_needs_no_place(self) -> None:
        draft = msgspec.structs.replace(PLAIN, channels=(Channel.MOBILE,), kind=ItemKind.PUBLIC_SERVICE)

        assert not {"places", "basis"} & {fault.field for fault in gaps_in(draft)}

    def test_sources_are_those_of_the_contract(self) -> None:
        assert {source.value for source in MaterialSource} == {
            "certificate",
            "register",
            "applicant",
            "promise",
        }


class TestRenewal:
    @pytest.mark.parametrize(
        ("kind", "codes"),
        [
            ("food-permit", []),
            ("business-licence", ["services.renews-what-never-ends"]),
            ("", ["services.renews-nothing"]),
        ],
    )
    def test_is_of_certificates_that_end(self, kind: str, codes: list[str]) -> None:
        outcome = Outcome(name="许可证（延续）", certificate_type=kind, renews="permit_number")
        draft = msgspec.structs.replace(PLAIN, outcomes=(outcome,))

        assert [one.code for one in faults_in(draft, held=HELD)] == codes

    def test_is_no_matter_of_what_is_issued_anew(self) -> None:
        outcome = Outcome(name="营业执照", certificate_type="business-licence")

        assert faults_in(msgspec.structs.replace(PLAIN, outcomes=(outcome,)), held=HELD) == ()
