"""Pages of `services`; each part brings its own list of routes."""

from django.urls import URLPattern, URLResolver

app_name = "services"

urlpatterns: list[URLPattern | URLResolver] = []
