"""The part of the checker that needs the catalogue: no question that an authoritative source can answer."""

from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.application.forms import adapters
from zhengshu.contexts.casework.domain.faults import FORM, Fault
from zhengshu.contexts.casework.domain.forms.ports import IDENTITY, Asked
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.schema import Field, fields_of


def check_sources(forms: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return the faults of forms that ask a person for what an authoritative source supplies without a reason.

    Also those of fields whose source or code table does not exist.

    Basis: Decree 809, article 19.
    """
    fields = {code: fields_of(read_form(text, code=code)[0].parts) for code, text in forms.items()}
    return tuple(fault for code, found in fields.items() for fault in _check(f"{code}{FORM}", found))


def _check(file: str, fields: tuple[Field, ...]) -> Iterator[Fault]:
    asked = {field.id: Asked(element=field.element, label=field.label.zh) for field in fields}
    supplied = adapters.sources_of(asked.values())
    wanted = {field.table for field in fields if field.table}
    tables = adapters.entries(wanted)
    for field in fields:
        source = supplied.get(asked[field.id])
        if field.certificate:
            if not adapters.knows_certificate(field.certificate):
                details = {"certificate": field.certificate}
                yield Fault(file=file, element=field.id, code="form-certificate-unknown", details=details)
        elif field.is_bound and source is None and field.element not in IDENTITY:
            details = {"element": field.element}
            yield Fault(file=file, element=field.id, code="form-source-missing", details=details)
        if field.is_typed and source is not None and not field.reason:
            known = {"element": source.element_name, "source": source.source}
            yield Fault(file=file, element=field.id, code="form-asks-again", details=known)
        if field.table and field.table not in tables:
            yield Fault(file=file, element=field.id, code="form-table-unknown", details={"name": field.table})
