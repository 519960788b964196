import pytest
from django.http import HttpRequest, HttpResponse

from zhengshu.foundation.http.rules import Rule, allow, opens, public, rule_of, signed_in
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

ANYBODY = Actor.anonymous()
OFFICER = Actor(id=new_id(), name="Officer", roles=frozenset({Role.DATA_OFFICER}))
CLERK = Actor(id=new_id(), name="Clerk", roles=frozenset({Role.WINDOW_CLERK}))


def _view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class TestRules:
    def test_a_view_without_a_rule_has_none(self) -> None:
        assert rule_of(_view) is None

    def test_public_admits_everybody(self) -> None:
        assert Rule(is_public=True).admits(ANYBODY)

    def test_signed_in_refuses_a_visitor(self) -> None:
        assert not Rule().admits(ANYBODY)
        assert Rule().admits(OFFICER)

    def test_roles_refuse_another_role(self) -> None:
        rule = Rule(roles=frozenset({Role.AUDIT_ADMIN}))

        assert not rule.admits(OFFICER)
        assert not rule.admits(ANYBODY)
        assert rule.admits(Actor(id=new_id(), name="A", roles=frozenset({Role.AUDIT_ADMIN})))

    def test_a_decorator_marks_its_view(self) -> None:
        def one(_request: HttpRequest) -> HttpResponse:
            return HttpResponse()

        assert rule_of(allow(Role.OPERATOR)(one)) == Rule(roles=frozenset({Role.OPERATOR}))
        assert rule_of(signed_in(one)) == Rule()
        assert rule_of(public(one)) == Rule(is_public=True)

    def test_allow_demands_a_role(self) -> None:
        with pytest.raises(TypeError):
            allow()

    @pytest.mark.parametrize(
        ("path", "actor", "is_open"),
        [
            ("/help/", ANYBODY, True),
            ("/catalog/?page=2", ANYBODY, False),
            ("/catalog/?page=2", OFFICER, True),
            ("/exchange/requests/", OFFICER, True),
            ("/exchange/requests/", CLERK, False),
            ("/nowhere/", OFFICER, False),
        ],
    )
    def test_a_link_leads_where_the_route_admits(self, path: str, actor: Actor, *, is_open: bool) -> None:
        assert opens(path, actor) is is_open
