from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.trust.domain.passwords import PasswordFault, PasswordRules, classes, faults, is_expired

RULES = PasswordRules()
AT = datetime(2026, 3, 2, tzinfo=UTC)


def never(_: str) -> bool:
    return False


@pytest.mark.article("GB/T 22239", "identity")
class TestFaults:
    @pytest.mark.parametrize(
        ("password", "expected"),
        [
            ("Aa1!", (PasswordFault.TOO_SHORT,)),
            ("aaaaaaaa", (PasswordFault.TOO_FEW_CLASSES,)),
            ("aaaaaaaa1", (PasswordFault.TOO_FEW_CLASSES,)),
            ("zhangwei-A1", (PasswordFault.CONTAINS_NAME,)),
            ("A1-IEWgnahz", (PasswordFault.CONTAINS_NAME,)),
            ("Correct-Horse-7", ()),
            ("汉字密码Abc1", ()),
        ],
    )
    def test_names_each_fault(self, password: str, expected: tuple[PasswordFault, ...]) -> None:
        assert faults(password, username="ZhangWei", rules=RULES, was_used=never) == expected

    def test_asks_for_former_passwords_only_when_all_else_is_right(self) -> None:
        asked: list[str] = []

        def was_used(password: str) -> bool:
            asked.append(password)
            return True

        weak = faults("short", username="li", rules=RULES, was_used=was_used)
        good = faults("Correct-Horse-7", username="li", rules=RULES, was_used=was_used)

        assert asked == ["Correct-Horse-7"]
        assert PasswordFault.USED_BEFORE not in weak
        assert good == (PasswordFault.USED_BEFORE,)

    @given(st.text(max_size=30), st.integers(8, 20), st.integers(3, 4))
    def test_a_password_that_passes_strict_rules_passes_milder_ones(
        self, password: str, length: int, kinds: int
    ) -> None:
        strict = PasswordRules(min_length=length + 1, min_classes=kinds)
        mild = PasswordRules(min_length=length, min_classes=3)

        if not faults(password, username="zhang.wei", rules=strict):
            assert not faults(password, username="zhang.wei", rules=mild)

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_more_letters_never_lessen_the_kinds(self, one: str, more: str) -> None:
        assert classes(one) <= classes(one + more) <= 4

    @given(st.text(min_size=3, max_size=12), st.text(max_size=8), st.text(max_size=8))
    def test_the_user_name_is_found_wherever_it_stands(self, name: str, before: str, after: str) -> None:
        found = faults(before + name + after, username=name, rules=RULES)

        assert PasswordFault.CONTAINS_NAME in found


class TestIsExpired:
    @pytest.mark.parametrize(("days", "expected"), [(0, False), (89, False), (90, True), (400, True)])
    def test_counts_days_from_the_last_change(self, days: int, expected: bool) -> None:  # noqa: FBT001 - a case
        assert is_expired(changed_at=AT - timedelta(days=days), rules=RULES, at=AT) is expected

    def test_a_password_that_its_owner_never_set_is_expired(self) -> None:
        assert is_expired(changed_at=None, rules=RULES, at=AT)
