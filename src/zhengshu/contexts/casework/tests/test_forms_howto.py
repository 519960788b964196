"""Holds docs/how-to/forms.md to the code."""

import re
from pathlib import Path

from zhengshu.contexts.casework.domain.forms.checking import check_form
from zhengshu.contexts.casework.domain.forms.evaluating import evaluate
from zhengshu.contexts.casework.domain.forms.reading import LOOKS, NOTES, PROPERTIES, TYPED_KINDS, read_form

TEXT = (Path(__file__).parents[5] / "docs" / "how-to" / "forms.md").read_text(encoding="utf-8")
EXAMPLE = TEXT.split("```json\n")[1].split("```")[0]


class TestHowTo:
    def test_example_is_a_form_without_faults(self) -> None:
        assert check_form(EXAMPLE, code="example") == ()

    def test_example_does_what_is_said_of_it(self) -> None:
        form, _ = read_form(EXAMPLE, code="example")

        found = evaluate(
            form,
            {"sells_what": ("goods",), "goods": ("2",), "goods.0.price": ("3",), "goods.1.price": ("4",)},
        )

        assert found.values["total"] == 7
        assert "promise" not in found.visible
        assert found.faults == {}

    def test_names_every_component_property_and_kind(self) -> None:
        named = set(re.findall(r"`([a-z_]+)`", TEXT))

        assert {*LOOKS, *NOTES, "group", "dynamiclist"} <= named
        assert PROPERTIES - {"from"} <= named
        assert {kind.value for kind in TYPED_KINDS} <= named
