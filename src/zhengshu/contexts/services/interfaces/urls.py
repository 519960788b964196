"""Pages of `services`; each part brings its own list of routes."""

from django.urls import URLPattern, URLResolver

from zhengshu.contexts.services.interfaces import web_items

app_name = "services"

urlpatterns: list[URLPattern | URLResolver] = [
    *web_items.urlpatterns,
]
