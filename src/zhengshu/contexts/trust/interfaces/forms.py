"""The forms of the administration."""

from collections.abc import Callable
from dataclasses import asdict

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.domain.kinds import KeyAlgorithm, SecondFactorRule
from zhengshu.contexts.trust.domain.policies import RANGES, PolicyValues
from zhengshu.contexts.trust.interfaces.labels import ALGORITHMS, FACTOR_RULES, LEVELS, POLICY, ROLES
from zhengshu.contexts.trust.interfaces.pages import department_choices
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.ui.widgets import DayInput
from zhengshu.kernel.actors import Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.text import seen


class DepartmentForm(forms.Form):
    """A department, without its code."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    region = forms.CharField(
        label=_("Region code"),
        max_length=12,
        help_text=_("GB/T 2260: 6 digits, 9 for a town or street, 12 for a community."),
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=[(level.value, label) for level, label in LEVELS.items()]
    )
    parent = forms.ChoiceField(label=_("Superior department"), required=False)
    is_data_authority = forms.BooleanField(
        label=_("Data authority of the region"),
        required=False,
        help_text=_(
            "It reviews the catalogue and requests of all departments of the region. A region has one."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        self.fields["parent"] = forms.ChoiceField(
            label=_("Superior department"), required=False, choices=department_choices(empty=_("none"))
        )
        self.order_fields(["code", "name", "short_name", "region", "level", "parent", "is_data_authority"])


class NewDepartmentForm(DepartmentForm):
    """A new department."""

    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        help_text=_("GB 32100: 18 digits and capital letters."),
    )


class OfficialForm(forms.Form):
    """A new official."""

    username = forms.CharField(
        label=_("User name"), max_length=64, help_text=_("3 to 64 letters, digits, dots or hyphens.")
    )
    name = forms.CharField(label=_("Name of the person"), max_length=60)
    department = forms.ChoiceField(label=_("Department"))
    citizen_id = forms.CharField(
        label=_("Citizen ID number"),
        max_length=20,
        required=False,
        help_text=_(
            "Ensures that one person gets one official account. It is kept encrypted and shown to nobody."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        self.fields["department"] = forms.ChoiceField(
            label=_("Department"), choices=department_choices(empty=_("Choose a department"))
        )
        self.order_fields(["username", "name", "department", "citizen_id"])


class PersonForm(forms.Form):
    """Somebody at the window who has no account."""

    OWN, HANDLER = "own", "handler"

    citizen_id = forms.CharField(
        label=_("Citizen ID number"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Name of the person"),
        max_length=60,
        help_text=_("As it stands on the identity card."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    use = forms.ChoiceField(
        label=_("What the account is for"),
        choices=[
            (OWN, _("The person's own matters")),
            (HANDLER, _("Matters of an enterprise, as its handler")),
        ],
        initial=OWN,
        widget=forms.RadioSelect,
    )
    enterprise_code = forms.CharField(
        label=_("Unified social credit code of the enterprise"),
        max_length=40,
        required=False,
        help_text=_("Only for a handler. What he may do its legal representative says himself, afterwards."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_citizen_id(self) -> str:
        """Refuse a number that cannot be one, together with whatever else is wrong."""
        return self._parsed(CitizenId.parse, "citizen_id")

    def clean_name(self) -> str:
        """Return the name as it is seen; one of which nothing is seen is none."""
        name = seen(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_enterprise_code(self) -> str:
        """Refuse a handler without an enterprise, and a code that cannot be one; without a handler it is left out."""
        if self.cleaned_data.get("use") != self.HANDLER:
            return ""
        if not self.cleaned_data["enterprise_code"]:
            raise forms.ValidationError(_("Enter the code of the enterprise whose handler the person is."))
        return self._parsed(CreditCode.parse, "enterprise_code")

    def _parsed(self, parse: Callable[[str], object], name: str) -> str:
        try:
            return str(parse(self.cleaned_data[name]))
        except Refused as refusal:
            raise forms.ValidationError(sentence(refusal)) from refusal


class MoveForm(forms.Form):
    """Where an official goes."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        self.fields["department"] = forms.ChoiceField(
            label=_("New department"), choices=department_choices(empty=_("Choose a department"))
        )


class RoleForm(forms.Form):
    """A role to give."""

    def __init__(self, *args: object, offered: tuple[Role, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[(role.value, ROLES[role]) for role in offered]
        )


class SystemForm(forms.Form):
    """A new consuming system."""

    name = forms.CharField(
        label=_("Name of the information system"),
        max_length=120,
        help_text=_("As in the ledger of your department's information systems."),
    )


class KeyForm(forms.Form):
    """A key to issue."""

    algorithm = forms.ChoiceField(
        label=_("Signature algorithm"),
        choices=[(kind.value, label) for kind, label in ALGORITHMS.items()],
        initial=KeyAlgorithm.HMAC_SHA256.value,
        widget=forms.RadioSelect,
    )
    public_key = forms.CharField(
        label=_("Public key"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "For key pairs only: the text of a PEM file, or in base64 the 32 bytes of Ed25519, the 64 of SM2."
        ),
    )
    overlap_hours = forms.IntegerField(
        label=_("Hours for which the present keys stay valid"),
        min_value=0,
        max_value=RANGES["key_overlap_max_hours"][1],
        initial=24,
        help_text=_("Time to change the system over. 0 ends the present keys at once."),
    )


class PolicyForm(forms.Form):
    """The security policy."""

    def __init__(self, *args: object, values: PolicyValues, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        present = asdict(values)
        for field, (low, high) in RANGES.items():
            label, text = POLICY[field]
            self.fields[field] = forms.IntegerField(
                label=label, min_value=low, max_value=high, initial=present[field], help_text=text
            )
        self.fields["second_factor"] = forms.ChoiceField(
            label=_("Who must use a second factor"),
            choices=[(rule.value, label) for rule, label in FACTOR_RULES.items()],
            initial=values.second_factor.value,
            help_text=_(
                "Level 3 asks for two factors, one of them cryptographic (passkey or one-time code)."
            ),
        )

    def values(self) -> PolicyValues:
        """Return what was entered."""
        entered = {field: self.cleaned_data[field] for field in RANGES}
        return PolicyValues(**entered, second_factor=SecondFactorRule(self.cleaned_data["second_factor"]))


class AuditForm(forms.Form):
    """What is looked for in the audit."""

    who = forms.CharField(label=_("Who (user name or name)"), required=False, max_length=64)
    name = forms.CharField(label=_("What"), required=False)
    department = forms.CharField(label=_("Department"), required=False)
    subject = forms.CharField(label=_("Subject (id, or how its name begins)"), required=False, max_length=120)
    address = forms.GenericIPAddressField(label=_("Network address"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput())
    until = forms.DateField(label=_("To (inclusive)"), required=False, widget=DayInput())
    only_failures = forms.BooleanField(label=_("Failures only"), required=False)

    def __init__(self, *args: object, names: list[tuple[str, object]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        self.fields["name"] = forms.ChoiceField(label=_("What"), required=False, choices=names)
        self.fields["department"] = forms.ChoiceField(
            label=_("Department"), required=False, choices=department_choices(empty=_("any"))
        )
        self.order_fields(
            ["who", "name", "department", "subject", "address", "since", "until", "only_failures"]
        )
