"""Flows as pictures, also those that other modellers drew carelessly."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from zhengshu.contexts.casework.application.check_case_type import read_folder
from zhengshu.contexts.casework.application.naming import LoadedType, ready_files
from zhengshu.contexts.casework.interfaces.picture import drawn, wrapped

TEMPLATES = Path(settings.PACKS_FOLDER) / "case-type-templates"


def kind(pattern: str, other: str) -> LoadedType:
    files = read_folder(TEMPLATES / "simple-approval")
    flow, count = re.subn(pattern, other, files.flow, flags=re.DOTALL)
    assert count
    return ready_files(replace(files, flow=flow))


class TestForeignPictures:
    @pytest.mark.parametrize("points", ["", '<di:waypoint x="1" y="2" />'])
    def test_an_arrow_without_a_line_to_write_on_has_no_words(self, points: str) -> None:
        shortened = kind(r"(<(?:bpmndi:)?BPMNEdge[^>]*>).*?(</(?:bpmndi:)?BPMNEdge>)", rf"\1{points}\2")

        picture = drawn(shortened, marks={})

        assert picture is not None
        assert {path.label for path in picture.paths} == {None}

    def test_a_name_over_several_lines_is_broken_like_any_other(self) -> None:
        assert wrapped("Review by\nthe data\tauthority") == ["Review by", "the data", "authority"]
