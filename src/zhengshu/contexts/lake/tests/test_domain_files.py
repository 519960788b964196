"""Formats, encodings, dialects, headers and names."""

import pytest

from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.contexts.lake.domain.dialects import Dialect, dialect_of, record_ends
from zhengshu.contexts.lake.domain.encodings import Detected, Encoding, EncodingUnknown, encoding_of
from zhengshu.contexts.lake.domain.formats import FileEmpty, FileFormat, FormatUnknown, format_of
from zhengshu.contexts.lake.domain.headers import (
    ColumnsMissing,
    ColumnTwice,
    HeaderNotFound,
    distinct_headings,
    guess_header,
    match_header,
)
from zhengshu.contexts.lake.domain.names import safe_file_name, table_name, view_name
from zhengshu.contexts.lake.domain.safety import neutral, original
from zhengshu.kernel.identity import new_id

CHINESE = "企业名称,统一社会信用代码,成立日期\n云州商贸有限公司,91470300MA00000000,2014-05-06\n" * 20
COLUMNS = (
    Column(name="企业名称", column="name", is_required=True),
    Column(name="统一社会信用代码", column="credit_code", is_key=True),
    Column(name="备注", column="note"),
)


class TestEncoding:
    @pytest.mark.parametrize(
        ("content", "detected"),
        [
            (CHINESE.encode("utf-8"), Detected(Encoding.UTF8)),
            (b"\xef\xbb\xbf" + CHINESE.encode("utf-8"), Detected(Encoding.UTF8, 3)),
            (CHINESE.encode("gbk"), Detected(Encoding.GB18030)),
            ((CHINESE + "𠮷㐂").encode("gb18030"), Detected(Encoding.GB18030)),
            (b"\xff\xfe" + CHINESE.encode("utf-16-le"), Detected(Encoding.UTF16_LE, 2)),
            (CHINESE.encode("utf-16-be"), Detected(Encoding.UTF16_BE)),
            (CHINESE.encode("utf-16-le"), Detected(Encoding.UTF16_LE)),
            (b"id,name\n1,x\n", Detected(Encoding.UTF8)),
        ],
    )
    def test_is_recognized_by_content(self, content: bytes, detected: Detected) -> None:
        assert encoding_of(content) == detected

    def test_a_cut_character_at_the_end_of_the_sample_does_not_matter(self) -> None:
        assert encoding_of(CHINESE.encode()[:-2]) == Detected(Encoding.UTF8)

    def test_noise_is_refused(self) -> None:
        with pytest.raises(EncodingUnknown):
            encoding_of(bytes(range(128, 256)) * 40)


class TestFormat:
    @pytest.mark.parametrize(
        ("head", "names", "expected"),
        [
            (b"PAR1", (), FileFormat.PARQUET),
            (b"PK\x03\x04", ("xl/workbook.xml",), FileFormat.XLSX),
            (b'\xef\xbb\xbf {"a":1}', (), FileFormat.JSON_LINES),
            (b"a,b\n", (), FileFormat.CSV),
        ],
    )
    def test_is_told_by_content(self, head: bytes, names: tuple[str, ...], expected: FileFormat) -> None:
        assert format_of(head, zip_names=names) is expected

    @pytest.mark.parametrize(
        "head", [b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"]
    )
    def test_what_is_no_table_is_refused(self, head: bytes) -> None:
        with pytest.raises(FormatUnknown):
            format_of(head, zip_names=("word/document.xml",))

    @pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b" \r\n\n", b"\x00\x00"])
    def test_nothing_is_refused(self, head: bytes) -> None:
        with pytest.raises(FileEmpty):
            format_of(head)


class TestDialect:
    @pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
    def test_is_recognized(self, delimiter: str) -> None:
        sample = f"a{delimiter}b{delimiter}c\n" + f'"x,y;z"{delimiter}2{delimiter}3\n' * 5

        assert dialect_of(sample) == Dialect(delimiter)

    def test_one_column_has_none(self) -> None:
        assert dialect_of("名称\n甲\n乙\n") == Dialect(",")

    def test_line_ends_in_quotes_do_not_end_a_record(self) -> None:
        text = 'a,b\n1,"x\ny""z"\r\n2,q"r\n'

        pieces = []
        start = 0
        for end in record_ends(text, dialect=Dialect()):
            pieces.append(text[start:end])
            start = end

        assert pieces == ["a,b\n", '1,"x\ny""z"\r\n', '2,q"r\n']


class TestHeader:
    def test_titles_and_group_headings_above_are_passed_over(self) -> None:
        rows = [
            ["2024年企业登记表", "", ""],
            ["基本信息", "", "其他"],
            ["统一社会信用代码*", " 企业 名称", "多余"],
            ["9", "甲", ""],
        ]

        header = match_header(rows, columns=COLUMNS)

        assert header.row == 2
        assert header.places == {"credit_code": 0, "name": 1}
        assert (header.unknown, header.absent) == (("多余",), ("备注",))

    def test_field_names_are_headings_too(self) -> None:
        assert match_header([["CREDIT_CODE", "name"]], columns=COLUMNS).places == {
            "credit_code": 0,
            "name": 1,
        }

    def test_another_file_is_refused_with_what_was_expected(self) -> None:
        with pytest.raises(HeaderNotFound, match="统一社会信用代码"):
            match_header([["姓名", "电话"], ["张三", "1"]], columns=COLUMNS)

    def test_a_heading_twice_is_refused(self) -> None:
        with pytest.raises(ColumnTwice, match="企业名称"):
            match_header([["企业名称", "name", "统一社会信用代码"]], columns=COLUMNS)

    def test_a_missing_key_is_refused_by_name(self) -> None:
        with pytest.raises(ColumnsMissing, match="统一社会信用代码"):
            match_header([["企业名称", "备注"]], columns=COLUMNS)

    def test_the_header_of_an_unknown_file_is_guessed(self) -> None:
        assert guess_header([["报表", "", ""], ["名称", "数量", "日期"], ["甲", "1", "2024-01-01"]]) == 1

    def test_repeated_headings_are_told_apart(self) -> None:
        assert distinct_headings(["电话", "", "电话"]) == ("电话", "column_2", "电话_2")


class TestNames:
    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\交换\\企业.csv", "企业.csv"),
            ("..", "file"),
            ("a\x00b\n.csv", "ab.csv"),
            ("\u202evsc.exe", "vsc.exe"),
            (".hidden", "hidden"),
        ],
    )
    def test_a_file_name_leads_nowhere(self, name: str, safe: str) -> None:
        assert safe_file_name(name) == safe

    def test_a_long_name_keeps_its_extension(self) -> None:
        name = safe_file_name("很" * 500 + ".xlsx")

        assert len(name) == 120
        assert name.endswith(".xlsx")

    def test_views_and_tables_fit_postgresql(self) -> None:
        view = view_name("3070100/" + "X" * 200)

        assert len(view) <= 63
        assert len(table_name(view, batch_id=new_id())) <= 63


class TestNeutral:
    @pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+2", "-2+3+cmd", "\t=1", "＝1"])
    def test_formulas_are_disarmed_and_restored(self, text: str) -> None:
        assert neutral(text) == "'" + text
        assert original(neutral(text)) == text

    @pytest.mark.parametrize("text", ["-12.5", "+86", "正常", "", "'引号"])
    def test_values_stay(self, text: str) -> None:
        assert neutral(text) == text
        assert original(text) == text
