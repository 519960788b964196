"""Both READMEs are right: their lines of Python run against a real gateway, and what they link to exists."""

import re
from pathlib import Path

import msgspec
import pytest

from tests.kit.gateway import PURPOSE, person
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


class _Figure(msgspec.Struct, frozen=True):
    name: str
    value: float
    peers: dict[str, float]
    ratio: float | None


def _figures(bench: str) -> list[_Figure]:
    return msgspec.json.decode(
        (ROOT / "bench" / "results" / f"{bench}.json").read_bytes(), type=list[_Figure]
    )


def _measured(bench: str, name: str) -> _Figure:
    return next(one for one in _figures(bench) if one.name == name)


@pytest.mark.parametrize("readme", READMES)
class TestReadme:
    def test_example_runs(self, desk: Desk, readme: str, capsys: pytest.CaptureFixture[str]) -> None:
        found = EXAMPLE.search((ROOT / readme).read_text(encoding="utf-8"))
        assert found
        names: dict[str, object] = {
            "KEY_ID": desk.key.key_id,
            "SECRET": desk.key.secret,
            "RESOURCE": desk.granted.resource,
            "KEY_COLUMN": "citizen_id",
            "KEY": str(person(7)["citizen_id"]),
            "PURPOSE": PURPOSE,
        }

        exec(compile(found[1].replace("http://127.0.0.1:8001", desk.url), readme, "exec"), names)  # noqa: S102

        assert "张**" in capsys.readouterr().out

    def test_figures_are_those_of_the_last_bench(self, readme: str) -> None:
        calls, added, rows, memory = (
            _measured("gateway", "full calls"),
            _measured("gateway", "p99 added at half load"),
            _measured("collect", "file to snapshot, 5,000,000 rows"),
            _measured("collect", "peak memory of the collection"),
        )
        desks = [one.value for one in _figures("pages") if re.match("desk.*: queries", one.name)]
        peers = [f"{value:,.0f}" for value in calls.peers.values()]
        assert rows.ratio
        figures = [
            f"{calls.value:,.0f}",
            *peers,
            f"{added.value:.1f}",
            f"{1 / rows.ratio:.2f}",
            f"{memory.value:,.0f} MiB",
            f"| {max(desks):.0f}",
        ]

        text = (ROOT / readme).read_text(encoding="utf-8")

        assert [figure for figure in figures if figure not in text] == []

    def test_links_lead_somewhere(self, readme: str) -> None:
        links = re.findall(r"\]\(([^)#]+)", (ROOT / readme).read_text(encoding="utf-8"))

        assert [link for link in links if not (ROOT / link).exists()] == []

    def test_commands_are_in_the_makefile(self, readme: str) -> None:
        commands = set(re.findall(r"make ([a-z]+)", (ROOT / readme).read_text(encoding="utf-8")))
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

        assert commands <= targets
