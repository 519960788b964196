import io
import stat
import zipfile
from dataclasses import replace

import pytest

from zhengshu.contexts.casework.application.check_case_type import read_folder
from zhengshu.contexts.casework.domain.archives import MOST_FILES, MOST_PACKED, ArchiveUnfit, pack, unpack
from zhengshu.contexts.casework.domain.definitions import read_definition, read_texts
from zhengshu.contexts.casework.domain.designing import code_from, prefix_from
from zhengshu.contexts.casework.domain.differences import Change, differences
from zhengshu.contexts.casework.tests.factories import PACKS
from zhengshu.kernel.plain_yaml import read_yaml

FILES = read_folder(PACKS / "case-type-publication")

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{this}: &{this} [*{before}, *{before}]\n" for before, this in zip("abcdefg", "bcdefgh", strict=True)
)


def archive(**changes: bytes) -> bytes:
    """Return the archive of a case type with other files added under paths (``__`` for ``/``)."""
    target = io.BytesIO(pack(FILES))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as file:
        for name, content in changes.items():
            file.writestr(name, content)
    return target.getvalue()


class TestUnpack:
    def test_returns_what_was_packed(self) -> None:
        assert unpack(pack(FILES)) == FILES

    def test_a_folder_around_it_is_not_needed(self) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as file:
            for path, text in FILES.contents().items():
                file.writestr(path, text)

        assert unpack(target.getvalue(), name="other") == replace(FILES, name="other")

    @pytest.mark.parametrize(
        "path",
        [
            "../../etc/passwd",
            "/etc/cron.d/x",
            "case-type-publication/../type.yaml",
            "case-type-publication/texts/../../x.form.json",
            "case-type-publication\\x.dmn",
            "case-type-publication/run.py",
            "case-type-publication/.form.json",
            "case-type-publication/A B.dmn",
        ],
    )
    def test_no_path_leads_elsewhere(self, path: str) -> None:
        with pytest.raises(ArchiveUnfit):
            unpack(archive(**{path: b"x"}))

    def test_a_link_is_read_as_what_it_says_and_refused(self) -> None:
        target = io.BytesIO(pack(FILES))
        with zipfile.ZipFile(target, "a") as file:
            link = zipfile.ZipInfo("case-type-publication/link.yaml")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(link, "/etc/passwd")

        with pytest.raises(ArchiveUnfit):
            unpack(target.getvalue())

    def test_a_bomb_is_refused_before_it_goes_off(self) -> None:
        with pytest.raises(ArchiveUnfit, match="larger"):
            unpack(archive(**{"case-type-publication/big.dmn": bytes(100 * 1024 * 1024)}))

    def test_a_bomb_that_lies_about_its_size_is_refused(self) -> None:
        bomb = bytearray(archive(**{"case-type-publication/big.dmn": bytes(64 * 1024 * 1024)}))
        size = (64 * 1024 * 1024).to_bytes(4, "little")
        at = bytes(bomb).rindex(size)
        bomb[at : at + 4] = (10).to_bytes(4, "little")

        with pytest.raises(ArchiveUnfit):
            unpack(bytes(bomb))

    @pytest.mark.parametrize("content", [b"", b"no zip", bytes(MOST_PACKED + 1), pack(FILES)[:400]])
    def test_what_is_no_archive_is_refused(self, content: bytes) -> None:
        with pytest.raises(ArchiveUnfit):
            unpack(content)

    def test_many_files_are_refused(self) -> None:
        many = {f"case-type-publication/x{number}.dmn": b"x" for number in range(MOST_FILES)}

        with pytest.raises(ArchiveUnfit, match="files"):
            unpack(archive(**many))

    def test_what_is_missing_is_named(self) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as file:
            file.writestr("type.yaml", FILES.definition)

        with pytest.raises(ArchiveUnfit, match=r"flow\.bpmn"):
            unpack(target.getvalue())


class TestPlainYaml:
    @pytest.mark.parametrize("text", [LAUGHS, "[" * 5000, "!!python/object/apply:os.system [ls]", "a: *b"])
    def test_is_refused_with_a_sentence(self, text: str) -> None:
        for read in (read_yaml, read_texts, read_definition):
            with pytest.raises(ValueError, match=r".+"):
                read(text)


class TestCodes:
    @pytest.mark.parametrize(
        ("name", "code", "prefix"),
        [
            ("Tree felling permit", "tree-felling-permit", "TFP"),
            ("  2nd <b>Home</b> ", "nd-b-home-b", "NBHB"),
            ("许可", "", ""),
        ],
    )
    def test_come_from_the_english_name(self, name: str, code: str, prefix: str) -> None:
        assert (code_from(name), prefix_from(name)) == (code, prefix)


class TestDifferences:
    def test_are_none_between_the_same(self) -> None:
        assert differences(before=FILES, after=FILES) == ()

    def test_moving_something_is_none(self) -> None:
        moved = replace(FILES, flow=FILES.flow.replace('x="272"', 'x="280"'))

        assert differences(before=FILES, after=moved) == ()

    def test_name_rules_elements_and_words(self) -> None:
        after = replace(
            FILES,
            definition=FILES.definition.replace("digits: 4", "digits: 5"),
            flow=FILES.flow.replace('name="已放弃"', 'name="作废"'),
            forms={"application": '{"components": [{"key": "area", "type": "number"}]}'},
        )

        found = {(one.change, one.file, one.place[-1]) for one in differences(before=FILES, after=after)}

        assert found == {
            (Change.CHANGED, "type.yaml", "digits"),
            (Change.CHANGED, "flow.bpmn", "abandoned"),
            (Change.ADDED, "application.form.json", "key"),
            (Change.ADDED, "application.form.json", "type"),
        }

    def test_what_cannot_be_read_is_compared_as_text(self) -> None:
        after = replace(FILES, flow="<no", definition="[")

        assert {one.file for one in differences(before=FILES, after=after)} >= {"flow.bpmn", "type.yaml"}
