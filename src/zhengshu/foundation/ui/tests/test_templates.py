"""What no template may contain, and what every template must find."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

import zhengshu

ROOT = Path(zhengshu.__file__).parent
TEMPLATES = sorted(ROOT.glob("**/templates/**/*.html"))
STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")

FORBIDDEN = {
    "a script without a source or a data type": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "a file from another host": re.compile(
        r"""<(?:script|link|img)[^>]+(?:src|href)=["']?(?:https?:)?//""", re.IGNORECASE
    ),
}


def relative(template: Path) -> str:
    return str(template).split("/templates/", 1)[1]


class TestTemplates:
    def test_there_are_some(self) -> None:
        assert len(TEMPLATES) > 40

    @pytest.mark.parametrize("template", TEMPLATES, ids=relative)
    def test_compiles(self, template: Path) -> None:
        get_template(relative(template))

    @pytest.mark.parametrize("template", TEMPLATES, ids=relative)
    def test_holds_nothing_that_the_content_policy_forbids(self, template: Path) -> None:
        text = template.read_text(encoding="utf-8")

        assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []

    @pytest.mark.parametrize("template", TEMPLATES, ids=relative)
    def test_every_static_file_that_it_names_exists(self, template: Path) -> None:
        names = STATIC.findall(template.read_text(encoding="utf-8"))

        assert [name for name in names if finders.find(name) is None or not finders.find(name)] == []

    @pytest.mark.parametrize("sample", ["<script>", '<a onclick="x()">', '<p style="color:red">', "<style>"])
    def test_the_patterns_find_what_they_forbid(self, sample: str) -> None:
        assert any(pattern.search(sample) for pattern in FORBIDDEN.values())


class TestStyles:
    @pytest.mark.parametrize("sheet", sorted(ROOT.glob("**/static/**/*.css")), ids=lambda path: path.name)
    def test_load_nothing_from_elsewhere(self, sheet: Path) -> None:
        assert [url for url in CSS_URL.findall(sheet.read_text(encoding="utf-8")) if "//" in url] == []

    def test_name_colours_only_in_the_tokens(self) -> None:
        colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")
        allowed = {"tokens.css", "print.css"}
        sheets = [path for path in ROOT.glob("**/static/ui/*.css") if path.name not in allowed]

        assert {path.name: colour.findall(path.read_text(encoding="utf-8")) for path in sheets} == {
            path.name: [] for path in sheets
        }
