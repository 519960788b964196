"""Words that two things share in English have each their own in Chinese."""

from django.utils import translation
from django.utils.translation import gettext, pgettext


class TestLegalBasis:
    def test_of_a_limit_or_decision_is_in_law(self) -> None:
        with translation.override("zh-hans"):
            assert gettext("Legal basis") == "法律依据"

    def test_of_a_share_request_is_of_use(self) -> None:
        with translation.override("zh-hans"):
            assert pgettext("use of data", "Legal basis") == "使用依据"
