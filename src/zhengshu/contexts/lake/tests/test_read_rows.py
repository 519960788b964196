from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from zhengshu.contexts.lake import api


def read(path: Path) -> tuple[dict[str, list[object]], list[int], int]:
    opened = api.open_rows(source=path, file_name=path.name)
    pieces = list(opened.pieces())
    columns = {
        heading: [value for piece in pieces for value in piece.rows.column(number).to_pylist()]
        for number, heading in enumerate(opened.headings)
    }
    lines = [int(line) for piece in pieces for line in piece.lines]
    return columns, lines, sum(piece.broken for piece in pieces)


class TestOpenRows:
    def test_reads_gbk_under_a_title_with_line_numbers(self, tmp_path: Path) -> None:
        path = tmp_path / "企业.csv"
        path.write_bytes('企业登记表,\n名称,代码\n甲公司,１\n"乙\n公司",\n丙,2,3\n丁,4\n'.encode("gb18030"))

        columns, lines, broken = read(path)

        assert columns == {"名称": ["甲公司", "乙\n公司", "丁"], "代码": ["１", "", "4"]}
        assert (lines, broken) == ([3, 4, 7], 1)

    def test_reads_json_lines_and_parquet_alike(self, tmp_path: Path) -> None:
        lines, parquet = tmp_path / "a.jsonl", tmp_path / "a.parquet"
        lines.write_text('{"名称": "甲", "数": 1}\n{"名称": "乙"}\n', encoding="utf-8")
        pq.write_table(pa.table({"名称": ["甲", "乙"], "数": pa.array([1, None], pa.int64())}), parquet)

        assert read(lines)[0] == read(parquet)[0] == {"名称": ["甲", "乙"], "数": ["1", ""]}
        assert (api.is_parquet(lines), api.is_parquet(parquet)) == (False, True)
