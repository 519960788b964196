"""Every fault of a case type that is to be published, also those that only the platform's own data show."""

from zhengshu.contexts.casework.application.forms.check_sources import check_sources
from zhengshu.contexts.casework.domain.checking import TypeFiles, check_files
from zhengshu.contexts.casework.domain.faults import Fault


def check_draft(files: TypeFiles) -> tuple[Fault, ...]:
    """Return the faults that keep a case type from being published; none means it may be.

    Basis: Decree 809, article 19, for forms that ask for what an authoritative source supplies.
    """
    return check_files(files) or check_sources(files.forms)
