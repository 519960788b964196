"""Import of the official spreadsheet, and what people put into spreadsheets."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.export_resources import to_csv, to_xlsx
from zhengshu.contexts.catalog.application.import_resources import HeadersMissing, Outcome, import_resources
from zhengshu.contexts.catalog.application.reading_samples import read_samples
from zhengshu.contexts.catalog.tests.factories import AT, City, draft, published
from zhengshu.foundation.files.sheets import (
    SheetEmpty,
    SheetNotReadable,
    SheetTooLarge,
    read_rows,
)
from zhengshu.foundation.lists import ListQuery

HEAD = ["信息资源名称", "信息资源分类", "信息资源摘要", "信息资源格式类型", "信息项名称", "字段名"]
GOOD = ["甲资源", "306001", "摘要", "CSV", "名称", "title"]


def book(*rows: list[str]) -> bytes:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.django_db
class TestImport:
    def test_what_was_exported_is_imported_unchanged(self, town: City) -> None:
        published(town)

        for data in (
            to_xlsx(query=ListQuery(), actor=town.officer),
            to_csv(query=ListQuery(), actor=town.officer),
        ):
            (found,) = import_resources(data=data, name="目录", actor=town.officer, at=AT)
            assert (found.outcome, found.code) == (Outcome.UNCHANGED, "306001-00001")

    @pytest.mark.article("809", 13)
    def test_new_rows_become_drafts_and_bad_rows_stop_nothing(self, town: City) -> None:
        bad = replace_at(GOOD, 1, "999999")

        found = import_resources(
            data=book(HEAD, GOOD, replace_at(bad, 0, "乙资源")), name="x", actor=town.officer, at=AT
        )

        assert [one.outcome for one in found] == [Outcome.DRAFTED, Outcome.REFUSED]
        assert [(fault.line, fault.header) for fault in found[1].faults] == [(3, "信息资源分类")]

    def test_a_changed_published_resource_is_revised(self, town: City) -> None:
        made = published(town)
        data = to_csv(query=ListQuery(), actor=town.officer).replace("每日".encode(), "每周".encode())

        (found,) = import_resources(data=data, name="x", actor=town.officer, at=AT)

        assert found.outcome is Outcome.REVISED
        assert api.published_by_code(code=made.code).update_cycle is api.UpdateCycle.DAILY

    def test_another_departments_code_is_not_taken_over(self, town: City) -> None:
        made = published(town)
        row = [*GOOD, made.official_code]

        (found,) = import_resources(
            data=book([*HEAD, "信息资源代码"], row), name="x", actor=town.stranger, at=AT
        )

        assert found.outcome is Outcome.REFUSED
        assert api.versions_of(code=made.code, actor=town.officer)[0].number == 1

    def test_a_file_of_another_department_is_refused_row_by_row(self, town: City) -> None:
        published(town)
        data = to_csv(query=ListQuery(), actor=town.officer)

        (found,) = import_resources(data=data, name="x", actor=town.stranger, at=AT)

        assert [fault.header for fault in found.faults] == ["提供方代码"]

    def test_a_foreign_layout_is_named(self, town: City) -> None:
        with pytest.raises(HeadersMissing) as refused:
            import_resources(data=book(["名称", "说明"], ["甲", "乙"]), name="x", actor=town.officer, at=AT)

        assert "信息资源名称" in str(refused.value)

    def test_texts_that_look_like_formulas_are_defused_in_csv(self, town: City) -> None:
        published(town, draft(summary="=HYPERLINK(1)"))

        assert b"'=HYPERLINK(1)" in to_csv(query=ListQuery(), actor=town.officer)


class TestTraps:
    def test_64707_blank_rows_cost_nothing(self) -> None:
        made = Workbook()
        made.worksheets[0].append(HEAD)
        made.worksheets[0].cell(row=64_708, column=1, value="最后一行")
        out = io.BytesIO()
        made.save(out)

        found = read_rows(out.getvalue(), name="x.xlsx")

        assert [line for line, _ in found] == [1, 64_708]

    def test_a_zip_bomb_is_refused_before_it_unpacks(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/worksheets/sheet1.xml", b"0" * 160 * 1024 * 1024)

        with pytest.raises(SheetTooLarge):
            read_rows(out.getvalue(), name="x.xlsx")

    @pytest.mark.parametrize(
        "data", [b"PK\x03\x04 no zip", b"\xff\xfe\x00", bytes(range(128, 256)) * 3, b"\x00\x01\x02"]
    )
    def test_what_is_no_sheet_is_refused_with_a_sentence(self, data: bytes) -> None:
        with pytest.raises((SheetNotReadable, SheetEmpty)):
            read_rows(data, name="x.xlsx")

    def test_a_zip_that_is_no_workbook_is_refused(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr("readme.txt", "nothing")

        with pytest.raises(SheetNotReadable):
            read_rows(out.getvalue(), name="x.xlsx")

    def test_gbk_and_semicolons_are_read(self) -> None:
        found = read_samples("姓名;金额\n张三;12\n".encode("gbk"), name="x.csv")

        assert [(one.name, one.values) for one in found] == [("姓名", ("张三",)), ("金额", ("12",))]

    def test_2000_columns_are_refused(self) -> None:
        with pytest.raises(SheetTooLarge):
            read_rows((",".join(f"c{number}" for number in range(2000)) + "\n1\n").encode(), name="x.csv")

    def test_an_empty_file_is_refused(self) -> None:
        with pytest.raises(SheetEmpty):
            read_rows(b"", name="x.csv")


def replace_at(row: list[str], place: int, value: str) -> list[str]:
    return [*row[:place], value, *row[place + 1 :]]
