"""Lists of others: read whatever form they have, taken over record by record, with a report of each."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.access import ItemStepNotYours
from zhengshu.contexts.services.application.import_items import ImportOutcome, ImportReport, import_items
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.lists.literals import LiteralNotReadable, read_literals
from zhengshu.contexts.services.domain.lists.organs import core_of, match, spelled
from zhengshu.contexts.services.domain.lists.values import LimitNotUnderstood, clean, parts_of, read_limit
from zhengshu.contexts.services.interfaces.reports import write_report
from zhengshu.contexts.services.models import ItemVersion, ServiceItem
from zhengshu.contexts.services.tests.factories import AT, PLATFORM, published
from zhengshu.kernel.actors import Actor

REAL = Path(__file__).parents[6] / "shared" / "data" / "service_items"
LIST = [
    {"department": "区市监局", "items": [{"main_item": "食品", "sub_items": [
        {"name": "小作坊登记", "link": "http://a.example/x?itemCode=511A-1&taskType=1", "qrcode": ""},
        {"name": "摊贩备案", "link": "http://a.example/x?itemCode=511A-2&taskType=20", "qrcode": ""},
    ]}]}
]  # fmt: skip
ROW = {
    "TASK_NAME": "公众咨询",
    "TASK_CODE": "4400X1",
    "DEPT_NAME": "某省税务局",
    "TASK_TYPE": "21",
    "matter_level": "省级",
    "handle_time": "２０(工作日)",
    "handle_time_limit": "无",
    "service_object_name": ["自然人", "企业法人"],
    "material_intro": "无",
}


def taken(
    rows: object, *, name: str = "list.json", actor: Actor = PLATFORM, is_trial: bool = False
) -> ImportReport:
    data = json.dumps(rows, ensure_ascii=False).encode()
    return import_items(data=data, name=name, actor=actor, at=AT, is_trial=is_trial)


UNITS = [
    ("个工作日", LimitUnit.WORKING_DAYS),
    ("工作日", LimitUnit.WORKING_DAYS),
    ("(工作日)", LimitUnit.WORKING_DAYS),
    ("（工作日）", LimitUnit.WORKING_DAYS),
    ("天", LimitUnit.DAYS),
    ("日", LimitUnit.DAYS),
    ("个自然日", LimitUnit.DAYS),
    ("个月", LimitUnit.MONTHS),
    ("年", LimitUnit.YEARS),
    ("小时", LimitUnit.HOURS),
    ("个工作小时", LimitUnit.WORKING_HOURS),
]
WIDE = {0x30 + digit: 0xFF10 + digit for digit in range(10)}


def in_chinese(number: int) -> str:
    """Return a number below a thousand as one writes it: 二十, 一百零五, 三百二十."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    digits = "零一二三四五六七八九"
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


class TestLimits:
    @pytest.mark.parametrize(
        ("text", "value", "unit"),
        [
            ("20(工作日)", 20, LimitUnit.WORKING_DAYS),
            ("２０（工作日）", 20, LimitUnit.WORKING_DAYS),
            ("二十个工作日", 20, LimitUnit.WORKING_DAYS),
            ("一百二十日", 120, LimitUnit.DAYS),
            ("3个月", 3, LimitUnit.MONTHS),
            ("1年", 1, LimitUnit.YEARS),
            ("自受理之日起15个工作日内办结", 15, LimitUnit.WORKING_DAYS),
            ("即办", 0, LimitUnit.AT_ONCE),
            ("0(工作日)", 0, LimitUnit.AT_ONCE),
            ("24小时", 24, LimitUnit.HOURS),
            ("当场办结", 0, LimitUnit.AT_ONCE),
            ("立等可取", 0, LimitUnit.AT_ONCE),
            ("半年", 6, LimitUnit.MONTHS),
            ("自收到申请之日起二十个工作日内", 20, LimitUnit.WORKING_DAYS),
        ],
    )
    def test_reads_the_usual_spellings(self, text: str, value: int, unit: LimitUnit) -> None:
        assert read_limit(text) == ItemLimit(value=value, unit=unit)

    @pytest.mark.parametrize("text", ["无", "", None, "—", "N/A", "暂无", "不计时", "无时限"])
    def test_nothing_is_no_limit(self, text: str | None) -> None:
        assert read_limit(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "20",
            "0",
            "视情况而定",
            "5个工作日或10日",
            "20工作日（听证另计）",
            "0.5个工作日",
            "1-3天",
            "30分钟",
        ],
    )
    def test_does_not_guess(self, text: str) -> None:
        with pytest.raises(LimitNotUnderstood):
            read_limit(text)

    @given(
        number=st.integers(1, 999),
        digits=st.sampled_from(["plain", "wide", "chinese"]),
        unit=st.sampled_from(UNITS),
        around=st.sampled_from(
            ["{}", " {} ", "（{}）", "自受理之日起{}内办结", "不超过{}", "承诺办结时限：{}"]
        ),
    )
    def test_reads_a_limit_however_it_is_written(
        self, number: int, digits: str, unit: tuple[str, LimitUnit], around: str
    ) -> None:
        written = {"plain": str(number), "wide": str(number).translate(WIDE), "chinese": in_chinese(number)}
        text = around.format(written[digits] + unit[0])

        assert read_limit(text) == ItemLimit(value=number, unit=unit[1])

    def test_takes_the_unit_of_another_column(self) -> None:
        assert read_limit("0", "即办") == ItemLimit(value=0, unit=LimitUnit.AT_ONCE)
        assert read_limit("20", "工作日") == ItemLimit(value=20, unit=LimitUnit.WORKING_DAYS)

    @given(st.text(max_size=40))
    def test_reads_or_refuses_whatever_stands_there(self, text: str) -> None:
        try:
            found = read_limit(text)
        except LimitNotUnderstood:
            return
        assert found is None or found.value >= 0


class TestValues:
    @given(st.text(max_size=60))
    def test_cleaning_twice_is_cleaning_once(self, text: str) -> None:
        assert clean(clean(text)) == clean(text)

    def test_keeps_chinese_marks_and_narrows_digits(self) -> None:
        assert clean("　第１２号（ＡＢ），见附件。 ") == "第12号（AB），见附件。"

    def test_a_list_may_be_a_text(self) -> None:
        assert parts_of("自然人、企业法人;无") == ("自然人", "企业法人")


class TestOrgans:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("区人社局", "澄川市人力资源和社会保障局"),
            ("市市监局", "澄川市市场监督管理局"),
            ("广安区税务局", "国家税务总局澄川市税务局"),
            ("区卫健局", "澄川市卫生健康委员会"),
            ("区公安分局", "澄川市公安局"),
            ("区住建局", "澄川市住房和城乡建设局"),
        ],
    )
    def test_spellings_of_one_organ_agree(self, one: str, other: str) -> None:
        assert core_of(one) == core_of(other)

    @given(
        about=st.sampled_from(
            ["民政", "司法", "财政", "人力资源和社会保障", "卫生健康", "市场监督管理", "住房和城乡建设"]
        ),
        place=st.sampled_from(["澄川市", "文澜区", "某自治县", "市", "区", "县", ""]),
        around=st.sampled_from(["{}", " {} ", "{}（窗口）", "　{}"]),
    )
    def test_place_and_brackets_do_not_make_another_organ(self, about: str, place: str, around: str) -> None:
        spellings = spelled([("a", f"澄川市{about}局"), ("b", "澄川市审计局")])

        assert match(around.format(f"{place}{about}局"), spellings) == "a"

    @given(st.text(max_size=40))
    def test_any_text_is_one_organ_or_none(self, name: str) -> None:
        assert match(name, spelled([("a", "澄川市民政局")])) in {None, "a"}

    def test_two_that_come_into_question_are_none(self) -> None:
        spellings = spelled([("a", "甲县民政局"), ("b", "乙县民政局")])

        assert match("民政局", spellings) is None
        assert match("甲县民政局", spellings) == "a"


class TestLiterals:
    def test_reads_what_scripts_hold(self) -> None:
        text = "// 数据 [1]\nconst a = [{name: 'x\\u4e00', \"b\": [1, -2.5, true, null,],}, /* c */];"

        assert read_literals(text) == ([{"name": "x一", "b": [1, -2.5, True, None]}],)

    @pytest.mark.parametrize(
        "text", ["[fetch('x')]", "[`${a}`]", "[1", "['a\n']", "x = 1", "[" * 100, "[{a 1}]", "[{a: 1}, f()]"]
    )
    def test_runs_nothing_and_says_the_line(self, text: str) -> None:
        with pytest.raises(LiteralNotReadable):
            read_literals(text)

    @given(st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    ))  # fmt: skip
    def test_json_is_a_literal(self, tree: object) -> None:
        assert read_literals(f"var x = {json.dumps([tree])};") == ([tree],)

    @given(st.text(max_size=60))
    def test_reads_or_refuses_any_text(self, text: str) -> None:
        with contextlib.suppress(LiteralNotReadable):
            assert all(isinstance(one, list | dict) for one in read_literals(text))


@pytest.mark.django_db
class TestImport:
    def test_takes_over_a_list_once(self) -> None:
        first, again = taken(LIST), taken(LIST)

        assert first.counts[ImportOutcome.NEW] == 2
        assert again.counts[ImportOutcome.UNCHANGED] == 2
        item = ServiceItem.objects.get(code="511A-1")
        assert (item.kind, item.department_name, item.state) == ("01", "区市监局", "published")

    def test_a_changed_record_becomes_a_version(self) -> None:
        taken([ROW])
        report = taken([{**ROW, "handle_time_limit": "5(工作日)"}])

        assert report.counts[ImportOutcome.CHANGED] == 1
        versions = ItemVersion.objects.filter(item__code="4400X1").order_by("number")
        assert [one.promised_value for one in versions] == [None, 5]

    def test_a_trial_writes_nothing(self) -> None:
        report = taken([ROW], is_trial=True)

        assert report.counts[ImportOutcome.NEW] == 1
        assert not ServiceItem.objects.filter(code="4400X1").exists()

    def test_reports_what_it_did_not_understand(self) -> None:
        row = {**ROW, "handle_time": "视情况", "service_object_name": ["自然人", "外星人"], "weather": "晴"}
        [one] = taken([row]).items

        assert {(note.code, note.value) for note in one.notes} >= {
            ("not-understood", "视情况"),
            ("not-understood", "外星人"),
            ("unknown-heading", "晴"),
        }
        assert "statutory" in one.gaps

    def test_drops_a_promise_that_is_longer_than_the_law(self) -> None:
        [one] = taken([{**ROW, "handle_time_limit": "30(工作日)"}]).items

        assert ("promise-dropped", "30(工作日)") in {(note.code, note.value) for note in one.notes}
        assert ItemVersion.objects.get(item__code="4400X1").promised_value is None

    def test_a_faulty_record_stops_no_other(self) -> None:
        report = taken([ROW, {**ROW, "TASK_NAME": "无", "TASK_CODE": "2"}, ROW])

        assert [one.outcome.value for one in report.items] == ["new", "refused", "repeated"]

    def test_finds_the_organ_by_another_spelling(self, town: City) -> None:
        [one] = taken([ROW], actor=town.reviewer).items

        assert one.organ == "市税务局"
        assert ServiceItem.objects.get(code="4400X1").department_id == town.tax

    def test_the_report_runs_no_formula_in_a_spreadsheet(self, tmp_path: Path) -> None:
        write_report(taken([{**ROW, "TASK_NAME": "=1+1"}], is_trial=True), tmp_path / "report.csv")

        assert "'=1+1" in (tmp_path / "report.csv").read_text()
        assert ",=1+1" not in (tmp_path / "report.csv").read_text()

    def test_only_the_data_authority_takes_lists_over(self, town: City) -> None:
        with pytest.raises(ItemStepNotYours):
            taken([ROW], actor=town.officer)

    def test_does_not_touch_what_is_kept_otherwise(self, town: City) -> None:
        published("4400X1")
        [one] = taken([ROW], actor=town.reviewer).items

        assert one.outcome is ImportOutcome.REFUSED
        assert ItemVersion.objects.filter(item__code="4400X1").count() == 1


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_dir(), reason="the shared sample data are not here")
class TestRealLists:
    @pytest.mark.parametrize(
        ("name", "records"), [("guangdong_items.jsonl", 196), ("guangan_511602_bszl-data.js", 1135)]
    )
    def test_every_record_of_a_real_list_is_understood_or_reported(self, name: str, records: int) -> None:
        report = import_items(
            data=(REAL / name).read_bytes(), name=name, actor=PLATFORM, at=AT, is_trial=True
        )

        assert len(report.items) == records
        assert report.counts[ImportOutcome.REFUSED] == 0
        assert all(note.value for one in report.items for note in one.notes if note.code == "not-understood")

    def test_all_limits_of_the_province_are_understood(self) -> None:
        name = "guangdong_items.jsonl"
        report = import_items(
            data=(REAL / name).read_bytes(), name=name, actor=PLATFORM, at=AT, is_trial=True
        )

        unread = [
            note for one in report.items for note in one.notes if note.heading.startswith("handle_time")
        ]
        assert unread == []
