"""Pages of `exchange`."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.interfaces import (
    web_answers,
    web_calls,
    web_developer,
    web_drafting,
    web_examining,
    web_grants,
    web_matters,
    web_matters_new,
    web_reads,
    web_requests,
    web_supervision,
    web_watching,
)

app_name = "exchange"


def _matters(kind: MatterKind) -> list[URLPattern]:
    """Return the pages that every kind of matter has."""
    base, one, kwargs = f"{kind.value}/", f"{kind.value}/<uuid:matter_id>/", {"kind": kind}
    return [
        path(base, web_matters.matter_list, kwargs, name=f"{kind.value}-list"),
        path(f"{base}export.csv", web_matters.matter_export, kwargs, name=f"{kind.value}-export"),
        path(one, web_matters.matter_detail, kwargs, name=f"{kind.value}-detail"),
        path(f"{one}steps/<slug:task>/", web_matters.matter_step, kwargs, name=f"{kind.value}-step"),
        path(f"{one}withdraw/", web_matters.matter_withdraw, kwargs, name=f"{kind.value}-withdraw"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("my-reads/", web_reads.my_reads, name="my-reads"),
    path("my-reads/export.csv", web_reads.my_reads_export, name="my-reads-export"),
    path("watching/", web_watching.watching, name="watching"),
    path("watching/alarms/<uuid:alarm_id>/", web_examining.alarm_case, name="alarm-case"),
    path("watching/rules/<slug:code>/", web_watching.watch_rule, name="watch-rule"),
    path("watching/findings/", web_watching.finding_list, name="finding-list"),
    path("watching/findings/<uuid:finding_id>/", web_watching.finding_detail, name="finding-detail"),
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
    path("grants/<uuid:grant_id>/developer/", web_developer.developer, name="grant-developer"),
    path("grants/<uuid:grant_id>/key/", web_developer.key_issue, name="grant-key"),
    path("grants/<uuid:grant_id>/try/", web_developer.try_call_view, name="grant-try"),
    path("calls/", web_calls.call_list, name="call-list"),
    path("calls/export.csv", web_calls.call_export, name="call-export"),
    path("supervision/", web_supervision.supervision, name="supervision"),
    path("corrections/new", web_matters_new.correction_new, name="corrections-new"),
    path("misuses/new", web_matters_new.misuse_new, name="misuses-new"),
    path("demands/new", web_matters_new.demand_new, name="demands-new"),
    path("disputes/new", web_matters_new.dispute_new, name="disputes-new"),
    path(
        "corrections/<uuid:matter_id>/values/",
        web_matters.matter_values,
        name="corrections-values",
    ),
    path(
        "misuses/<uuid:matter_id>/overdue/",
        web_matters.misuse_overdue,
        name="misuses-overdue",
    ),
    *(page for kind in MatterKind for page in _matters(kind)),
]
