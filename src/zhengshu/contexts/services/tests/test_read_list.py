"""Files of others: whatever kind they are, each record and each cell is read or named; hostile ones are refused."""

import contextlib
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from zhengshu.contexts.services.application.read_list import ListNotReadable, read_list
from zhengshu.contexts.services.tests.test_import_items import LIST
from zhengshu.foundation.files.sheets import SheetTooLarge
from zhengshu.kernel.errors import Refused


class TestReadList:
    def test_records_take_over_what_stands_around_them(self) -> None:
        data = f"const bszlData = {json.dumps(LIST)};".encode()

        [one, two] = read_list(data, name="x.js")

        assert (one.values["department"], one.values["name"]) == ("区市监局", "小作坊登记")
        assert two.place == 2

    def test_a_broken_line_is_one_record(self) -> None:
        found = read_list(b'{"name": "a"}\n\n{"name": \n[1]\n', name="x.jsonl")

        assert [(one.place, bool(one.fault)) for one in found] == [(1, False), (3, True), (4, True)]

    def test_reads_tables(self) -> None:
        book = Workbook()
        book.active.append(["事项名称", "实施主体"])  # type: ignore[union-attr]  # a new book has a sheet
        book.active.append(["甲", "乙"])  # type: ignore[union-attr]
        kept = io.BytesIO()
        book.save(kept)

        assert read_list(kept.getvalue(), name="x.xlsx")[0].values == {"事项名称": "甲", "实施主体": "乙"}
        assert read_list("事项名称,实施主体\n甲,乙\n".encode("gb18030"), name="x.csv")[0].place == 2

    def test_headings_may_stand_below_a_title_and_in_two_rows(self) -> None:
        rows = ("某市政务服务事项清单,,,,", "填表人：某人,,,,", "事项名称,实施主体,时限,,备注",
                ",,法定办结时限,承诺办结时限,", "甲,乙,5日,3日,丙")  # fmt: skip

        [one] = read_list("\n".join(rows).encode(), name="x.csv")

        assert one.place == 5
        assert one.values == {
            "事项名称": "甲", "实施主体": "乙", "法定办结时限": "5日", "承诺办结时限": "3日", "备注": "丙"
        }  # fmt: skip

    def test_no_cell_is_lost(self) -> None:
        text = "事项名称,说明,说明,\n甲,一,二,三,四\n"

        [one] = read_list(text.encode(), name="x.csv")

        assert sorted(map(str, one.values.values())) == ["一", "三", "二", "四", "甲"]

    def test_no_record_is_lost(self) -> None:
        found = read_list(b'[{"name": "a"}, {"code": "2"}, 7, {"name": ""}]', name="x.json")

        assert [dict(one.values) for one in found] == [{"name": "a"}, {"code": "2"}, {"": "7"}, {"name": ""}]

    def test_tens_of_thousands_of_empty_rows_are_none(self) -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(["事项名称", "实施主体"])
        for _ in range(64_707):
            sheet.append([None, " "])
        sheet.append(["甲", "=1+1"])
        kept = io.BytesIO()
        book.save(kept)

        [one] = read_list(kept.getvalue(), name="x.xlsx")

        assert (one.place, one.values["事项名称"]) == (64_709, "甲")
        assert one.values.get("实施主体", "") in {"", "=1+1"}

    def test_a_packed_bomb_is_refused(self) -> None:
        kept = io.BytesIO()
        with (
            zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts,
            parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
        ):
            for _ in range(600):
                part.write(b" " * 1024 * 1024)

        with pytest.raises(SheetTooLarge):
            read_list(kept.getvalue(), name="x.xlsx")

    @given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.jsonl", "a.js", "a"]))
    def test_any_bytes_are_read_or_refused(self, data: bytes, name: str) -> None:
        with contextlib.suppress(Refused):
            assert read_list(data, name=name)

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"{", "a.json"),
            (b"alert(1)", "a.js"),
            (b"\xff\xfe\xff", "a.jsonl"),
            (b"[]", "a.json"),
            (b"[" * 9000, "a.json"),
        ],
    )
    def test_says_what_cannot_be_read(self, data: bytes, name: str) -> None:
        with pytest.raises(ListNotReadable):
            read_list(data, name=name)
