"""Pages of `exchange`."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.exchange.interfaces import (
    web_answers,
    web_calls,
    web_developer,
    web_drafting,
    web_grants,
    web_requests,
    web_supervision,
)

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("requests/", web_requests.request_list, name="request-list"),
    path("requests/export.csv", web_requests.request_export, name="request-export"),
    path("requests/new", web_drafting.request_new, name="request-new"),
    path("requests/<uuid:request_id>/", web_requests.request_detail, name="request-detail"),
    path("requests/<uuid:request_id>/edit/", web_drafting.request_edit, name="request-edit"),
    path("requests/<uuid:request_id>/complete/", web_drafting.request_complete, name="request-complete"),
    path("requests/<uuid:request_id>/withdraw/", web_requests.request_withdraw, name="request-withdraw"),
    path("requests/<uuid:request_id>/approve/", web_answers.request_approve, name="request-approve"),
    path("requests/<uuid:request_id>/answer/", web_answers.request_answer, name="request-answer"),
    path("requests/<uuid:request_id>/extension/", web_answers.request_extension, name="request-extension"),
    path(
        "requests/<uuid:request_id>/extension/decide/",
        web_answers.request_extension_decide,
        name="request-extension-decide",
    ),
    path("requests/<uuid:request_id>/review/", web_answers.request_review, name="request-review"),
    path("requests/<uuid:request_id>/deliver/", web_answers.request_deliver, name="request-deliver"),
    path("grants/", web_grants.grant_list, name="grant-list"),
    path("grants/<uuid:grant_id>/", web_grants.grant_detail, name="grant-detail"),
    path("grants/<uuid:grant_id>/revoke/", web_grants.grant_revoke, name="grant-revoke"),
    path("grants/<uuid:grant_id>/suspend/", web_grants.grant_suspend, name="grant-suspend"),
    path("grants/<uuid:grant_id>/resume/", web_grants.grant_resume, name="grant-resume"),
    path("grants/<uuid:grant_id>/developer/", web_developer.developer, name="grant-developer"),
    path("grants/<uuid:grant_id>/key/", web_developer.key_issue, name="grant-key"),
    path("grants/<uuid:grant_id>/try/", web_developer.try_call_view, name="grant-try"),
    path("calls/", web_calls.call_list, name="call-list"),
    path("calls/export.csv", web_calls.call_export, name="call-export"),
    path("supervision/", web_supervision.supervision, name="supervision"),
]
