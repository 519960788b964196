"""The list of dependencies tells the truth, pins have hashes, and no file names a host."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _listed() -> set[str]:
    rows = (ROOT / "docs" / "dependencies.md").read_text().splitlines()
    return {row.split("|")[1].strip().lower() for row in rows if row.startswith("| ") and "---" not in row}


class TestDependencies:
    def test_each_runtime_package_has_its_reason(self) -> None:
        names = {
            re.split(r"[\[<>=]", line)[0].lower()
            for line in (ROOT / "requirements" / "runtime.in").read_text().split()
        }

        assert names - _listed() == set()

    def test_each_browser_package_has_its_reason(self) -> None:
        package = json.loads((ROOT / "package.json").read_text())
        names = {*package.get("dependencies", {}), *package.get("devDependencies", {})}

        assert names - _listed() == set()

    def test_each_pin_has_hashes_and_each_requirement_a_pin(self) -> None:
        for name in ("runtime", "develop"):
            text = (ROOT / "requirements" / f"{name}.txt").read_text()
            pins = re.findall(r"^([A-Za-z0-9_.-]+)==", text, flags=re.MULTILINE)
            assert len(
                re.findall(r"^[A-Za-z0-9_.-]+==\S+ \\\n    --hash=sha256:", text, flags=re.MULTILINE)
            ) == len(pins)
            wanted = (ROOT / "requirements" / f"{name}.in").read_text().split()
            asked = {
                re.split(r"[\[<>=]", line)[0].lower() for line in wanted if not line.endswith(".txt")
            } - {"-r"}
            assert asked <= {pin.lower() for pin in pins}

    def test_no_pin_file_names_a_host(self) -> None:
        for name in ("requirements/runtime.txt", "requirements/develop.txt", "package-lock.json"):
            lines = (ROOT / name).read_text().splitlines()
            assert [line for line in lines if '"resolved"' in line or line.startswith("--")] == []


class TestCommittedFiles:
    def test_no_secret_and_no_data_is_committed(self) -> None:
        files = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()

        assert [file for file in files if file.endswith((".key", ".pem", ".sqlite3", ".mo"))] == []
