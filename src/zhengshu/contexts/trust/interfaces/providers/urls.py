"""Routes of coming in by another provider."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.trust.interfaces.providers import web, web_keep

app_name = "providers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_keep.provider_list, name="list"),
    path("add/", web_keep.provider_add, name="add"),
    path("link/", web.link, name="link"),
    path("links/<uuid:link_id>/unlink/", web.unlink, name="unlink"),
    path("<uuid:provider_id>/", web.start, name="start"),
    path("<uuid:provider_id>/answer", web.answer, name="answer"),
    path("<uuid:provider_id>/logout", web.logout_notice, name="logout"),
    path("<uuid:provider_id>/change/", web_keep.provider_change, name="change"),
    path("<uuid:provider_id>/close/", web_keep.provider_close, name="close"),
]
