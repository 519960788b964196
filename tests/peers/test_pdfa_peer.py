"""Sealed certificates as another program sees them: PDF/A-2a, with their fonts inside and nothing that acts.

No validator of the whole of ISO 19005 is among the packages that the tests can install (veraPDF is not). This is what
poppler, which neither wrote nor sealed the file, says of single demands of the standard; it proves those, not all. The
output intent is read by pyHanko, which has sealed the file too.
"""

import re
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from zhengshu.contexts.certificates.application.take_file import take_file
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.trust import api as trust

pytestmark = pytest.mark.django_db
RARE = "王𬴂"
"""A character of CJK extension E, beyond the basic plane."""


def say(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def facts(said: str) -> dict[str, str]:
    lines = [line.partition(":") for line in said.splitlines()]
    return {name.strip(): value.strip() for name, _colon, value in lines}


@pytest.fixture
def sealed(tmp_path: Path) -> str:
    """A sealed permit with a rare character in a name."""
    record = factories.food(factories.issuer("food-permit"), person_in_charge=RARE)
    _name, content = take_file(
        certificate_id=record.id,
        format_=trust.SealFormat.PDF,
        actor=factories.PLATFORM,
        at=timezone.now(),
    )
    file = tmp_path / "permit.pdf"
    with content:
        file.write_bytes(content.read())
    return str(file)


def test_it_says_what_it_is_and_nothing_in_it_acts(sealed: str) -> None:
    found, metadata = facts(say("pdfinfo", "-enc", "UTF-8", sealed)), say("pdfinfo", "-meta", sealed)

    assert re.search(r"pdfaid:part(>|=.)2", metadata)
    assert re.search(r"pdfaid:conformance(>|=.)A", metadata)
    assert (found["Encrypted"], found["JavaScript"], found["Tagged"]) == ("no", "no", "yes")


def test_colours_have_an_output_intent_with_its_profile(sealed: str) -> None:
    with Path(sealed).open("rb") as file:
        (reference,) = PdfFileReader(file).root["/OutputIntents"]
        intent = reference.get_object()

        assert intent["/S"] == "/GTS_PDFA1"
        assert intent["/DestOutputProfile"].data[36:40] == b"acsp"


def test_every_font_is_inside_and_can_be_read_as_text(sealed: str) -> None:
    _head, _rule, *rows = say("pdffonts", sealed).splitlines()
    flags = [re.findall(r"\b(yes|no)\b", row) for row in rows]

    assert flags
    assert all(found == ["yes", "yes", "yes"] for found in flags), rows
    assert RARE in say("pdftotext", sealed, "-")
