"""Pages of `services`; each part brings its own list of routes."""

from django.urls import URLPattern, URLResolver

from zhengshu.contexts.services.interfaces import (
    urls_ratings,
    web_applications,
    web_benefits,
    web_certificates,
    web_decisions,
    web_doubts,
    web_items,
    web_lists,
    web_my_benefits,
    web_numbers,
    web_one_things,
    web_versions,
)

app_name = "services"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_ratings.urlpatterns,
    *web_numbers.urlpatterns,
    *web_applications.urlpatterns,
    *web_certificates.urlpatterns,
    *web_items.urlpatterns,
    *web_decisions.urlpatterns,
    *web_lists.urlpatterns,
    *web_benefits.urlpatterns,
    *web_doubts.urlpatterns,
    *web_my_benefits.urlpatterns,
    *web_one_things.urlpatterns,
    *web_versions.urlpatterns,
]
