import pytest

from zhengshu.contexts.quality.domain.patterns import PatternUnfit, fits, parse


class TestParse:
    @pytest.mark.parametrize(
        "pattern",
        ["^a", "a$", r"\d", r"\w+", r"\s", r"a\b", r"(a)\1", "(?=a)", "(?:a)", "(?P<x>a)", "a**", "a{2}{3}",
         "*a", "(a", "a)", "[", "[]", "[z-a]", "a{3,1}", "a{999}", "((a{200}){200})", "a{x}", "[[a]", "[a--b]",
         "\\", "x" * 400],
    )  # fmt: skip
    def test_refuses_what_engines_read_differently(self, pattern: str) -> None:
        with pytest.raises(PatternUnfit):
            parse(pattern)

    def test_says_where(self) -> None:
        with pytest.raises(PatternUnfit, match=r"character 1: “\\d” means different characters"):
            parse(r"\d{3}")


class TestFits:
    @pytest.mark.parametrize(
        ("pattern", "text", "expected"),
        [
            ("[0-9]{6}", "470300", True),
            ("[0-9]{6}", "470300\n", False),
            ("[0-9]{6}", "４７０３００", False),
            (".*公司", "云州\n公司", False),
            ("1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}", "0531-88886666", True),
            (r"[^A-Z]+\.", "ab.", True),
            ("(ab)*", "", True),
            ("[-a]+", "a-a", True),
        ],
    )
    def test_means_the_whole_text(self, pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table of answers
        assert fits(pattern, text) is expected
