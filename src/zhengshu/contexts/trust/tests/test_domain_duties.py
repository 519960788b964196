import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.trust.domain.duties import (
    DutiesCombined,
    LastAdministrator,
    NotYourDuty,
    RoleDoesNotFit,
    check_assignment,
    check_end,
    check_roles,
    require,
)
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.kernel.actors import ADMINISTRATORS, OFFICIALS, Actor, Role
from zhengshu.kernel.identity import new_id

official_roles = st.frozensets(st.sampled_from(sorted(OFFICIALS)), max_size=5)


class TestSeparationOfDuties:
    @given(official_roles)
    def test_an_administrator_holds_nothing_else(self, roles: frozenset[Role]) -> None:
        is_apart = roles.isdisjoint(ADMINISTRATORS) or len(roles) == 1

        if is_apart:
            check_roles(roles, kind=AccountKind.OFFICIAL)
        else:
            with pytest.raises(DutiesCombined):
                check_roles(roles, kind=AccountKind.OFFICIAL)

    @given(st.lists(st.sampled_from(sorted(OFFICIALS)), max_size=8))
    def test_no_order_of_assignments_leads_to_a_combination(self, wanted: list[Role]) -> None:
        held: frozenset[Role] = frozenset()

        for role in wanted:
            try:
                check_assignment(role, held=held, kind=AccountKind.OFFICIAL)
            except DutiesCombined:
                continue
            held |= {role}

        check_roles(held, kind=AccountKind.OFFICIAL)

    @pytest.mark.parametrize("kind", [AccountKind.CITIZEN, AccountKind.DELEGATE])
    @pytest.mark.parametrize("role", sorted(OFFICIALS))
    def test_citizens_and_delegates_hold_no_official_role(self, kind: AccountKind, role: Role) -> None:
        with pytest.raises(RoleDoesNotFit):
            check_assignment(role, held=frozenset(), kind=kind)

    def test_an_official_is_not_a_citizen_of_the_platform_by_the_same_account(self) -> None:
        with pytest.raises(RoleDoesNotFit):
            check_roles([Role.CITIZEN], kind=AccountKind.OFFICIAL)


class TestTheLastAdministrator:
    @pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
    def test_cannot_be_taken_away(self, role: Role) -> None:
        with pytest.raises(LastAdministrator):
            check_end(role, holders=1)

    def test_can_be_when_a_successor_is_there(self) -> None:
        check_end(Role.AUDIT_ADMIN, holders=2)

    def test_other_posts_may_be_empty(self) -> None:
        check_end(Role.DATA_OFFICER, holders=1)


class TestRequire:
    def test_refuses_whoever_lacks_the_duty(self) -> None:
        with pytest.raises(NotYourDuty):
            require(Actor(id=new_id(), name="", roles=frozenset({Role.LEADER})), Role.SYSTEM_ADMIN)

    def test_refuses_the_visitor(self) -> None:
        with pytest.raises(NotYourDuty):
            require(Actor.anonymous(), Role.LEADER)
