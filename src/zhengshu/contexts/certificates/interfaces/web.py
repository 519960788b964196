"""Pages of certificates."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.certificates.interfaces import web_public

app_name = "certificates"

urlpatterns: list[URLPattern | URLResolver] = [
    path("verify/", web_public.verify_page, name="verify"),
    path("shown/<str:token>/", web_public.shown, name="shown"),
]
