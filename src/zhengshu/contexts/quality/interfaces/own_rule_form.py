"""The form of a rule in SQL."""

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.quality import api
from zhengshu.contexts.quality.application.own_rules import OwnRuleRecord
from zhengshu.contexts.quality.domain.own_rules import PREFIX, OwnRuleDraft
from zhengshu.contexts.quality.domain.reading_rules import MOST_SQL, MOST_WEIGHT
from zhengshu.contexts.quality.interfaces import labels

Choices = list[tuple[str, str]]


class OwnRuleForm(forms.Form):
    """What a rule in SQL demands, why, and how it is asked."""

    code = forms.SlugField(
        label=_("Code"),
        help_text=_(
            "Small letters, digits and hyphens; results tell the rule by it. “own-” is put before it."
        ),
        max_length=70,
    )
    name = forms.CharField(label=_("What it demands, in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("What it demands, in English"), max_length=200, required=False)
    basis = forms.CharField(
        label=_("Basis"), help_text=_("A standard and its clause, or a decision."), max_length=300
    )
    basis_en = forms.CharField(label=_("Basis, in English"), max_length=300, required=False)
    statement = forms.CharField(
        label=_("Statement"),
        help_text=_(
            "One SELECT of the column “place” of the rows that it blames. “rows” is the table, "
            "assessed_on() the day of the assessment."
        ),
        max_length=MOST_SQL,
        widget=forms.Textarea(
            attrs={"rows": 8, "class": "form-control ui-mono", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    tables = forms.MultipleChoiceField(
        label=_("Other tables that it reads"), widget=forms.CheckboxSelectMultiple, required=False
    )
    column = forms.ChoiceField(
        label=_("Column that it speaks of"),
        help_text=_("Empty where it speaks of whole rows."),
        required=False,
    )
    indicator = forms.ChoiceField(label=_("Indicator"))
    severity = forms.ChoiceField(label=_("Severity"), choices=list(labels.SEVERITIES.items()))
    weight = forms.IntegerField(label=_("Weight in the score"), min_value=1, max_value=MOST_WEIGHT, initial=1)

    def __init__(
        self, *args: object, columns: Choices, tables: Choices, is_new: bool = True, **kwargs: object
    ) -> None:
        """Offer the columns of the table, and the tables that rules can read; the code of a rule stays."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # the data of the request
        choices = {
            "column": [("", "—"), *columns],
            "tables": [(code, f"{name}（{code}）") for code, name in tables],
            "indicator": [(code, f"{code} {labels.indicator_name(code)}") for code in sorted(api.INDICATORS)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # fields of choices
        if not is_new:
            del self.fields["code"]

    @classmethod
    def of(cls, one: OwnRuleRecord | None, *, columns: Choices, tables: Choices) -> Self:
        """Return the form filled with the edition in force."""
        if one is None:
            initial: dict[str, object] = {
                "statement": "SELECT place FROM rows WHERE ",
                "indicator": "0104",
                "severity": "error",
            }
            return cls(columns=columns, tables=tables, initial=initial)
        rule = one.current.rule
        initial = {
            "name": rule.name,
            "name_en": rule.name_en,
            "basis": rule.basis,
            "basis_en": rule.basis_en,
            "statement": one.current.statement,
            "tables": list(one.current.tables),
            "column": rule.column,
            "indicator": rule.indicator,
            "severity": rule.severity.value,
            "weight": rule.weight,
        }
        return cls(columns=columns, tables=tables, is_new=False, initial=initial)

    def draft(self, *, resource_code: str, code: str) -> OwnRuleDraft:
        """Return what was written, for a table; `code` is that of the rule where it has one already."""
        data = self.cleaned_data
        return OwnRuleDraft(
            resource_code=resource_code,
            code=code or f"{PREFIX}{data['code']}",
            name=data["name"],
            name_en=data["name_en"],
            basis=data["basis"],
            basis_en=data["basis_en"],
            statement=data["statement"],
            tables=tuple(data["tables"]),
            column=data["column"],
            indicator=data["indicator"],
            severity=api.Severity(data["severity"]),
            weight=data["weight"],
        )
