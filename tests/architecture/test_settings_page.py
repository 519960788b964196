"""docs/settings.md names every environment variable that the code reads, and none that it does not."""

import re
from pathlib import Path

from zhengshu.contexts.exchange.gateway import settings as gateway

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"ZHENGSHU_[A-Z_]*[A-Z]")
OF_TESTS = {"ZHENGSHU_TEST_DATABASE", "ZHENGSHU_TESTS_DATA", "ZHENGSHU_CHROMIUM"}


def _read_by_the_code() -> set[str]:
    files = [file for file in (ROOT / "src").rglob("*.py") if "tests" not in file.parts]
    names = {name for file in files for name in NAME.findall(file.read_text(encoding="utf-8"))}
    numbers = re.findall(r'number\("([A-Z_]+)"', Path(gateway.__file__).read_text(encoding="utf-8"))
    return {name for name in names if name != "ZHENGSHU_GATEWAY"} | {
        f"ZHENGSHU_GATEWAY_{name}" for name in numbers
    }


class TestSettingsPage:
    def test_names_what_the_code_reads(self) -> None:
        documented = set(NAME.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))

        assert documented - OF_TESTS == _read_by_the_code() - OF_TESTS
