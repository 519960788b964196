"""The proof log for strangers: its files as they are, a page that explains them, and a check of receipts."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.trust.application.log_keys import current_vkeys, log_keys
from zhengshu.contexts.trust.application.log_queries import latest_entries
from zhengshu.contexts.trust.application.publish_log import log_folder, published
from zhengshu.contexts.trust.interfaces.receipts import MOST_BYTES, explained, kind_name
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public
from zhengshu.foundation.tlog.keys import promise_vkey
from zhengshu.foundation.tlog.tiles import Tile
from zhengshu.kernel.actors import Role

FOR_EVER = "public, max-age=31536000, immutable"
LATEST = 20


class ReceiptForm(forms.Form):
    """A receipt, as a file or as text."""

    file = forms.FileField(
        label=_("Receipt file"), required=False, help_text=_("The file that the gateway gave, .tlog-proof")
    )
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=MOST_BYTES,
    )

    def clean(self) -> dict[str, object]:
        """Demand one of both, small enough to be a receipt."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if file is None and not text.strip():
            raise forms.ValidationError(_("Choose the file of a receipt, or paste its text."))
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large to be a receipt; one has a few kilobytes."))
        return cleaned

    def receipt(self) -> str:
        """Return the text of the receipt; what is no text becomes one that no receipt has."""
        file = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip() + "\n"
        return bytes(file.read()).decode(errors="replace")


@require_GET
@public
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Send the signed head of the log (C2SP tlog-checkpoint)."""
    note = log_folder().checkpoint()
    if not note:
        raise Http404
    return HttpResponse(note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_GET
@public
def handover(_request: HttpRequest, version: int) -> HttpResponse:
    """Send the file by which others follow from the log's former keys to newer ones (C2SP tlog-proof)."""
    text = log_folder().handover(version)
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FOR_EVER})


@require_GET
@public
def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """Send a tile or a bundle of entries (C2SP tlog-tiles)."""
    asked = Tile.of_path(path)
    if asked is None:
        raise Http404
    try:
        content = log_folder().read(asked)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise Http404 from fault
    headers = {"Cache-Control": FOR_EVER}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


@require_GET
@public
def log_page(request: ActorRequest) -> HttpResponse:
    """Explain the log, give its keys, and show what was logged last."""
    origin = settings.PROOF_LOG_ORIGIN
    context = {
        "checkpoint": published(),
        "origin": origin,
        "keys": (*current_vkeys(), promise_vkey(origin)),
        "sets": log_keys(),
        "may_change": request.actor.has(Role.SECURITY_ADMIN),
        "entries": [(row, kind_name(row.kind)) for row in latest_entries(most=LATEST)],
    }
    return render(request, "trust/log.html", context)


@require_http_methods(["GET", "POST"])
@public
def verify_page(request: HttpRequest) -> HttpResponse:
    """Check a receipt that somebody drops in, and say in plain words what it proves."""
    is_asked = request.method == "POST"
    form = ReceiptForm(request.POST, request.FILES) if is_asked else ReceiptForm()
    found = explained(form.receipt()) if is_asked and form.is_valid() else None
    return render(request, "trust/verify.html", {"form": form, "found": found})
