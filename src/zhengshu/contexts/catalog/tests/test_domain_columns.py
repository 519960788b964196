"""Recognition of columns by what is in them."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.catalog.domain.columns.proposals import propose
from zhengshu.contexts.catalog.domain.columns.samples import ColumnSample, ItemProposal
from zhengshu.contexts.catalog.domain.standards import CodeEntryRecord, CodeTableRecord, ElementRecord
from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass
from zhengshu.kernel.checks import citizen_check, credit_check

REAL = Path(__file__).parents[6] / "shared" / "data" / "enterprises" / "西藏.csv"
GENDER = CodeTableRecord(
    code="gender",
    name="性别代码",
    standard="GB/T 2261.1-2003",
    entries=(CodeEntryRecord(code="1", name="男性"), CodeEntryRecord(code="2", name="女性")),
)
CITIZEN = ElementRecord(
    code="citizen-id",
    name="公民身份号码",
    definition="号码",
    column="citizen_id",
    shape="citizen_id",
    grade=Grade.GENERAL_3,
    personal=PersonalClass.SENSITIVE,
)


def column(name: str, *values: str) -> ColumnSample:
    return ColumnSample(
        name=name,
        values=values,
        distinct=len(set(values)),
        empty=sum(not value for value in values),
        rows=len(values),
    )


def one(name: str, *values: str) -> ItemProposal:
    return propose([column(name, *values)], elements=(CITIZEN,), code_tables=(GENDER,))[0]


def citizen_id(number: int) -> str:
    body = f"470302199001{1 + number % 28:02d}{number % 999:03d}"
    return body + citizen_check(body)


def credit(number: int) -> str:
    body = f"91470302{number:09d}"
    return body + credit_check(body)


class TestContentNotName:
    def test_finds_citizen_ids_under_a_header_that_says_nothing(self) -> None:
        found = one("字段七", *(citizen_id(number) for number in range(30)))

        assert (found.shape, found.item.element_code) == ("citizen_id", "citizen-id")
        assert found.item.grade is Grade.GENERAL_3
        assert found.item.personal is PersonalClass.SENSITIVE
        assert found.item.is_key
        assert any("check digit" in reason.text() for reason in found.reasons)

    def test_a_header_alone_makes_no_citizen_id(self) -> None:
        assert one("身份证号", "甲", "乙", "丙").shape == "text"

    def test_digits_without_a_right_check_digit_are_no_citizen_ids(self) -> None:
        wrong = [citizen_id(number)[:-1] + "5" for number in range(40)]

        assert one("号", *wrong).shape != "citizen_id"

    @pytest.mark.parametrize(
        ("values", "shape"),
        [
            (("13800138000", "13912345678", "15011112222"), "mobile"),
            (("0371-66668888", "010-12345678".replace("1234", "6234")), "landline"),
            (("a@b.cn", "c.d@e.gov.cn"), "email"),
            (("2024年3月5日", "20240305", "2024/3/6"), "date"),
            (("2024-03-05 14:30:00", "2024-03-06 08:00:01"), "datetime"),
            (("150,000(万)", "408万人民币", "1.5万元"), "amount"),
            (("张伟", "王芳", "李秀英", "欧阳娜娜"), "person_name"),
            (("西藏达氏集团有限责任公司", "江孜县供销合作社"), "organization_name"),
            (("拉萨市城关区北京东路1号", "江孜县英雄南路12号"), "address"),
            (("110101", "540102", "330106", "510104"), "region_code"),
            (("是", "否", "是"), "boolean"),
            (("12", "7", "103"), "integer"),
            (("12.5", "7", "10.25"), "decimal"),
        ],
    )
    def test_recognizes(self, values: tuple[str, ...], shape: str) -> None:
        assert one("未知列", *values).shape == shape

    def test_places_that_begin_with_a_surname_are_no_persons(self) -> None:
        assert one("地区", *(["林芝", "山南", "那曲"] * 20)).shape != "person_name"

    def test_codes_need_the_help_of_the_header_when_they_are_few(self) -> None:
        assert one("性别", "1", "2", "1").item.code_table == "gender"
        assert one("数量", "1", "2", "1").item.code_table == ""
        assert one("列", "男性", "女性", "男性").item.code_table == "gender"

    def test_rows_that_are_shifted_do_not_outvote_the_rest(self) -> None:
        stray = [f"2026-01-{day:02d}" for day in range(1, 11)]

        assert one("登记状态", *["存续（在营、开业、在册）", "注销"] * 95, *stray).shape == "text"
        assert one("性别", *["男性", "女性"] * 95, *stray).item.code_table == "gender"

    def test_an_address_is_personal_only_among_persons(self) -> None:
        address = column("地址", "拉萨市城关区北京东路1号", "江孜县英雄南路12号")
        ids = column("甲", *(citizen_id(number) for number in range(2)))

        alone = propose([address], elements=(), code_tables=())[0].item
        among = propose([ids, address], elements=(), code_tables=())[1].item

        assert (alone.grade, alone.personal) == (Grade.GENERAL_1, PersonalClass.NONE)
        assert (among.grade, among.personal) == (Grade.GENERAL_3, PersonalClass.GENERAL)


class TestProposals:
    @given(st.lists(st.tuples(st.text(max_size=12), st.lists(st.text(max_size=20), max_size=6)), max_size=12))
    def test_every_file_yields_valid_unique_columns(self, given_columns: list[tuple[str, list[str]]]) -> None:
        samples = [column(name, *values) for name, values in given_columns]

        found = propose(samples, elements=(CITIZEN,), code_tables=(GENDER,))

        columns = [proposal.item.column for proposal in found]
        assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) for name in columns)
        assert len(set(columns)) == len(columns) == len(samples)
        assert len({proposal.item.name for proposal in found}) == len(samples)
        assert sum(proposal.item.is_key for proposal in found) <= 1

    def test_the_credit_code_is_the_key_before_the_citizen_id(self) -> None:
        ids = column("法人身份证", *(citizen_id(number) for number in range(9)))
        codes = column("代码", *(credit(number) for number in range(9)))

        found = propose([ids, codes], elements=(), code_tables=())

        assert [proposal.item.is_key for proposal in found] == [False, True]


@pytest.mark.skipif(not REAL.exists(), reason="the real register of enterprises is not on this machine")
class TestRealFile:
    def test_a_provinces_register_of_enterprises(self) -> None:
        with REAL.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        samples = [column(name, *(row[place] for row in rows)) for place, name in enumerate(header)]

        found = {one.source_name: one for one in propose(samples, elements=(), code_tables=())}

        assert found["统一社会信用代码"].shape == "credit_code"
        assert found["统一社会信用代码"].item.is_key
        assert found["企业名称"].shape == "organization_name"
        assert found["注册日期"].item.data_type is DataType.DATE
        assert found["注册资金"].shape == "amount"
        assert found["注册地址"].shape == "address"
        assert found["地区"].shape == "text"
