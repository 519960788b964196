"""The compiled extension says what the engine says without it, and is nowhere needed."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.quality.application.engine import building
from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.automata import automaton_of
from zhengshu.contexts.quality.tests.test_packs import RULES

PATTERNS = sorted({str(getattr(rule.check, "pattern", "")) for rule in RULES.values()} - {""})


class TestBuild:
    @pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
    def test_names_the_file_by_its_source_and_leaves_nothing_else(self, tmp_path: Path) -> None:
        path = building.build(tmp_path)

        assert path == building.place(tmp_path)
        assert [file.name for file in path.parent.iterdir()] == [building.NAME]

    def test_is_left_out_silently_where_no_compiler_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

        assert building.build(tmp_path) is None
        assert list(tmp_path.iterdir()) == []

    def test_is_left_out_silently_where_the_compiler_refuses(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compiler = tmp_path / "bin" / "cc"
        compiler.parent.mkdir()
        compiler.write_text("#!/bin/sh\nexit 1\n")
        compiler.chmod(0o755)
        monkeypatch.setenv("PATH", f"{compiler.parent}:/bin:/usr/bin")

        assert building.build(tmp_path / "made") is None
        assert not building.place(tmp_path / "made").exists()


class TestAutomata:
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_accept_what_the_shipped_patterns_fit(self, pattern: str) -> None:
        automaton = automaton_of(patterns.parse(pattern))
        assert automaton is not None
        texts = [
            str(text)
            for rule in RULES.values()
            for example in (*rule.passes, *rule.fails)
            for row in example.rows
            for text in row.values()
        ]

        for text in texts:
            assert automaton.accepts(text) is patterns.fits(pattern, text), text

    @given(
        pattern=st.recursive(
            st.sampled_from(["a", "b", ".", "[a-c]", "[^a]", "[0-9]", "公", "[一-龥]", "\\."]),
            lambda inner: st.one_of(
                st.tuples(inner, inner).map("".join),
                st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
                st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{2,}"])).map(
                    lambda pair: f"({pair[0]}){pair[1]}"
                ),
            ),
            max_leaves=6,
        ),
        text=st.text(alphabet="abc0.公司\n𠮷", max_size=8),
    )
    def test_agree_with_regular_expressions(self, pattern: str, text: str) -> None:
        automaton = automaton_of(patterns.parse(pattern))

        assert automaton is None or automaton.accepts(text) is patterns.fits(pattern, text)

    def test_leave_large_patterns_alone(self) -> None:
        assert automaton_of(patterns.parse("((a|b)(c|d)){200}")) is None
