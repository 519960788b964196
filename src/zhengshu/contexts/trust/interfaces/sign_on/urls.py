"""Routes of the OpenID provider."""

from django.urls import URLPattern, URLResolver, path, re_path

from zhengshu.contexts.trust.interfaces import web_step_up
from zhengshu.contexts.trust.interfaces.sign_on import (
    web_authorize,
    web_device,
    web_logout,
    web_parties,
    web_provider,
)

app_name = "sign_on"

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/openid-configuration", web_provider.configuration, name="configuration"),
    path("identity/jwks.json", web_provider.jwks, name="jwks"),
    path("identity/authorize", web_authorize.authorize, name="authorize"),
    path("identity/proceed", web_authorize.proceed, name="proceed"),
    path("identity/token", web_provider.token, name="token"),
    path("identity/userinfo", web_provider.userinfo, name="userinfo"),
    path("identity/revoke", web_provider.revoke, name="revoke"),
    path("identity/sign-out", web_logout.end_session, name="end-session"),
    path("identity/step-up/", web_step_up.step_up, name="step-up"),
    path("identity/device/code", web_device.device_code, name="device-code"),
    path("identity/device", web_device.device, name="device"),
    re_path(
        r"^identity/device/(?P<user_code>[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4})\.svg$",
        web_device.device_qr,
        name="device-qr",
    ),
    path("identity/parties/", web_parties.party_list, name="party-list"),
    path("identity/parties/add/", web_parties.party_add, name="party-add"),
    path("identity/parties/keys/rotate/", web_parties.key_rotate, name="key-rotate"),
    path("identity/parties/<slug:client_id>/", web_parties.party_detail, name="party-detail"),
    path("identity/parties/<slug:client_id>/change/", web_parties.party_change, name="party-change"),
    path("identity/parties/<slug:client_id>/secret/", web_parties.party_secret, name="party-secret"),
    path("identity/parties/<slug:client_id>/close/", web_parties.party_close, name="party-close"),
    path(
        "identity/consents/<uuid:consent_id>/withdraw/", web_parties.consent_withdraw, name="consent-withdraw"
    ),
]
