"""Pages on which it is said what a consuming system's calls must name, and whether it hands in reports."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.issue_key import KEEPERS
from zhengshu.contexts.trust.application.listings import visible_system
from zhengshu.contexts.trust.application.set_system_rules import set_may_report, set_official_rule
from zhengshu.contexts.trust.domain.kinds import OfficialRule
from zhengshu.contexts.trust.interfaces.labels import OFFICIAL_RULES
from zhengshu.contexts.trust.interfaces.pages import confirm, done
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.foundation.ui.switching import SwitchForm
from zhengshu.kernel.actors import Role


class OfficialRuleForm(forms.Form):
    """Whether calls must name the official who asks."""

    rule = forms.ChoiceField(
        label=_("The official who asks"),
        widget=forms.RadioSelect,
        choices=[(rule.value, text) for rule, text in OFFICIAL_RULES.items()],
        help_text=_(
            "Calls name him in the signed header Zhengshu-Official by a reference of your department, never by name. "
            "It is kept with the record of each call, and the rules that watch calls judge by it."
        ),
    )


@allow(*KEEPERS, Role.SECURITY_ADMIN)
def system_officials(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Say whether the system's calls must name the official who asks."""
    system = visible_system(system_id=system_id, actor=request.actor).system
    form = OfficialRuleForm(request.POST or None, initial={"rule": system.official_rule.value})
    if request.method == "POST" and form.is_valid():
        changed = done(
            form,
            lambda: set_official_rule(
                system_id=system_id,
                rule=OfficialRule(form.cleaned_data["rule"]),
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if changed:
            messages.success(request, gettext("All gateways know it within a second."))
            return redirect("trust:system-detail", system_id)
    context = {
        "form": form,
        "title": _("Name the official who asks"),
        "lead": system.name,
        "cancel_url": reverse("trust:system-detail", args=[system_id]),
        "action_label": _("Save"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.SECURITY_ADMIN)
@sensitive
def system_reports(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Let the system hand in what its monitor found, or let it no longer: as the page asked that was sent."""
    system = visible_system(system_id=system_id, actor=request.actor).system
    sent = SwitchForm(request.POST)
    if request.method == "POST" and not sent.is_valid():
        return redirect("trust:system-reports", system_id)
    may = sent.is_on if request.method == "POST" else not system.may_report
    return confirm(
        request,
        lambda: set_may_report(system_id=system_id, may_report=may, actor=request.actor, at=timezone.now()),
        title=_("Let the system hand in reports of its monitor")
        if may
        else _("Take no more reports of the system"),
        text=_(
            "What the monitor of %(name)s finds in the proof log becomes a case of yours, like what the platform's own "
            "monitor finds."
        )
        % {"name": system.name}
        if may
        else _("Reports of %(name)s are refused from now on. Cases that are open go on.")
        % {"name": system.name},
        action_label=_("Take its reports") if may else _("Take no more reports"),
        back=reverse("trust:system-detail", args=[system_id]),
        said=_("All gateways know it within a second."),
        is_dangerous=False,
        form=SwitchForm.asking(is_on=may),
    )
