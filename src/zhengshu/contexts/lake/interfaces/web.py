"""Pages of `lake`."""

from django.urls import URLPattern, URLResolver

app_name = "lake"

urlpatterns: list[URLPattern | URLResolver] = []
