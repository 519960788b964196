import pytest

from zhengshu.contexts.trust.domain.authorities import (
    Authority,
    DataAuthorityUnknown,
    ParentUnfit,
    check_parent,
    common,
    nearest,
)
from zhengshu.contexts.trust.domain.kinds import Level
from zhengshu.kernel.identity import DepartmentId, new_id


def authority(region: str) -> Authority:
    return Authority(id=DepartmentId(new_id()), region=region, level=Level.CITY)


class TestNearest:
    @pytest.mark.parametrize(
        ("region", "expected"),
        [
            ("470302004", "470302"),
            ("470302", "470302"),
            ("470303", "470300"),
            ("470300", "470300"),
            ("470400", "470000"),
        ],
    )
    @pytest.mark.article("809", 8)
    def test_is_that_of_the_region_or_of_the_one_above(self, region: str, expected: str) -> None:
        known = [authority("470000"), authority("470300"), authority("470302")]

        assert nearest(region, known).region == expected

    def test_is_unknown_where_nobody_recorded_one(self) -> None:
        with pytest.raises(DataAuthorityUnknown):
            nearest("120000", [authority("470000")])


class TestCommon:
    @pytest.mark.parametrize(
        ("regions", "expected"),
        [
            (("470302", "470302"), "470302"),
            (("470302", "470303"), "470300"),
            (("470300", "470302"), "470300"),
            (("470302", "470400"), "470000"),
            (("470000", "470302004"), "470000"),
        ],
    )
    @pytest.mark.article("809", 28)
    def test_is_that_of_the_nearest_region_which_contains_both(
        self, regions: tuple[str, str], expected: str
    ) -> None:
        known = [authority("470000"), authority("470300"), authority("470302"), authority("470303")]

        assert common(regions, known).region == expected
        assert common(regions[::-1], known).region == expected

    def test_is_unknown_where_no_authority_stands_above_both(self) -> None:
        with pytest.raises(DataAuthorityUnknown):
            common(("470300", "480300"), [authority("470300"), authority("480300")])


class TestCheckParent:
    def test_a_superior_of_a_lower_level_is_refused(self) -> None:
        with pytest.raises(ParentUnfit):
            check_parent(
                department_id=None,
                level=Level.CITY,
                parent_name="县局",
                parent_level=Level.COUNTY,
                ancestors=(),
            )

    def test_a_ring_is_refused(self) -> None:
        me = new_id()
        with pytest.raises(ParentUnfit):
            check_parent(
                department_id=me,
                level=Level.CITY,
                parent_name="局",
                parent_level=Level.CITY,
                ancestors=(new_id(), me),
            )
