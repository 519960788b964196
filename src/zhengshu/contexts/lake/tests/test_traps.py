"""Files that have broken other platforms: each is either collected rightly or refused with a sentence."""

import io
import json
import time
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet as pq
from pytest_django.fixtures import Settings

from zhengshu.contexts.catalog.api import ItemDraft
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchRecord, FaultKind
from zhengshu.contexts.lake.application.reading.delimited import RowTooLong
from zhengshu.contexts.lake.application.reading.parquet import ParquetDamaged
from zhengshu.contexts.lake.application.reading.spreadsheets import SpreadsheetDamaged, SpreadsheetTooLarge
from zhengshu.contexts.lake.domain.formats import FileEmpty, FormatUnknown
from zhengshu.contexts.lake.domain.headers import ColumnTwice, HeaderNotFound, RowsMissing
from zhengshu.contexts.lake.tests import factories
from zhengshu.kernel.errors import Refused

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).parents[6] / "shared" / "data"


def collect(tmp_path: Path, content: str | bytes, *, name: str = "企业.csv") -> BatchRecord:
    return factories.collected(factories.resource(), factories.file(tmp_path, content, name=name))


def refused(tmp_path: Path, content: str | bytes, *, name: str = "企业.csv") -> type[Refused]:
    with pytest.raises(Refused) as caught:
        collect(tmp_path, content, name=name)
    return type(caught.value)


def lines_at_fault(batch: BatchRecord) -> list[tuple[int, FaultKind]]:
    page = api.set_aside_rows(batch_id=batch.id, actor=factories.PLATFORM, query=factories.ALL)
    return [(row.line, row.faults[0].kind) for row in page.rows]


def workbook(rows: list[list[object]], *, merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class TestText:
    @pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
    def test_other_encodings_are_read(self, tmp_path: Path, encoding: str) -> None:
        rows = [factories.row(number) for number in range(50)]

        batch = collect(tmp_path, factories.text(rows).encode(encoding))

        assert (batch.accepted, batch.set_aside) == (50, 0)

    def test_one_damaged_character_costs_one_row(self, tmp_path: Path) -> None:
        content = (
            factories.text(map(factories.row, range(50))).encode().replace("第7商".encode(), b"\xff\xfe7")
        )

        batch = collect(tmp_path, content)

        assert (batch.accepted, batch.set_aside) == (49, 1)
        assert lines_at_fault(batch) == [(9, FaultKind.UNREADABLE_CHARACTER)]

    def test_ragged_rows_are_set_aside_with_their_line(self, tmp_path: Path) -> None:
        lines = factories.text(map(factories.row, range(4))).splitlines()
        lines[2] = lines[2].rsplit(",", 2)[0]
        lines.insert(4, lines[1] + ",多出来的")
        lines.insert(1, "")

        batch = collect(tmp_path, "\n".join(lines))

        assert (batch.accepted, batch.set_aside, batch.blank) == (3, 2, 1)
        assert lines_at_fault(batch) == [(4, FaultKind.FIELD_COUNT), (6, FaultKind.FIELD_COUNT)]

    def test_a_trailing_separator_in_every_row_does_no_harm(self, tmp_path: Path) -> None:
        head, *rows = factories.text(map(factories.row, range(4))).splitlines()

        batch = collect(tmp_path, "\n".join([head, *(row + "," for row in rows)]))

        assert (batch.accepted, batch.set_aside) == (4, 0)

    def test_shifted_rows_are_set_aside_for_their_values(self, tmp_path: Path) -> None:
        shifted = ["", *factories.row(2)[:-1]]

        batch = collect(tmp_path, factories.text([factories.row(1), shifted]))

        assert lines_at_fault(batch) == [(3, FaultKind.MISSING)]
        assert {count.column for count in batch.faults} >= {"credit_code", "founded_on", "staff"}

    def test_line_ends_inside_values_keep_the_lines_right(self, tmp_path: Path) -> None:
        rows = [
            factories.row(1, name='"甲\n乙"'),
            factories.row(2, staff="许多"),
            factories.row(3, name='"丙\r\n丁"'),
        ]

        batch = collect(tmp_path, factories.text([*rows, factories.row(4, staff="x")]))

        assert lines_at_fault(batch) == [(4, FaultKind.NOT_INTEGER), (7, FaultKind.NOT_INTEGER)]

    def test_nul_bytes_are_set_aside(self, tmp_path: Path) -> None:
        batch = collect(tmp_path, factories.text([factories.row(1, name="坏\x00名"), factories.row(2)]))

        assert lines_at_fault(batch) == [(2, FaultKind.CONTROL_CHARACTER)]

    def test_a_quote_that_is_never_closed_spoils_only_what_follows(self, tmp_path: Path) -> None:
        rows = [factories.row(1), factories.row(2, name='"没有收尾'), factories.row(3)]

        batch = collect(tmp_path, factories.text(rows))

        assert batch.accepted == 1
        assert lines_at_fault(batch) == [(3, FaultKind.QUOTE_OPEN), (4, FaultKind.QUOTE_OPEN)]

    def test_a_huge_field_is_refused_with_its_line(self, tmp_path: Path) -> None:
        content = factories.text([factories.row(1), factories.row(2, name='"' + "长" * 6_000_000 + '"')])

        assert refused(tmp_path, content) is RowTooLong

    def test_a_long_field_is_set_aside(self, tmp_path: Path) -> None:
        batch = collect(tmp_path, factories.text([factories.row(1), factories.row(2, name="长" * 100_000)]))

        assert lines_at_fault(batch) == [(3, FaultKind.TOO_LONG)]

    def test_two_thousand_columns(self, tmp_path: Path) -> None:
        headings = [*factories.HEADINGS, *(f"列{number}" for number in range(2000))]
        rows = [[*factories.row(number), *["x"] * 2000] for number in range(200)]

        batch = collect(tmp_path, factories.text(rows, headings=headings))

        assert (batch.accepted, batch.set_aside) == (200, 0)
        assert [code for code, _ in batch.notes] == ["unknown_columns"]

    def test_formulas_stay_texts(self, tmp_path: Path) -> None:
        batch = collect(tmp_path, factories.text([factories.row(1, name="=cmd|' /C calc'!A0")]))

        assert batch.accepted == 1

    @pytest.mark.parametrize("content", ["", "\ufeff", "\n\n  \n"])
    def test_nothing_is_refused(self, tmp_path: Path, content: str) -> None:
        assert refused(tmp_path, content) is FileEmpty

    @pytest.mark.parametrize("end", ["", "\n", "\n,,,,,,,\n\n"])
    def test_a_header_alone_is_refused(self, tmp_path: Path, end: str) -> None:
        assert refused(tmp_path, ",".join(factories.HEADINGS) + end) is RowsMissing

    def test_a_duplicated_heading_is_refused(self, tmp_path: Path) -> None:
        headings = [*factories.HEADINGS, "企业名称"]

        assert refused(tmp_path, factories.text([[*factories.row(1), "x"]], headings=headings)) is ColumnTwice

    def test_another_file_is_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path, "姓名,电话\n张三,1\n") is HeaderNotFound

    def test_a_wrong_extension_is_noticed_not_believed(self, tmp_path: Path) -> None:
        batch = collect(tmp_path, factories.text([factories.row(1)], delimiter="\t"), name="企业.xlsx")

        assert batch.notes == (("extension", "csv"),)
        assert batch.about == {"format": "csv", "encoding": "utf-8", "delimiter": "TAB"}

    @pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x", b"\x1f\x8b x"])
    def test_what_is_no_table_is_refused(self, tmp_path: Path, content: bytes) -> None:
        assert refused(tmp_path, content) is FormatUnknown

    def test_a_large_delivery_is_refused_before_it_is_read(self, tmp_path: Path, settings: Settings) -> None:
        settings.LAKE_MOST_UPLOAD_BYTES = 100

        assert refused(tmp_path, factories.text([factories.row(1)])) is api.FileTooLarge

    def test_a_batch_of_faults_is_refused(self, tmp_path: Path, settings: Settings) -> None:
        settings.LAKE_MOST_SET_ASIDE = 10
        rows = [factories.row(number, staff="x") for number in range(11)]

        assert refused(tmp_path, factories.text([*rows, factories.row(99)])) is api.TooManyFaults

    def test_a_batch_without_one_fitting_row_is_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path, factories.text([factories.row(1, staff="x")])) is api.NoRowFits


class TestSpreadsheet:
    def test_titles_and_merged_headings_are_passed_over(self, tmp_path: Path) -> None:
        rows: list[list[object]] = [
            ["云州市企业登记表"],
            ["基本信息", None, "其他"],
            list(factories.HEADINGS),
            list(factories.row(1)),
        ]

        batch = collect(tmp_path, workbook(rows, merge="A1:H1"), name="企业.xlsx")

        assert batch.accepted == 1
        assert batch.notes == (("rows_above_header", "2"),)

    def test_numbers_that_lost_their_digits_are_set_aside(self, tmp_path: Path) -> None:
        lost: list[object] = [914703000000000012, *factories.row(2)[1:]]
        rows = [list[object](factories.HEADINGS), list[object](factories.row(1)), lost]

        batch = collect(tmp_path, workbook(rows), name="企业.xlsx")

        assert lines_at_fault(batch) == [(3, FaultKind.DIGITS_LOST)]

    def test_a_formula_without_a_result_is_set_aside(self, tmp_path: Path) -> None:
        rows = [
            list[object](factories.HEADINGS),
            list[object](factories.row(1)),
            list[object](factories.row(2, staff="=1+1")),
        ]

        batch = collect(tmp_path, workbook(rows), name="企业.xlsx")

        assert lines_at_fault(batch) == [(3, FaultKind.FORMULA_EMPTY)]

    def test_64707_blank_rows_are_skipped_fast(self, tmp_path: Path) -> None:
        rows = [
            list[object](factories.HEADINGS),
            *(list[object](factories.row(number)) for number in range(495)),
        ]
        content = _with_blank_rows(workbook(rows), first=497, count=64_707)

        started = time.monotonic()
        batch = collect(tmp_path, content, name="企业.xlsx")

        assert (batch.accepted, batch.blank) == (495, 64_707)
        assert time.monotonic() - started < 10

    def test_a_zip_bomb_is_refused_unopened(self, tmp_path: Path, settings: Settings) -> None:
        settings.LAKE_MOST_UNPACKED_BYTES = 50 << 20
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 << 20))
        assert len(bomb.getvalue()) < 100_000

        assert refused(tmp_path, bomb.getvalue(), name="企业.xlsx") is SpreadsheetTooLarge

    def test_a_bomb_that_lies_about_its_size_is_refused(self, tmp_path: Path) -> None:
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (8 << 20))
        size = (8 << 20).to_bytes(4, "little")
        content = bomb.getvalue().replace(size, (100).to_bytes(4, "little"))

        assert refused(tmp_path, content, name="企业.xlsx") is SpreadsheetDamaged

    def test_a_cut_workbook_is_refused(self, tmp_path: Path) -> None:
        rows = [list[object](factories.HEADINGS), list[object](factories.row(1))]

        assert refused(tmp_path, workbook(rows)[:-300], name="企业.xlsx") in {
            FormatUnknown,
            SpreadsheetDamaged,
        }


class TestOtherFormats:
    def test_json_lines(self, tmp_path: Path) -> None:
        good = dict(zip(factories.HEADINGS, factories.row(1), strict=True)) | {
            "从业人数": 12,
            "是否上市": True,
        }
        nested = good | {"企业名称": {"a": 1}}
        content = "\n".join([json.dumps(good, ensure_ascii=False), "{broken", json.dumps(nested), "[]", ""])

        batch = collect(tmp_path, content, name="企业.jsonl")

        assert batch.accepted == 1
        assert lines_at_fault(batch) == [
            (2, FaultKind.NOT_JSON),
            (3, FaultKind.NESTED),
            (4, FaultKind.NOT_JSON),
        ]

    def test_parquet_keeps_its_types(self, tmp_path: Path) -> None:
        table = pa.table(
            {"credit_code": ["914703000000000001"], "name": ["甲"], "staff": [5.0], "is_listed": [True]}
        )
        pq.write_table(table, tmp_path / "企业.parquet")

        batch = factories.collected(factories.resource(), tmp_path / "企业.parquet")

        assert (batch.accepted, batch.set_aside) == (1, 0)

    def test_a_cut_parquet_file_is_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path, b"PAR1 cut off", name="企业.parquet") is ParquetDamaged


class TestRealFiles:
    def test_a_provinces_register_of_enterprises(self) -> None:
        path = next(iter((SHARED / "enterprises").glob("*.csv")), None)
        if path is None:
            pytest.skip("the shared sample data are not here")
        names = (
            "企业名称",
            "统一社会信用代码",
            "注册日期",
            "企业类型",
            "注册资金",
            "经营范围",
            "所在省份",
            "地区",
            "注册地址",
        )
        items = [
            ItemDraft(
                name=name,
                column=f"c{number}",
                is_key=name == "统一社会信用代码",
                length=18 if number == 1 else None,
            )
            for number, name in enumerate(names)
        ]

        batch = factories.collected(factories.resource(items=items), path)

        assert batch.rows == 639
        assert batch.set_aside < 60

    def test_a_labelled_sheet_with_blank_rows_after_its_data(self) -> None:
        path = SHARED / "appeals" / "附件2_示例.xlsx"
        if not path.exists():
            pytest.skip("the shared sample data are not here")

        profile = api.profile(source=path, file_name=path.name)

        assert profile.rows == 495


def _with_blank_rows(content: bytes, *, first: int, count: int) -> bytes:
    """Append empty row elements to the sheet, as spreadsheet programs leave them behind formatting."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    blank = "".join(
        f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(first, first + count)
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", blank.encode() + b"</sheetData>")
            archive.writestr(name, data)
    return target.getvalue()
