"""Pages for holders: my certificates, one certificate, its files, and the code that shows it."""

import io
from uuid import UUID

import segno
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.certificates.application.end_certificate import ENDERS
from zhengshu.contexts.certificates.application.present_certificate import present, refused_presentations
from zhengshu.contexts.certificates.application.queries import (
    certificate,
    is_own,
    own_certificates,
    type_of,
    uses,
    versions,
)
from zhengshu.contexts.certificates.application.records import CertificateRecord
from zhengshu.contexts.certificates.application.renewals import renewals_of
from zhengshu.contexts.certificates.application.take_file import formats_of, take_file
from zhengshu.contexts.certificates.domain.presenting import SECONDS
from zhengshu.contexts.certificates.interfaces.words import USES, badge_of, period_of, why
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.downloads import download
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, signed_in
from zhengshu.kernel.actors import APPLICANTS

PERSONS = tuple(sorted(APPLICANTS))
MEDIA_TYPES = {trust.SealFormat.PDF: "application/pdf", trust.SealFormat.OFD: "application/ofd"}


@require_GET
@allow(*PERSONS)
def mine(request: ActorRequest) -> HttpResponse:
    """Show the person's own certificates and those of his enterprises: in force first, the others below."""
    at = timezone.now()
    found = own_certificates(actor=request.actor, at=at)
    hints = renewals_of(found, at=at)
    drawn = [
        (one, badge_of(one), period_of(one.active_from, one.active_to), hints.get(one.id)) for one in found
    ]
    context = {
        "in_force": [row for row in drawn if row[0].is_valid],
        "others": [row for row in drawn if not row[0].is_valid],
    }
    return render(request, "certificates/mine.html", context)


@require_GET
@signed_in
def detail(request: ActorRequest, certificate_id: UUID) -> HttpResponse:
    """Show one certificate: what it says, its files, its versions, and who used it."""
    actor, at = request.actor, timezone.now()
    found = certificate(certificate_id=certificate_id, actor=actor, at=at)
    own = is_own(certificate_id=certificate_id, actor=actor)
    hint = renewals_of([found], at=at).get(found.id) if own else None
    labels = type_of(certificate_id=certificate_id, actor=actor).labels(get_language() or "")
    context = {
        "certificate": found,
        "badge": badge_of(found),
        "period": period_of(found.active_from, found.active_to),
        "why": why(found.ended_because),
        "renewal": hint,
        "late": hint.rule.late.of(get_language() or "") if hint else "",
        "trail": _trail(found, is_own=own),
        "formats": formats_of(certificate_id=certificate_id, actor=actor),
        "versions": [
            (one, badge_of(one), why(one.ended_because))
            for one in versions(certificate_id=certificate_id, actor=actor, at=at)
        ],
        "uses": [
            (one, USES[one.kind], "、".join(labels.get(code, code) for code in one.fields))
            for one in uses(certificate_id=certificate_id, actor=actor)
        ],
        "refused": refused_presentations(certificate_id=certificate_id, actor=actor),
        "is_own": own,
        "may_present": own and found.is_valid,
        "may_end": not own and actor.has(*ENDERS) and not found.ending,
    }
    return render(request, "certificates/detail.html", context)


@allow(*PERSONS)
def show(request: ActorRequest, certificate_id: UUID) -> HttpResponse:
    """Make a fresh code (POST) and show it; a page that is loaded again goes back and makes none."""
    if request.method != "POST":
        return redirect("certificates:detail", certificate_id)
    found = certificate(certificate_id=certificate_id, actor=request.actor, at=timezone.now())
    made = present(certificate_id=certificate_id, actor=request.actor, at=timezone.now())
    context = {
        "certificate": found,
        "code": _code(made.address, title=_("QR code that shows the certificate")),
        "expires_at": timezone.localtime(made.expires_at),
        "seconds": SECONDS,
        "trail": [*_trail(found, is_own=True)[:-1], (found.type_name, _url(found)), (_("Show"), "")],
    }
    response = render(request, "certificates/show.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
@signed_in
def file(request: ActorRequest, certificate_id: UUID, format_name: str) -> FileResponse:
    """Send the sealed file of a certificate; the audit notes it."""
    format_ = trust.SealFormat(format_name)
    name, content = take_file(
        certificate_id=certificate_id, format_=format_, actor=request.actor, at=timezone.now()
    )
    return download(content, name=name, media_type=MEDIA_TYPES[format_])


def _trail(found: CertificateRecord, *, is_own: bool) -> list[tuple[str, str]]:
    home = (
        (_("My certificates"), reverse("certificates:mine"))
        if is_own
        else (_("Certificates issued"), reverse("certificates:issued"))
    )
    return [home, (found.type_name, "")]


def _url(found: CertificateRecord) -> str:
    return reverse("certificates:detail", args=[found.id])


def _code(address: str, *, title: str) -> SafeString:
    """Return a QR code as an SVG element without styles, named for those who do not see it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        border=2,
        xmldecl=False,
        svgns=True,
        svgclass=None,
        lineclass=None,
        title=title,
        omitsize=True,
    )
    return mark_safe(out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1))  # noqa: S308 - our own drawing
