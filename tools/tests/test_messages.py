from pathlib import Path

import pytest

from tools import messages
from tools.messages import Area, Message

PYTHON = """
from django.utils.translation import gettext as _, ngettext

class GrantExpired(Refused):
    message = "The grant has expired."

def f(count):
    name = _("Plain")
    ngettext("%(count)s row", "%(count)s rows", count)
    return _("Two "
             "lines"), _(name)
"""

TEMPLATE = """{% load i18n %}{% translate "Short" %}{% blocktranslate trimmed %}
  Long {{ name }}
{% endblocktranslate %}{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% include "x.html" with label=_("Given") %}"""

CHINESE = {
    "Plain": "普通",
    "Two lines": "两行",
    "The grant has expired.": "授权已到期。",
    "Short": "短",
    "Long %(name)s": "长%(name)s",
    "Given": "给定",
}


@pytest.fixture
def area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Area:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "code.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text('_("Not for readers")')
    here = Area(name="here", folders=(tmp_path,), locale=tmp_path / "locale")
    monkeypatch.setattr(messages, "areas", lambda: (here,))
    return here


def translate(area: Area, **extra: str) -> None:
    catalogue = messages.open_catalogue(area)
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(count)s 行" if "count" in entry.msgid else "%(n)s 行"}
        else:
            entry.msgstr = {**CHINESE, **extra}.get(entry.msgid, "")
    catalogue.save(str(area.catalogue))


class TestFinding:
    def test_reads_calls_refusals_and_templates(self, area: Area) -> None:
        found = set(messages.messages_of(area))

        assert {Message(text=text) for text in CHINESE} <= found
        assert Message(text="%(count)s row", plural="%(count)s rows") in found
        assert Message(text="%(n)s row", plural="%(n)s rows") in found

    def test_leaves_tests_out(self, area: Area) -> None:
        assert "Not for readers" not in {message.text for message in messages.messages_of(area)}


class TestUpdating:
    def test_adds_what_is_missing_once(self, area: Area) -> None:
        assert messages.update(area) == 8
        assert messages.update(area) == 0

    def test_keeps_what_was_translated(self, area: Area) -> None:
        messages.update(area)
        translate(area)
        messages.update(area)

        assert list(messages.faults_of(area)) == []

    def test_prunes_what_is_gone_but_not_what_is_dynamic(self, area: Area) -> None:
        messages.update(area)
        catalogue = messages.open_catalogue(area)
        next(entry for entry in catalogue if entry.msgid == "Plain").comment = "dynamic"
        catalogue.save(str(area.catalogue))
        (area.folders[0] / "code.py").unlink()

        assert "The grant has expired." in messages.prune(area)
        assert "Plain" in {entry.msgid for entry in messages.open_catalogue(area)}


class TestChecking:
    def test_names_what_is_not_translated(self, area: Area) -> None:
        messages.update(area)

        assert any("'Short' is not translated" in fault for fault in messages.faults_of(area))

    def test_names_what_is_missing(self, area: Area) -> None:
        assert any("is missing from the catalogue" in fault for fault in messages.faults_of(area))

    def test_names_a_place_that_the_message_lacks(self, area: Area) -> None:
        messages.update(area)
        translate(area, **{"Long %(name)s": "长%(nmae)s"})

        assert [fault for fault in messages.faults_of(area) if "place" in fault]

    def test_names_what_is_fuzzy(self, area: Area) -> None:
        messages.update(area)
        translate(area)
        catalogue = messages.open_catalogue(area)
        next(entry for entry in catalogue if entry.msgid == "Short").flags.append("fuzzy")
        catalogue.save(str(area.catalogue))

        assert any("is fuzzy" in fault for fault in messages.faults_of(area))

    def test_names_what_two_areas_translate_differently(
        self, area: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = Area(name="other", folders=(), locale=tmp_path / "other")
        messages.update(area)
        translate(area)
        other.catalogue.parent.mkdir(parents=True)
        other.catalogue.write_text(area.catalogue.read_text().replace("普通", "一般"))
        monkeypatch.setattr(messages, "areas", lambda: (area, other))

        (clash,) = messages.clashes()

        assert "'Plain' is translated differently" in clash
        other.catalogue.write_text(area.catalogue.read_text())
        assert list(messages.clashes()) == []


class TestCompiling:
    def test_writes_the_binary_once(self, area: Area) -> None:
        messages.update(area)
        translate(area)
        messages.compile_catalogue(area)
        binary = area.catalogue.with_suffix(".mo")
        first = binary.stat().st_mtime_ns

        messages.compile_catalogue(area)

        assert binary.stat().st_mtime_ns == first
