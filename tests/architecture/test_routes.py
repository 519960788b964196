"""Default deny: every route says who may call it, and every operation of the API authenticates."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.constants import NOT_SET

from zhengshu.foundation.http.rules import rule_of
from zhengshu.project.api import api


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


class TestRoutes:
    def test_every_route_has_a_rule(self) -> None:
        found = list(routes(get_resolver().url_patterns))

        open_ones = [path for path, view in found if rule_of(view) is None]

        assert len(found) > 50
        assert open_ones == []

    def test_a_view_without_a_rule_would_be_found(self) -> None:
        def forgotten() -> None:
            """Stand for a view whose author forgot the rule."""

        assert rule_of(forgotten) is None

    def test_every_operation_of_the_api_authenticates(self) -> None:
        unguarded = [
            f"{method} {prefix}{path}"
            for prefix, router in api._routers
            for path, view in router.path_operations.items()
            for operation in view.operations
            for method in operation.methods
            if operation.auth_param in (NOT_SET, None) and not operation.auth_callbacks
        ]

        assert unguarded == []
