"""All routes: each context brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from zhengshu.foundation.http.outage import live, ready
from zhengshu.project.api import api

handler500 = "zhengshu.foundation.http.outage.answer_fault"

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", live, name="live"),
    path("healthz", ready, name="ready"),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    path("trust/", include("zhengshu.contexts.trust.interfaces.web")),
    path("cases/", include("zhengshu.contexts.casework.interfaces.web")),
    path("messages/", include("zhengshu.contexts.casework.interfaces.web_messages")),
    path("apply/", include("zhengshu.contexts.casework.interfaces.web_apply")),
    path("catalog/", include("zhengshu.contexts.catalog.interfaces.web")),
    path("lake/", include("zhengshu.contexts.lake.interfaces.web")),
    path("quality/", include("zhengshu.contexts.quality.interfaces.web")),
    path("exchange/", include("zhengshu.contexts.exchange.interfaces.web")),
    path("certificates/", include("zhengshu.contexts.certificates.interfaces.web")),
    path("services/", include("zhengshu.contexts.services.interfaces.urls")),
    path("kiosk/", include("zhengshu.contexts.services.interfaces.web_kiosk")),
    path("hall/", include("zhengshu.contexts.services.interfaces.web_hall")),
    path("scim/v2/", include("zhengshu.contexts.trust.interfaces.scim_urls")),
    path("identity/from/", include("zhengshu.contexts.trust.interfaces.providers.urls")),
    path("", include("zhengshu.contexts.trust.interfaces.sign_on.urls")),
    path("", include("zhengshu.contexts.portal.interfaces.web")),
]
