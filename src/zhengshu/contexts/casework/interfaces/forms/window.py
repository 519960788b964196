"""For whom an official at the window fills in a form."""

from django import forms
from django.utils.translation import gettext_lazy

from zhengshu.contexts.casework.application.forms.drafts import Draft
from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.records import Applicant
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused


class WindowForm(forms.Form):
    """Who stands at the window: a person, or the delegate of an enterprise."""

    citizen_id = forms.CharField(
        label=gettext_lazy("Citizen ID of the person at the window"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credit_code = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        help_text=gettext_lazy("Only where the person asks for an enterprise."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_citizen_id(self) -> CitizenId:
        """Read the number, or say what is wrong with it."""
        try:
            return CitizenId.parse(self.cleaned_data["citizen_id"])
        except Refused as refusal:
            raise forms.ValidationError(sentence(refusal)) from refusal

    def clean_credit_code(self) -> CreditCode | None:
        """Read the code, or say what is wrong with it."""
        text = self.cleaned_data["credit_code"].strip()
        try:
            return CreditCode.parse(text) if text else None
        except Refused as refusal:
            raise forms.ValidationError(sentence(refusal)) from refusal

    def add_refusal(self, refusal: Refused) -> None:
        """Say why the form was not begun; at the number, where nobody who may ask has it."""
        place = "citizen_id" if isinstance(refusal, trust.AccountNotFound) else None
        self.add_error(place, sentence(refusal))

    def applicant(self, *, matter: str) -> Applicant:
        """Return the applicant.

        Raises:
            PersonWithoutAccount: the person has no account.
            DelegateNotFound: the person may not act for the enterprise now.
        """
        found = trust.private_person(
            citizen_id=self.cleaned_data["citizen_id"],
            enterprise=self.cleaned_data.get("credit_code"),
            matter=matter,
        )
        return Applicant(account_id=found.account_id, enterprise_id=found.enterprise_id)


def window_form(definition: Definition, request: ActorRequest) -> WindowForm | None:
    """Return the form that asks an official for whom he opens a case; None where people ask for themselves."""
    if not definition.applicant or request.actor.department_id is None:
        return None
    form = WindowForm(request.POST or None)
    if Role.ENTERPRISE_DELEGATE not in definition.applicant:
        del form.fields["credit_code"]
    elif Role.CITIZEN not in definition.applicant:
        form.fields["credit_code"].required = True
    return form


def for_whom(found: Draft) -> str:
    """Return the name of the person for whom an official fills in a draft; empty where people do so themselves."""
    row = found.row
    if row.applicant_id is None:
        return ""
    person = trust.names_of(ids=[row.applicant_id]).get(row.applicant_id, "")
    enterprise = trust.enterprise_names(ids=[row.enterprise_id]) if row.enterprise_id else {}
    return " · ".join(name for name in (person, *enterprise.values()) if name)
