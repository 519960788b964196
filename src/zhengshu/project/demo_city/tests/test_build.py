"""The city's files: reproducible, valid, and spoilt exactly as the truth says."""

import csv
import io
import json
import re
from collections import Counter
from contextlib import closing
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from stdnum import numdb
from stdnum.cn import ric, uscc

from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.dates import read_date
from zhengshu.kernel.phones import Phone
from zhengshu.kernel.regions import RegionCode
from zhengshu.project.demo_city.build import FileEntry, build_city, read_manifest
from zhengshu.project.demo_city.content import Content, read_content
from zhengshu.project.demo_city.tests.small import SEED, SMALL

OFFICIAL_REGIONS = Path(__file__).parents[6] / "shared" / "data" / "regions"
Row = dict[str, object]


def truth(folder: Path, name: str) -> list[Row]:
    rows: list[Row] = pq.read_table(folder / "truth" / f"{name}.parquet").to_pylist()
    return rows


def read_rows(folder: Path, file: str) -> list[dict[str, str]]:
    """Read a delivered file with the standard library, as another program would."""
    path = folder / file
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in table.to_pylist()
        ]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".xlsx":
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            header, *lines = book.worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, header), map(text_of, line), strict=True)) for line in lines]
    content = path.read_bytes().decode("gb18030" if "births" in file else "utf-8")
    return list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";" if "tax" in file else ","))


def text_of(cell: object) -> str:
    return "" if cell is None else str(cell)


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content()


class TestBuildCity:
    def test_the_same_seed_gives_the_same_bytes(self, city_folder: Path, tmp_path: Path) -> None:
        again = build_city(folder=tmp_path, persons=SMALL, seed=SEED)

        assert read_manifest(city_folder) == again
        assert len({entry.digest for entry in again.files}) == len(again.files)

    def test_another_seed_gives_another_city(self, city_folder: Path, tmp_path: Path) -> None:
        other = build_city(folder=tmp_path, persons=SMALL, seed=SEED + 1)

        assert other.file("police/persons.csv").digest != _digest(city_folder, "police/persons.csv")

    def test_is_not_built_again_when_it_is_there(self, city_folder: Path) -> None:
        steps: list[str] = []

        build_city(folder=city_folder, persons=SMALL, seed=SEED, progress=lambda step, *_: steps.append(step))

        assert steps == []

    def test_has_as_many_persons_as_asked_for(self, city_folder: Path) -> None:
        assert len(truth(city_folder, "persons")) == SMALL
        assert len(truth(city_folder, "enterprises")) == SMALL // 4


class TestIdentifiers:
    def test_every_citizen_id_is_valid_and_nobody_elses(self, city_folder: Path) -> None:
        numbers = [str(row["citizen_id"]) for row in truth(city_folder, "persons")]

        assert len(set(numbers)) == SMALL
        for number in numbers:
            assert CitizenId.is_valid(number)
            assert ric.calc_check_digit(number) == number[-1]
            assert not ric.is_valid(number), "its region must not exist"

    def test_an_id_tells_the_birth_and_the_sex_of_its_person(self, city_folder: Path) -> None:
        for row in truth(city_folder, "persons"):
            citizen = CitizenId.parse(str(row["citizen_id"]))
            assert citizen.born_on.isoformat() == row["born_on"]
            assert citizen.sex == (1 if row["sex"] == "男" else 2)

    def test_every_credit_code_is_valid(self, city_folder: Path, content: Content) -> None:
        codes = [str(row["credit_code"]) for row in truth(city_folder, "enterprises")]
        codes += [department.code for department in content.city.departments]

        assert len(set(codes)) == len(codes)
        assert [code for code in codes if not (CreditCode.is_valid(code) and uscc.is_valid(code))] == []

    def test_no_region_code_was_ever_assigned(self, city_folder: Path, content: Content) -> None:
        codes = {county.code for county in content.city.counties} | {
            content.city.city.code,
            content.city.province.code,
        }
        codes |= {str(row["citizen_id"])[:6] for row in truth(city_folder, "persons")}
        codes |= {str(row["credit_code"])[2:8] for row in truth(city_folder, "enterprises")}

        assert all(RegionCode.is_valid(code) and code.startswith("47") for code in codes)
        assigned = numdb.get("cn/loc")
        assert [code for code in codes if any(properties for _, properties in assigned.info(code))] == []

    @pytest.mark.skipif(
        not OFFICIAL_REGIONS.is_dir(), reason="the official division codes are not beside the project"
    )
    def test_no_place_bears_its_name_or_code(self, content: Content) -> None:
        text = "".join(file.read_text(encoding="utf-8") for file in OFFICIAL_REGIONS.rglob("*.csv"))
        ours = [content.city.province.name, content.city.city.name]
        ours += [name for county in content.city.counties for name in (county.name, *county.towns)]

        assert [name for name in ours if f",{name}" in text or f'"{name}"' in text] == []
        assert re.search(r"(?m)^47\d{4}", text) is None

    def test_phones_are_numbers_that_no_operator_holds(self, city_folder: Path, content: Content) -> None:
        phones = [
            row["联系电话"]
            for row in read_rows(city_folder, "police/persons.csv")
            if len(row["联系电话"]) == 11
        ]

        assert len(phones) > SMALL * 0.9
        assert all(Phone.is_valid(phone) and phone[:3] in content.city.mobile_prefixes for phone in phones)


class TestTruth:
    def test_counts_every_fault_of_the_manifest(self, city_folder: Path) -> None:
        manifest = read_manifest(city_folder)
        counted = Counter(
            (row["file"], f"{row['fault']}:{row['column']}".rstrip(":"))
            for row in truth(city_folder, "faults")
        )

        assert manifest is not None
        assert counted == {
            (entry.path, fault): count
            for entry in manifest.files
            for fault, count in entry.faults.items()
            if count
        }

    def test_faults_come_at_the_rates_of_the_content(self, city_folder: Path, content: Content) -> None:
        entry = _entry(city_folder, "police/persons.csv")

        assert entry.faults["check_digit_wrong:公民身份号码"] == round(0.004 * entry.rows)
        assert entry.faults["row_doubled"] == round(0.004 * SMALL)
        assert set(content.faults.files) == {
            path for path in _paths(city_folder) if not path.startswith("truth/")
        }

    def test_what_was_written_stands_in_the_files(self, city_folder: Path) -> None:
        faults = truth(city_folder, "faults")
        for file in {str(row["file"]) for row in faults}:
            rows = read_rows(city_folder, file)
            for fault in (row for row in faults if row["file"] == file):
                number = int(str(fault["row"])) - 1
                if fault["fault"] == "row_doubled":
                    assert rows[number] == rows[int(str(fault["original"])) - 1]
                else:
                    assert rows[number][str(fault["column"])] == fault["written"]
                    assert fault["written"] != fault["original"]

    def test_a_row_carries_one_fault_at_most(self, city_folder: Path) -> None:
        places = Counter((row["file"], row["row"]) for row in truth(city_folder, "faults"))

        assert max(places.values()) == 1

    def test_wrong_check_digits_are_wrong_and_spelt_dates_are_the_same_day(self, city_folder: Path) -> None:
        for row in truth(city_folder, "faults"):
            written, original = str(row["written"]), str(row["original"])
            if row["fault"] == "check_digit_wrong":
                is_firm = row["column"] in {"统一社会信用代码", "纳税人识别号"}
                assert not (CreditCode if is_firm else CitizenId).is_valid(written[:18])
            elif row["fault"] == "date_spelling":
                assert read_date(written) == read_date(original)
            elif row["fault"] == "full_width":
                assert CitizenId.is_valid(written) or CreditCode.is_valid(written)

    def test_says_whom_each_row_is_about(self, city_folder: Path) -> None:
        people = truth(city_folder, "persons")
        spoilt = {(row["file"], row["row"]) for row in truth(city_folder, "faults")}
        rows = read_rows(city_folder, "civil/marriages.csv")
        columns = {"husband": "男方证件号码", "wife": "女方证件号码"}

        checked = 0
        for record in truth(city_folder, "records"):
            if record["file"] == "civil/marriages.csv" and (record["file"], record["row"]) not in spoilt:
                number = rows[int(str(record["row"])) - 1][columns[str(record["role"])]]
                assert number == people[int(str(record["subject"]))]["citizen_id"]
                checked += 1
        assert checked > SMALL // 10

    def test_the_dead_who_are_still_insured_are_dead(self, city_folder: Path) -> None:
        people = truth(city_folder, "persons")
        dead = {
            row["row"]
            for row in truth(city_folder, "faults")
            if row["fault"] == "dead_still_insured" and row["file"] == "social/insurance.csv"
        }

        found = [
            people[int(str(record["subject"]))]["died_on"]
            for record in truth(city_folder, "records")
            if record["file"] == "social/insurance.csv"
            and record["role"] == "person"
            and record["row"] in dead
        ]

        assert len(found) == len(dead) > 0
        assert all(found)


class TestFiles:
    def test_one_department_still_writes_gbk(self, city_folder: Path) -> None:
        content = (city_folder / "health/births.csv").read_bytes()

        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
        assert content.decode("gb18030").startswith("出生医学证明编号,")

    def test_every_file_has_the_rows_of_the_manifest(self, city_folder: Path) -> None:
        for path in _paths(city_folder):
            entry = _entry(city_folder, path)
            if path.endswith(".parquet"):
                assert pq.read_metadata(city_folder / path).num_rows == entry.rows
            elif path.endswith(".jsonl"):
                assert (city_folder / path).read_bytes().count(b"\n") == entry.rows
            else:
                assert len(read_rows(city_folder, path)) == entry.rows

    def test_five_spellings_of_dates_occur(self, city_folder: Path) -> None:
        table = pq.read_table(city_folder / "truth/faults.parquet", columns=["fault", "written"])
        written = [row["written"] for row in table.to_pylist() if row["fault"] == "date_spelling"]

        shapes = {re.sub(r"\d\d?", "9", str(text)[4:]) for text in written}

        assert len(shapes) == len({"年9月9日", "/9/9", "99", ".9.9"})


def _entry(folder: Path, path: str) -> FileEntry:
    manifest = read_manifest(folder)
    assert manifest is not None
    return manifest.file(path)


def _digest(folder: Path, path: str) -> str:
    return _entry(folder, path).digest


def _paths(folder: Path) -> list[str]:
    manifest = read_manifest(folder)
    assert manifest is not None
    return [entry.path for entry in manifest.files]
