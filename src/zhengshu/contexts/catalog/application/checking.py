"""Acceptance of a declaration."""

from collections.abc import Mapping

from zhengshu.contexts.catalog.domain.checks import faults_of
from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.resources import Known, ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import DataType
from zhengshu.contexts.catalog.models import Classification, CodeTable, DataElement, InformationSystem
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId


class DraftNotAcceptable(Refused):
    """The declaration breaks rules; `faults` names each field with what was expected."""

    code = "catalog.draft-not-acceptable"
    message = (
        "The declaration cannot be accepted: %(count)s places need attention, first “%(field)s”. %(sentence)s"
    )

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults beside the sentence about the first."""
        self.faults = faults
        first = faults[0]
        super().__init__(count=len(faults), field=first.field, sentence=first.text())


def what_is_known() -> Known:
    """Return everything that a declaration may refer to, in three queries."""
    elements: Mapping[str, DataType] = {
        code: DataType(kind) for code, kind in DataElement.objects.values_list("code", "data_type")
    }
    return Known(
        classifications=frozenset(Classification.objects.filter(is_leaf=True).values_list("code", flat=True)),
        elements=elements,
        code_tables=frozenset(CodeTable.objects.values_list("code", flat=True)),
    )


def accept(draft: ResourceDraft, *, department_id: DepartmentId, known: Known | None = None) -> None:
    """Let a declaration pass or say everything that is wrong with it.

    Basis: Decree 809, articles 13 to 15.

    Raises:
        DraftNotAcceptable: with one fault for each field that breaks a rule.
    """
    faults = faults_of(draft, known=known or what_is_known())
    if draft.system_id is not None:
        own = InformationSystem.objects.filter(id=draft.system_id, department_id=department_id)
        if not own.exists():
            faults = (
                *faults,
                Fault(
                    field="system_id",
                    code="catalog.system-unknown",
                    message="Choose one of your department's information systems.",
                ),
            )
    if faults:
        raise DraftNotAcceptable(faults)
