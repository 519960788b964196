"""The command line, without a database: none of these tests may touch one."""

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet as pq

from zhengshu.contexts.quality.interfaces.commands import quality
from zhengshu.kernel.plain_yaml import read_yaml

SOUND = "91110000600037341L"
HEADER = "统一社会信用代码,企业名称,成立日期,备用"


def run(*arguments: object, language: str = "en") -> Result:
    return CliRunner(env={"COLUMNS": "220"}).invoke(
        quality, ["check", *map(str, arguments), "--language", language]
    )


def write(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([HEADER, *rows, ""]).encode(encoding))
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A file as departments send it: GBK, one sound row, one wrong code, one row with a field too many."""
    return write(
        tmp_path / "企业.csv",
        f"{SOUND},甲乙有限公司,2024-03-05,x",
        "91110000600037341M,丙丁有限公司,2024年3月5日,x",
        f"{SOUND},戊己有限公司,2024-03-05,x,y",
        encoding="gb18030",
    )


class TestCheck:
    def test_reports_what_a_person_needs(self, faulty: Path) -> None:
        done = run(faulty, "--rules", "national", "--today", "2026-06-30")

        assert done.exit_code == 1, done.output
        for text in (
            "right check character",
            "Date of establishment is written",
            "Columns without rules: 备用",
            "50.00%",
        ):
            assert text in done.output.replace("\n", ""), done.output
        assert "only rules of data elements were asked" in done.output

    def test_speaks_chinese(self, faulty: Path) -> None:
        done = run(faulty, "--rules", "national", language="zh-hans")

        assert "无规则的列：备用。" in done.output
        assert "统一社会信用代码的校验码正确" in done.output.replace("\n", "")

    def test_writes_json_and_junit_without_values(self, faulty: Path, tmp_path: Path) -> None:
        made, junit = tmp_path / "out.json", tmp_path / "out.xml"

        run(faulty, "--rules", "national", "--json", made, "--junit", junit, "--today", "2026-06-30")

        document = json.loads(made.read_text(encoding="utf-8"))
        failed = {rule["code"]: rule["places"] for rule in document["rules"] if rule["failed"]}
        assert (document["rows"], document["broken_rows"], document["faulty_rows"]) == (2, 1, 1)
        assert failed == {"credit-code-check:credit_code": [3], "registered-on-type:registered_on": [3]}
        suite = fromstring(junit.read_text(encoding="utf-8"))  # noqa: S314 - our own output
        assert suite.get("failures") == "2"
        assert len(suite.findall("testcase")) == len(document["rules"])
        assert SOUND not in made.read_text(encoding="utf-8") + junit.read_text(encoding="utf-8")

    def test_says_the_same_of_parquet_and_keeps_the_bits(self, tmp_path: Path) -> None:
        path, kept = tmp_path / "enterprises.parquet", tmp_path / "kept"
        codes = [SOUND, "91110000600037341M", None]
        pq.write_table(pa.table({"统一社会信用代码": codes, "企业名称": ["甲乙公司"] * 3}), path)

        done = run(path, "--rules", "demo-city", "--table", "enterprises", "--keep", kept)

        assert done.exit_code == 1, done.output
        assert {
            place for file in kept.glob("*.parquet") for place in pq.read_table(file)["place"].to_pylist()
        } == {
            2,
            3,
        }
        assert "Columns that the file lacks: 企业类型" in done.output

    @pytest.mark.parametrize("kind", ["json", "junit", "odcs"])
    def test_prints_for_programs_and_nothing_beside(self, faulty: Path, kind: str) -> None:
        done = run(faulty, "--rules", "national", "--today", "2026-06-30", "--format", kind)

        assert done.exit_code == 1
        if kind == "json":
            assert json.loads(done.stdout)["faulty_rows"] == 1
        elif kind == "junit":
            assert fromstring(done.stdout).get("failures") == "2"  # noqa: S314 - our own output
        else:
            contract = read_yaml(done.stdout)
            assert isinstance(contract, dict)
            assert contract["apiVersion"] == "v3.1.0"
            (schema,) = contract["schema"]
            code = next(one for one in schema["properties"] if one["name"] == "credit_code")
            failed = {
                rule["id"]: entry["value"]
                for rule in code["quality"]
                for entry in rule["customProperties"]
                if entry["property"] == "failed"
            }
            assert failed["credit-code-check_credit_code"] == 1
        assert SOUND not in done.stdout

    def test_reads_a_sample_and_says_so(self, tmp_path: Path) -> None:
        path, out = tmp_path / "enterprises.parquet", tmp_path / "out.json"
        codes = [SOUND, "91110000600037341M"] * 3_000
        pq.write_table(pa.table({"统一社会信用代码": codes}), path, row_group_size=50)

        done = run(path, "--rules", "national", "--sample", 1_500, "--json", out)

        document = json.loads(out.read_text("utf-8"))
        assert (document["rows"], document["sampled_rows"]) == (6_000, 1_500)
        assert "50.00% ± 2.19%" in done.output.replace("\n", "")

    def test_passes_a_sound_file(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.csv", f"{SOUND},甲乙有限公司,2024-03-05,x")

        done = run(path, "--rules", "national")

        assert done.exit_code == 0, done.output
        assert "No rule blames a row." in done.output

    @pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("hint", 1), ("never", 0)])
    def test_fails_from_the_severity_that_was_asked_for(
        self, tmp_path: Path, fail_on: str, code: int
    ) -> None:
        path = write(tmp_path / "a.csv", f"{SOUND.lower()}, 甲乙有限公司,2024-03-05,x")

        assert run(path, "--rules", "national", "--fail-on", fail_on).exit_code == code

    def test_compares_to_the_former_run(self, tmp_path: Path) -> None:
        people = tmp_path / "persons.csv"
        people.write_text("公民身份号码,姓名,性别\n" + "360426199101010071,李伟,男\n" * 9, encoding="utf-8")
        former = tmp_path / "former.json"
        first = run(people, "--rules", "demo-city", "--table", "persons", "--json", former)
        people.write_text("公民身份号码,姓名,性别\n360426199101010071,李伟,男\n", encoding="utf-8")

        second = run(people, "--rules", "demo-city", "--table", "persons", "--former", former)

        assert "Number of rows is as in" not in first.output.replace("\n", "")
        assert "Number of rows is as in" in second.output.replace("\n", "")

    def test_joins_the_other_tables_that_it_is_given(self, tmp_path: Path) -> None:
        people, homes = tmp_path / "persons.csv", tmp_path / "households.csv"
        people.write_text("公民身份号码,姓名,户号\n360426199101010071,李伟,1\n", encoding="utf-8")
        homes.write_text(
            "户号,户主公民身份号码,户主姓名,人口数\n1,360426199101010071,李玮,2\n", encoding="utf-8"
        )
        result = tmp_path / "out.json"

        run(
            homes,
            "--rules",
            "demo-city",
            "--table",
            "households",
            "--with",
            f"persons={people}",
            "--json",
            result,
        )

        rules = {rule["code"]: rule["failed"] for rule in json.loads(result.read_text("utf-8"))["rules"]}
        assert rules["households-head-name-agrees"] == 1
        assert rules["households-members-agree"] == 1

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("--rules", "nowhere"), "There is no pack of rules “nowhere”. Known: demo-city, national."),
            (("--rules", "demo-city", "--table", "x"), "The pack describes no table “x”."),
            (("--rules", "national", "--former", __file__), "is not a report of a former run"),
        ],
    )
    def test_exits_with_two_and_a_sentence_where_it_cannot_check(
        self, faulty: Path, arguments: tuple[str, ...], sentence: str
    ) -> None:
        done = run(faulty, *arguments)

        assert done.exit_code == 2
        assert sentence in done.output

    def test_says_which_headings_it_does_not_know(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("颜色,味道\n红,甜\n", encoding="utf-8")

        done = run(path, "--rules", "national")

        assert (done.exit_code, "The file has: 颜色、味道." in done.output) == (2, True)

    def test_prints_each_fault_of_a_pack(self, faulty: Path, tmp_path: Path) -> None:
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "elements.yaml").write_text("email: [{code: a}, {code: b}]", encoding="utf-8")

        done = run(faulty, "--rules", tmp_path / "own")

        assert done.exit_code == 2
        assert done.output.count("is missing") == 2


class TestTrySql:
    def tried(self, tmp_path: Path, statement: str) -> Result:
        (tmp_path / "rule.sql").write_text(statement, encoding="utf-8")
        people = tmp_path / "people.csv"
        people.write_text(
            "公民身份号码,姓名,性别\n360426199101010071,李伟,男\n360426199101010071,王 芳,女\n",
            encoding="utf-8",
        )
        arguments = ["try-sql", str(people), str(tmp_path / "rule.sql"), "--rules", "demo-city"]
        return CliRunner().invoke(quality, [*arguments, "--table", "persons", "--language", "zh-hans"])

    def test_says_what_it_blames(self, tmp_path: Path) -> None:
        done = self.tried(tmp_path, "SELECT place FROM rows WHERE name LIKE '% %'")

        assert done.exit_code == 1, done.output
        assert "2行中查出1行" in done.output

    def test_passes_where_it_blames_nothing(self, tmp_path: Path) -> None:
        assert self.tried(tmp_path, "SELECT place FROM rows WHERE name = '无人'").exit_code == 0

    def test_refuses_what_cannot_be_a_rule(self, tmp_path: Path) -> None:
        done = self.tried(tmp_path, "COPY rows TO '/tmp/stolen.csv'")

        assert done.exit_code == 2
        assert "SELECT" in done.output
