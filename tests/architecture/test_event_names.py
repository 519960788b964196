"""The audit speaks Chinese: every event of the platform has a name for its reader."""

import pytest
from django.utils import translation

from zhengshu.contexts.trust.interfaces.event_names import name_of
from zhengshu.foundation import events


class TestEventNames:
    @pytest.mark.parametrize(
        "wire_name",
        sorted(known.wire_name for known in events.known_types() if ".tests." not in known.__module__),
    )
    def test_has_words_in_chinese(self, wire_name: str) -> None:
        with translation.override("zh-hans"):
            words = name_of(wire_name)

        assert any("一" <= letter <= "鿿" for letter in words), words
