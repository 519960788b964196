"""Pages of certificates."""

from django.urls import URLPattern, URLResolver, path, register_converter

from zhengshu.contexts.certificates.interfaces import web_mine, web_office, web_public, web_types

app_name = "certificates"


class FormatConverter:
    """A kind of file."""

    regex = "pdf|ofd"

    def to_python(self, value: str) -> str:
        """Return the name as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name as it is put into an address."""
        return value


register_converter(FormatConverter, "sealed_format")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_mine.mine, name="mine"),
    path("verify/", web_public.verify_page, name="verify"),
    path("shown/<str:token>/", web_public.shown, name="shown"),
    path("issued/", web_office.issued_list, name="issued"),
    path("issued/export/", web_office.issued_export, name="issued-export"),
    path("types/", web_types.type_list, name="types"),
    path("types/<slug:code>/", web_types.type_detail, name="type"),
    path("types/<slug:code>/issuers/add/", web_types.issuer_add, name="issuer-add"),
    path("types/<slug:code>/issuers/remove/", web_types.issuer_remove, name="issuer-remove"),
    path("types/<slug:code>/seal/", web_types.seal_allow, name="seal-allow"),
    path("types/<slug:code>/seal/take-back/", web_types.seal_take_back, name="seal-take-back"),
    path("<uuid:certificate_id>/", web_mine.detail, name="detail"),
    path("<uuid:certificate_id>/show/", web_mine.show, name="show"),
    path("<uuid:certificate_id>/file/<sealed_format:format_name>/", web_mine.file, name="file"),
    path("<uuid:certificate_id>/end/", web_office.end, name="end"),
]
