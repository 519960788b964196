"""Each check of `make lint` is proven by a violation sown on purpose: a check that cannot fail is no check."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.db import models
from django.test.utils import isolate_apps
from tools import articles, doors, relations, sizes

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhengshu"
BIN = Path(sys.executable).parent

SEEDS = {
    "The house: project > contexts > foundation > kernel": (
        "kernel/seed.py",
        "import zhengshu.foundation.lists\n",
    ),
    "The order of contexts": ("contexts/trust/application/seed.py", "import zhengshu.contexts.portal.apps\n"),
    "Inside a context": (
        "contexts/catalog/domain/seed.py",
        "import zhengshu.contexts.catalog.interfaces.web\n",
    ),
    "Domain and kernel are pure": ("contexts/lake/domain/seed.py", "import django\n"),
    "The flow engine is our own": (
        "contexts/casework/application/seed.py",
        "import SpiffWorkflow\n",
    ),
    "The gateway knows nothing of Django": ("contexts/exchange/gateway/seed.py", "import django.http\n"),
    "The client stands alone": ("client/seed.py", "import zhengshu.contexts.trust.apps\n"),
}


def _sow(folder: Path, *, seeds: dict[str, tuple[str, str]]) -> Path:
    house = folder / "src" / "zhengshu"
    shutil.copytree(PACKAGE, house, ignore=shutil.ignore_patterns("__pycache__", "*.po", "*.mo", "static"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for place, text in seeds.values():
        (house / place).write_text(text)
    return folder


def _lint_imports(folder: Path) -> str:
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    command = [str(BIN / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    ).stdout


class TestImportContracts:
    def test_keeps_every_contract_today(self, tmp_path: Path) -> None:
        output = _lint_imports(_sow(tmp_path, seeds={}))

        assert "0 broken" in output, output

    def test_has_a_seed_for_each_contract(self) -> None:
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

        contracts = settings["tool"]["importlinter"]["contracts"]

        assert {contract["name"] for contract in contracts} == set(SEEDS)

    def test_breaks_each_contract_by_its_seed(self, tmp_path: Path) -> None:
        output = _lint_imports(_sow(tmp_path, seeds=SEEDS))

        for contract in SEEDS:
            assert f"{contract} BROKEN" in output, output


class TestDoors:
    def test_finds_none_in_the_house(self) -> None:
        assert doors.faults_in(PACKAGE / "contexts") == []

    @pytest.mark.parametrize(
        "line",
        [
            "from zhengshu.contexts.catalog.models import Resource",
            "import zhengshu.contexts.catalog.application.publish",
            "from zhengshu.contexts import catalog",
            "from zhengshu.contexts.catalog import models",
        ],
    )
    def test_finds_a_window(self, tmp_path: Path, line: str) -> None:
        (tmp_path / "lake").mkdir()
        (tmp_path / "lake" / "seed.py").write_text(line + "\n")

        assert len(doors.faults_in(tmp_path)) == 1

    def test_accepts_a_door(self, tmp_path: Path) -> None:
        (tmp_path / "lake").mkdir()
        (tmp_path / "lake" / "seed.py").write_text("from zhengshu.contexts.catalog.api import resource\n")

        assert doors.faults_in(tmp_path) == []

    def test_lets_tests_use_the_factories_of_others_and_no_more(self, tmp_path: Path) -> None:
        (tmp_path / "lake" / "tests").mkdir(parents=True)
        seed = tmp_path / "lake" / "tests" / "test_seed.py"

        seed.write_text("from zhengshu.contexts.trust.tests import factories\n")
        assert doors.faults_in(tmp_path) == []
        seed.write_text("from zhengshu.contexts.trust.models import Account\n")
        assert len(doors.faults_in(tmp_path)) == 1


class TestSizes:
    def test_finds_a_long_file(self, tmp_path: Path) -> None:
        (tmp_path / "seed.py").write_text("x = 1\n" * 401)

        assert "401 lines" in sizes.faults_in([tmp_path])[0]

    def test_finds_a_long_function(self, tmp_path: Path) -> None:
        (tmp_path / "seed.py").write_text("def f():\n" + "    x = 1\n" * 61)

        assert any("f has 61 lines" in fault for fault in sizes.faults_in([tmp_path]))

    def test_finds_a_thick_tail(self, tmp_path: Path) -> None:
        (tmp_path / "seed.py").write_text("".join(f"def f{n}():\n" + "    x = 1\n" * 26 for n in range(10)))

        assert any("A tenth of all functions" in fault for fault in sizes.faults_in([tmp_path]))

    def test_does_not_count_a_docstring(self, tmp_path: Path) -> None:
        (tmp_path / "seed.py").write_text('def f():\n    """' + "text\n" * 70 + '    """\n    return 1\n')

        assert sizes.faults_in([tmp_path]) == []


class TestRelations:
    @isolate_apps("zhengshu.contexts.trust", "zhengshu.contexts.lake")
    def test_finds_a_relation_across_contexts(self) -> None:
        class Owner(models.Model):
            class Meta:
                app_label = "trust"

        class Seed(models.Model):
            owner = models.ForeignKey(Owner, on_delete=models.CASCADE)

            class Meta:
                app_label = "lake"

        assert len(relations.faults_in([Owner, Seed], ["trust", "lake"])) == 1

    @isolate_apps("zhengshu.contexts.lake")
    def test_accepts_a_relation_at_home(self) -> None:
        class Owner(models.Model):
            class Meta:
                app_label = "lake"

        class Seed(models.Model):
            owner = models.ForeignKey(Owner, on_delete=models.CASCADE)

            class Meta:
                app_label = "lake"

        assert relations.faults_in([Owner, Seed], ["trust", "lake"]) == []


class TestStyleAndTypes:
    def test_ruff_finds_a_fault(self, tmp_path: Path) -> None:
        (tmp_path / "seed.py").write_text("def f(a=[]):\n    eval('1')\n")

        run = subprocess.run(
            [str(BIN / "ruff"), "check", "--no-cache", "--config", str(ROOT / "pyproject.toml"), "seed.py"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

        assert run.returncode == 1
        assert {"S307", "B006", "ANN001"} <= {
            word for word in run.stdout.replace(":", " ").split() if word.isupper()
        }

    def test_mypy_finds_a_fault(self, tmp_path: Path) -> None:
        (tmp_path / "seed.py").write_text("def f(a):\n    return a\n\nf(1).anything()\n")
        (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n")

        run = subprocess.run(
            [str(BIN / "mypy"), "--config-file", "mypy.ini", "--cache-dir", str(tmp_path), "seed.py"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

        assert run.returncode == 1
        assert "[no-untyped-def]" in run.stdout

    def test_mypy_is_strict_and_exempts_nothing(self) -> None:
        text = (ROOT / "pyproject.toml").read_text()

        assert "strict = true" in text
        for exemption in (
            "ignore_errors",
            "disallow_untyped_defs = false",
            "follow_imports",
            "disable_error_code",
        ):
            assert exemption not in text


class TestArticles:
    LAWS = [
        {"law": "809", "name": "Decree", "articles": {20: {"rule": "a"}, 28: {"rule": "b", "later": "A5"}}}
    ]

    def test_finds_an_article_without_a_test(self) -> None:
        assert len(articles.faults(self.LAWS, {})) == 1

    def test_finds_a_test_of_an_unknown_article(self) -> None:
        tests = {("809", "20"): ["a"], ("809", "99"): ["b"]}

        assert "article 99" in articles.faults(self.LAWS, tests)[0]

    def test_reads_the_marks(self, tmp_path: Path) -> None:
        (tmp_path / "test_seed.py").write_text(
            "class TestA:\n    @pytest.mark.article('809', 20)\n    def test_b(self): ...\n"
        )

        assert articles.marked_tests([tmp_path]) == {
            ("809", "20"): [f"{tmp_path}/test_seed.py::TestA::test_b"]
        }
