from uuid import RFC_4122

from zhengshu.kernel.identity import new_id


class TestNewId:
    def test_is_a_uuid_of_version_seven(self) -> None:
        made = new_id()

        assert (made.version, made.variant) == (7, RFC_4122)

    def test_follows_the_order_of_making_within_a_millisecond(self) -> None:
        made = [new_id() for _ in range(2_000)]

        assert made == sorted(made)
        assert len(set(made)) == len(made)
