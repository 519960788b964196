"""Pages on which a seal is applied for, and put on a notice."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework.application.issue_notices import notice
from zhengshu.contexts.casework.application.seals.apply_for_seal import apply_for_seal
from zhengshu.contexts.casework.application.seals.seal_notice import (
    may_be_sealed,
    seal_notice,
    sealed_notices,
    take_sealed_notice,
)
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.downloads import download
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive, signed_in
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId

APPLICANTS = (Role.DATA_OFFICER, Role.WINDOW_CLERK, Role.APPROVER, Role.DEPARTMENT_HEAD)
USERS = tuple(sorted(OFFICIALS - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))
MOST_PICTURE_BYTES = 1 << 20
YEARS = 3
MEDIA_TYPES = {trust.SealFormat.PDF: "application/pdf", trust.SealFormat.OFD: "application/ofd"}
KINDS = (
    (trust.SealKind.ORGAN, gettext_lazy("Seal of an organ")),
    (trust.SealKind.DEPARTMENT, gettext_lazy("Seal of an internal department")),
    (trust.SealKind.PERSONAL, gettext_lazy("Personal name seal")),
)


class SealForm(OnceForm):
    """What a department wants."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"),
        coerce=int,
        choices=[(int(kind), words) for kind, words in KINDS],
        initial=int(trust.SealKind.ORGAN),
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("Name on the seal"),
        max_length=60,
        help_text=gettext_lazy("The full name of the organ; of a personal seal the holder's name."),
    )
    caption = forms.CharField(
        label=gettext_lazy("Words below the star"),
        max_length=16,
        required=False,
        help_text=gettext_lazy("Where the seal is for one purpose only, such as 行政审批专用章."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    holder = forms.ChoiceField(
        label=gettext_lazy("Holder"), required=False, help_text=gettext_lazy("Of a personal seal only.")
    )
    users = forms.MultipleChoiceField(
        label=gettext_lazy("Who may use it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A personal seal is used by its holder alone."),
    )
    first = forms.DateField(
        label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Valid to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture of the seal"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "PNG with a transparent ground, 120 to 1200 pixels, at most 1 MB. Without one it is drawn."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".png"}),
    )

    def offer(self, actor: Actor) -> None:
        """Let people of the department be chosen."""
        people = trust.officials(department_id=actor.department_id) if actor.department_id else ()
        names = [(str(one.id), f"{one.name} ({one.username})") for one in people]
        self.fields["holder"].choices = [("", "—"), *names]  # type: ignore[attr-defined]
        self.fields["users"].choices = names  # type: ignore[attr-defined]

    def clean_picture(self) -> "UploadedFile[bytes] | None":
        """Refuse what is larger than is taken, before it is read."""
        picture: UploadedFile[bytes] | None = self.cleaned_data.get("picture")
        if picture is not None and (picture.size or 0) > MOST_PICTURE_BYTES:
            raise forms.ValidationError(_("The picture is larger than 1 MB."))
        return picture

    def wanted(self) -> trust.WantedSeal:
        """Return what was entered."""
        entered, zone = self.cleaned_data, get_default_timezone()
        picture: UploadedFile[bytes] | None = entered["picture"]
        is_personal = entered["kind"] == trust.SealKind.PERSONAL
        return trust.WantedSeal(
            kind=trust.SealKind(entered["kind"]),
            name=entered["name"],
            caption="" if is_personal else entered["caption"],
            purpose=entered["purpose"],
            holder_id=UUID(entered["holder"]) if entered["holder"] and is_personal else None,
            users=() if is_personal else tuple(UUID(one) for one in entered["users"]),
            active_from=datetime.combine(entered["first"], time(), zone),
            active_to=datetime.combine(entered["last"] + timedelta(days=1), time(), zone),
            picture=picture.read() if picture else b"",
        )


class UseForm(forms.Form):
    """Which seal is put on a notice, and in which kinds of file."""

    seal = forms.ChoiceField(label=gettext_lazy("Seal"), widget=forms.RadioSelect)
    ofd = forms.BooleanField(
        label=gettext_lazy("Also as OFD (GB/T 33190, sealed by SM2)"), required=False, initial=False
    )

    def offer(self, seals: tuple[trust.SealRecord, ...]) -> None:
        """Let one of the seals be chosen."""
        self.fields["seal"].choices = [(str(one.id), one.name) for one in seals]  # type: ignore[attr-defined]
        if len(seals) == 1:
            self.fields["seal"].initial = str(seals[0].id)


@require_http_methods(["GET", "POST"])
@allow(*APPLICANTS)
def seal_apply(request: ActorRequest) -> HttpResponse:
    """Apply for a seal of one's own department."""
    today = timezone.localdate()
    first = {"first": today, "last": today + timedelta(days=365 * YEARS), "name": _own_name(request.actor)}
    form = SealForm(request.POST, request.FILES) if request.method == "POST" else SealForm(initial=first)
    form.offer(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            seal_id, case = apply_for_seal(
                wanted=form.wanted(),
                actor=request.actor,
                at=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            said = _("The application %(number)s was handed in. The head of your department decides next.")
            messages.success(request, said % {"number": case.number})
            return redirect("trust:seal-detail", seal_id)
    context = {"form": form, "trail": [(_("Seals"), reverse("trust:seal-list")), (_("Apply for a seal"), "")]}
    return render(request, "casework/seal_apply.html", context)


@require_http_methods(["GET", "POST"])
@allow(*USERS)
@sensitive
def notice_seal(request: ActorRequest, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """Put a seal on a notice."""
    found = notice(case_id=CaseId(case_id), notice_id=notice_id, actor=request.actor)
    seals = may_be_sealed(notice_id=notice_id, actor=request.actor, at=timezone.now())
    back = reverse("casework:notice", args=[case_id, notice_id])
    form = UseForm(request.POST or None)
    form.offer(seals)
    if request.method == "POST" and form.is_valid():
        formats = {trust.SealFormat.PDF} | ({trust.SealFormat.OFD} if form.cleaned_data["ofd"] else set())
        try:
            seal_notice(
                case_id=CaseId(case_id),
                notice_id=notice_id,
                seal_id=UUID(form.cleaned_data["seal"]),
                formats=frozenset(formats),
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            if refusal.kind is Kind.NOT_FOUND:
                raise
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("The notice was sealed. The use of the seal is in the proof log."))
            return redirect(back)
    context = {
        "form": form,
        "notice": found,
        "seals": seals,
        "back": back,
        "trail": [(found.case_number, ""), (found.title, back), (_("Seal the notice"), "")],
    }
    return render(request, "casework/notice_seal.html", context)


@require_GET
@signed_in
def sealed_file(request: ActorRequest, case_id: UUID, notice_id: UUID, use_id: UUID) -> FileResponse:
    """Send a sealed notice, to whoever may see the case; the audit notes it."""
    record, content = take_sealed_notice(
        case_id=CaseId(case_id), notice_id=notice_id, use_id=use_id, actor=request.actor, at=timezone.now()
    )
    format_ = trust.SealFormat(record.format)
    return download(content, name=f"{record.number}.{format_.value}", media_type=MEDIA_TYPES[format_])


def sealing(request: ActorRequest, notice_id: UUID) -> dict[str, object]:
    """Return what the page of a notice shows of its seals."""
    is_user = request.actor.has(*USERS)
    return {
        "sealed": sealed_notices(notice_ids=[notice_id]).get(notice_id, ()),
        "may_seal": is_user
        and bool(may_be_sealed(notice_id=notice_id, actor=request.actor, at=timezone.now())),
    }


@slot("trust.seals", Actor)
def apply_button(request: HttpRequest, actor: Actor) -> SafeString:
    """Offer to apply for a seal."""
    if not actor.has(*APPLICANTS) or actor.department_id is None:
        return SafeString("")
    return render_to_string("casework/parts/seal_apply_button.html", {}, request=request)


def _own_name(actor: Actor) -> str:
    return trust.department(department_id=actor.department_id).name if actor.department_id else ""
