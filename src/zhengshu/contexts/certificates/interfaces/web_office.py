"""Pages for officials: what the department issued, the end of a certificate, types and who issues them."""

from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.certificates.application.end_certificate import ENDERS, revoke
from zhengshu.contexts.certificates.application.export_certificates import exported
from zhengshu.contexts.certificates.application.queries import (
    FILTERS,
    SORTS,
    certificate,
    issued,
    types,
)
from zhengshu.contexts.certificates.application.records import CertificateRecord
from zhengshu.contexts.certificates.domain.states import CHOSEN, Ending
from zhengshu.contexts.certificates.interfaces.words import ENDINGS, STANDINGS, badge_of, period_of, why
from zhengshu.contexts.certificates.models.certificates import OFFICE_ROLES
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.tags import day
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.masks import Mask, apply

OFFICERS = tuple(sorted(OFFICE_ROLES))


class EndForm(forms.Form):
    """How and why a certificate ends."""

    ending = forms.ChoiceField(
        label=gettext_lazy("How it ends"),
        widget=forms.RadioSelect,
        choices=[(one.value, ENDINGS[one]) for one in CHOSEN],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The holder reads it and, of an enterprise's certificate, whoever checks it. "
            "Name the article and the facts."
        ),
    )


@require_GET
@allow(*OFFICERS)
def issued_list(request: ActorRequest) -> HttpResponse:
    """List what the department issued."""
    query = ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)
    page = issued(query=query, actor=request.actor, at=timezone.now())
    language = get_language() or ""
    context = {
        "page": page,
        "query": query,
        "facets": [
            Facet(
                name="type",
                label=_("Type of certificate"),
                options=tuple(
                    Option(value=code, label=found.names.of(language)) for code, found in types().items()
                ),
                is_single=False,
            ),
            Facet(
                name="standing",
                label=_("State"),
                options=tuple(
                    Option(value=one.value, label=str(words)) for one, (_colour, words) in STANDINGS.items()
                ),
                is_single=True,
            ),
        ],
        "rows": [
            (row, shown_holder(row), badge_of(row), period_of(row.active_from, row.active_to))
            for row in page.rows
        ],
    }
    return render(request, "certificates/issued.html", context)


@require_GET
@allow(*OFFICERS)
def issued_export(request: ActorRequest) -> HttpResponseBase:
    """Send the list, as it is filtered, as a table; names of persons in part only."""
    query = ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)
    head = [_("Identifier"), _("Type of certificate"), _("Holder"), _("Issued on"), _("Valid from"),
            _("Valid to"), _("State"), _("Reason")]  # fmt: skip
    rows = exported(query=query, actor=request.actor, at=timezone.now())
    return csv_response("certificates.csv", head, _lines(rows))


@require_http_methods(["GET", "POST"])
@allow(*sorted(ENDERS))
def end(request: ActorRequest, certificate_id: UUID) -> HttpResponse:
    """Ask how and why a certificate ends, and end it."""
    found = certificate(certificate_id=certificate_id, actor=request.actor, at=timezone.now())
    back = reverse("certificates:detail", args=[certificate_id])
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke(
                certificate_id=certificate_id,
                ending=Ending(form.cleaned_data["ending"]),
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            if refusal.kind is Kind.NOT_FOUND:
                raise
            form.add_error(None, sentence(refusal))
        else:
            messages.success(
                request, _("The certificate has ended. Whoever checks it from now on is told so.")
            )
            return redirect(back)
    context = {
        "form": form,
        "certificate": found,
        "holder": shown_holder(found),
        "back": back,
        "trail": [
            (_("Certificates issued"), reverse("certificates:issued")),
            (found.type_name, back),
            (pgettext("certificate", "End it"), ""),
        ],
    }
    return render(request, "certificates/end.html", context)


def shown_holder(record: CertificateRecord) -> str:
    """Return the holder as lists show him: a person in part only."""
    is_person = record.holder.kind.value == "person"
    return apply(Mask.NAME, record.holder.name) if is_person else record.holder.name


def _lines(rows: Iterator[CertificateRecord]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.number,
            row.type_name,
            shown_holder(row),
            day(row.issued_at),
            day(row.active_from),
            day(row.active_to),
            badge_of(row)[1],
            why(row.ended_because),
        )
