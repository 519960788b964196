"""The check of sealed files, for everybody: who, when, valid then, valid now, changed or not."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.trust.application.seals.check_sealed_file import CheckedFile, check_sealed_file
from zhengshu.contexts.trust.application.seals.examples import example, examples
from zhengshu.foundation.files.keeping import FileTooLarge
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.rules import public
from zhengshu.foundation.seals.checking import MOST_BYTES
from zhengshu.foundation.seals.findings import Finding, Later, Stamped, Verdict
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.errors import Refused

FORM_BYTES = 64 << 10
"""What a form needs besides the file in it."""


class SealedFileForm(forms.Form):
    """The file to be checked."""

    file = forms.FileField(
        label=gettext_lazy("Sealed file"),
        max_length=1000,
        help_text=gettext_lazy("A PDF or OFD as you received it, at most 20 MB. Nothing of it is kept."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.ofd"}),
    )

    def clean_file(self) -> object:
        """Refuse what is larger than is taken."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(sentence(FileTooLarge(most=MOST_BYTES >> 20)))
        return file


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question about a seal, with its answer.

    Attributes:
        colour: green for good, yellow for a doubt, red for wrong, grey where nothing can be said.
    """

    question: str
    colour: str
    answer: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAnswers:
    """What is said of one seal."""

    name: str
    colour: str
    verdict: str
    answers: tuple[Answer, ...]
    facts: tuple[tuple[str, str], ...]


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Check a file that somebody drops in; who announces too many bytes is refused before they are read."""
    announced = request.headers.get("Content-Length", "")
    if request.method == "POST" and announced.isdecimal() and int(announced) > MOST_BYTES + FORM_BYTES:
        form = SealedFileForm()
        return render(
            request,
            "trust/seals/check.html",
            {"form": form, "refusal": sentence(FileTooLarge(most=MOST_BYTES >> 20))},
            status=413,
        )
    return _check(request)


@csrf_protect
def _check(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {"form": SealedFileForm(), "examples": _examples()}
    if request.method != "POST":
        if asked := request.GET.get("example", ""):
            name, content = example(name=asked)
            context |= _checked(name, content)
        return render(request, "trust/seals/check.html", context)
    form = SealedFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        context |= _checked(file.name, file.read())
    if not form.is_valid() or "refusal" in context:
        context["form"] = form
    return render(request, "trust/seals/check.html", context)


@public
@require_GET
def example_file(_request: HttpRequest, name: str) -> HttpResponse:
    """Send an example, so that it can be checked with other programs too."""
    known, content = example(name=name)
    media_type = "application/pdf" if known.endswith(".pdf") else "application/ofd"
    headers = {"Content-Disposition": f'attachment; filename="{known}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _checked(name: str, content: bytes) -> dict[str, object]:
    """Return what the page says of a file."""
    try:
        found = check_sealed_file(content, at=timezone.now())
    except Refused as refusal:
        return {"refusal": sentence(refusal)}
    return {
        "file_name": name,
        "found": found,
        "seals": [said_of(one) for one in found.verdicts],
        "facts": _facts_of_file(found),
    }


def _examples() -> list[tuple[str, str]]:
    words = {
        "pdf": _("a sealed PDF"),
        "ofd": _("a sealed OFD"),
        "changed": _("the same OFD with a word changed"),
    }
    return [(name, words[name]) for name in examples()]


def said_of(verdict: Verdict) -> SealAnswers:
    """Return what is said of a seal in plain words."""
    finding = verdict.finding
    colour, words = _summary(verdict)
    facts = (
        (_("Seal or signature"), finding.name),
        (_("Certificate of"), _named(finding)),
        (_("Issued by"), finding.issuer),
        (_("Certificate number"), finding.serial),
        (_("Certificate and seal valid"), _period(finding.active_from, finding.active_to)),
        (_("Number of the seal"), finding.seal_id),
        (_("Detail for experts"), finding.trouble),
    )
    return SealAnswers(
        name=finding.signer or finding.name,
        colour=colour,
        verdict=words,
        answers=(_who(verdict), _when(verdict), _changed(verdict), _then(verdict), _now(verdict)),
        facts=tuple((name, value) for name, value in facts if value),
    )


def _summary(verdict: Verdict) -> tuple[str, str]:
    if not verdict.is_unchanged:
        return "red", _("Do not rely on this seal: it does not fit this document.")
    if not verdict.is_genuine:
        return "red", _("Do not rely on this seal: nobody whom this platform trusts vouches for who made it.")
    if verdict.is_valid:
        return "green", _("The seal is genuine, and the document is as it was sealed.")
    if verdict.was_valid:
        return "green", _("The seal was genuine when the document was sealed, and the document is unchanged.")
    return "yellow", _(
        "The document is unchanged, but the seal was not valid when it was used, as far as is proved."
    )


def _who(verdict: Verdict) -> Answer:
    finding, question = verdict.finding, _("Who sealed it?")
    who = _named(finding) or _("unknown")
    if finding.is_trusted and finding.is_signature_right:
        why = _("Certified by %(issuer)s.") % {"issuer": finding.issuer}
        return Answer(question=question, colour="green", answer=who, why=why)
    why = _("It only says so: the certificate does not come from an authority that this platform trusts.")
    return Answer(question=question, colour="red", answer=_("Not proved") + f" ({who})", why=why)


def _named(finding: Finding) -> str:
    """Return whom a certificate names: who, and of which organisation where that is somebody else."""
    return ", ".join(dict.fromkeys(one for one in (finding.signer, finding.organization) if one))


def _when(verdict: Verdict) -> Answer:
    finding, question = verdict.finding, _("When?")
    if finding.stamped_at is not None:
        why = _("A timestamp authority has attested it.")
        return Answer(question=question, colour="green", answer=_day(finding.stamped_at), why=why)
    if finding.stamped is Stamped.NONE:
        why = _("There is no timestamp; the signer's own clock says %(time)s.")
    else:
        why = _(
            "The timestamp is not right or not by a trusted authority; the signer's own clock says %(time)s."
        )
    claimed = _day(finding.claimed_at) if finding.claimed_at else "—"
    return Answer(question=question, colour="yellow", answer=_("Not proved"), why=why % {"time": claimed})


def _changed(verdict: Verdict) -> Answer:
    question = _("Was it changed since?")
    if not verdict.is_unchanged:
        why = _("Something in the file is not what was sealed, or the seal was copied from another document.")
        return Answer(
            question=question, colour="red", answer=_("Yes, or the seal belongs to another document"), why=why
        )
    if verdict.finding.later is Later.SEALED_AGAIN:
        why = _("After this seal only further seals were added.")
        return Answer(question=question, colour="green", answer=_("No"), why=why)
    return Answer(question=question, colour="green", answer=_("No"))


def _then(verdict: Verdict) -> Answer:
    question = _("Was the seal valid then?")
    if not verdict.is_genuine or verdict.was_valid is None:
        why = _("Without a right seal and a proved time this cannot be said.")
        return Answer(question=question, colour="grey", answer=_("Cannot be said"), why=why)
    if verdict.was_valid:
        return Answer(question=question, colour="green", answer=_("Yes"))
    why = _("At that time the seal or its certificate was expired, revoked, or not yet valid.")
    return Answer(question=question, colour="red", answer=_("No"), why=why)


def _now(verdict: Verdict) -> Answer:
    question = _("Is the seal valid now?")
    if verdict.revoked_at is not None:
        why = _("It was revoked on %(time)s.") % {"time": _day(verdict.revoked_at)}
        return Answer(question=question, colour="yellow", answer=_("No, revoked"), why=why)
    if verdict.is_valid:
        return Answer(question=question, colour="green", answer=_("Yes"))
    if verdict.is_genuine and verdict.is_expired:
        ended = verdict.finding.active_to
        why = _("Its time ended on %(time)s.") % {"time": _day(ended) if ended else ""}
        return Answer(question=question, colour="yellow", answer=_("No, expired"), why=why)
    return Answer(question=question, colour="grey" if not verdict.is_genuine else "yellow", answer=_("No"))


def _facts_of_file(found: CheckedFile) -> list[tuple[str, str]]:
    logged = _("Yes: exactly this file was sealed on this platform and is in its proof log.")
    return [
        (_("Kind"), found.kind.value.upper()),
        (_("SHA-256 of the file"), found.digest),
        (_("Sealed on this platform"), logged if found.is_logged else _("Not known here as a whole")),
        (_("Checked"), _day(found.checked_at)),
    ]


def _period(start: datetime | None, end: datetime | None) -> str:
    return f"{_day(start)} – {_day(end)}" if start and end else ""


def _day(at: datetime) -> str:
    return str(moment(at))
