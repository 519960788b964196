"""Taking over officials' accounts from a file: look first, then all or nothing."""

from collections.abc import Mapping

import msgspec
from django import forms
from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from zhengshu.contexts.trust.application.import_accounts import Imported, import_accounts, listed, preview
from zhengshu.contexts.trust.domain.account_lists import Judged, ListedOfficial, RowFault, Verdict
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.contexts.trust.interfaces.pages import in_words
from zhengshu.foundation.files.sheets import read_rows, read_upload
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

SECONDS_TO_CONFIRM = 30 * 60
MOST_SHOWN = 500

VERDICTS: Mapping[Verdict, tuple[str, Text]] = {
    Verdict.ADD: ("green", _("new account")),
    Verdict.MOVE: ("blue", _("moves to this department, loses roles")),
    Verdict.REACTIVATE: ("blue", _("comes back")),
    Verdict.DEACTIVATE: ("yellow", _("leaves: access ends at once")),
    Verdict.UNCHANGED: ("grey", _("unchanged")),
    Verdict.FAULT: ("red", _("wrong")),
}
FAULTS: Mapping[RowFault, Text] = {
    RowFault.NO_USERNAME: _("The user name is missing."),
    RowFault.USERNAME_UNFIT: _("The user name has signs that it cannot have, or not 3 to 64 of them."),
    RowFault.TWICE: _("The user name stands in the list twice."),
    RowFault.NO_NAME: _("The name is missing."),
    RowFault.DEPARTMENT_UNKNOWN: _("No department at work has this code."),
    RowFault.STATE_UNKNOWN: _("The state must be 在职 or 离职 (active or left)."),
    RowFault.NO_OFFICIAL: _("The account of this user name is no official's."),
    RowFault.OTHER_PERSON: _("The account of this user name belongs to somebody of another name."),
    RowFault.OWN: _("It is your own account; another administrator changes it."),
    RowFault.ADMINISTRATOR: _("It is an administrator's account; change it on its own page."),
}


class ListForm(forms.Form):
    """A file with officials."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, or CSV in UTF-8 or GBK. First line: 用户名, 姓名, 部门代码, 状态."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )


@allow(Role.SYSTEM_ADMIN)
@sensitive
@never_cache
def account_import(request: ActorRequest) -> HttpResponse:
    """Take a file, show what would follow from each row, and do it when that is confirmed."""
    if request.method == "POST" and "kept" in request.POST:
        return _confirmed(request)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data, name = read_upload(request.FILES.get("file"))
            rows = listed(read_rows(data, name=name))
            judged = preview(rows, actor=request.actor)
        except Refused as refusal:
            form.add_error("file", in_words(refusal))
        else:
            return _shown(request, judged, name=name)
    context = {
        "form": form,
        "trail": ((_("Accounts"), reverse("trust:account-list")), (_("Take over a list"), "")),
    }
    return render(request, "trust/import.html", context)


def _shown(request: ActorRequest, judged: tuple[Judged, ...], *, name: str, fault: str = "") -> HttpResponse:
    kept = msgspec.json.encode((name, [one.row for one in judged])).decode()
    rows = [
        (one.row, VERDICTS[one.verdict], FAULTS[one.fault] if one.fault else "")
        for one in sorted(judged, key=lambda one: one.verdict is not Verdict.FAULT)
    ]
    context = {
        "name": name,
        "rows": rows[:MOST_SHOWN],
        "hidden": max(0, len(rows) - MOST_SHOWN),
        "counts": [
            (VERDICTS[verdict][1], sum(one.verdict is verdict for one in judged)) for verdict in Verdict
        ],
        "faults": sum(one.verdict is Verdict.FAULT for one in judged),
        "fault": fault,
        "kept": TimestampSigner(salt=_salt(request)).sign(kept),
        "trail": ((_("Accounts"), reverse("trust:account-list")), (_("Take over a list"), "")),
    }
    return render(request, "trust/import_preview.html", context)


def _confirmed(request: ActorRequest) -> HttpResponse:
    signer = TimestampSigner(salt=_salt(request))
    try:
        kept = signer.unsign(request.POST["kept"], max_age=SECONDS_TO_CONFIRM)
    except BadSignature:
        messages.error(request, gettext("The preview is too old. Choose the file again."))
        return redirect("trust:account-import")
    name, rows = msgspec.json.decode(kept, type=tuple[str, list[ListedOfficial]])
    try:
        done = import_accounts(rows, source=name, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        return _shown(request, preview(rows, actor=request.actor), name=name, fault=in_words(refusal))
    return _finished(request, done)


def _finished(request: ActorRequest, done: Imported) -> HttpResponse:
    context = {
        "counts": [(VERDICTS[verdict][1], count) for verdict, count in done.counts.items()],
        "passwords": done.passwords,
        "trail": ((_("Accounts"), reverse("trust:account-list")), (_("Take over a list"), "")),
    }
    return render(request, "trust/import_done.html", context)


def _salt(request: ActorRequest) -> str:
    """Bind a preview to who has seen it."""
    return f"trust.import:{request.actor.id}"
