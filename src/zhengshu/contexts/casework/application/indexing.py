"""The words by which a case is found: its title, its type, its parties, and what people wrote in it.

Data of forms is not indexed: it may be graded, and lists do not show it. Readers are added by the database.
"""

from collections.abc import Iterable

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.models import Case, CaseWords
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Insertion
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.words import document

_FOUND_BY = Insertion(CaseWords, "ON CONFLICT DO NOTHING")


def index_case(row: Case, kind: LoadedType, *, parties: Iterable[DepartmentId]) -> None:
    """Store the words of a fresh case."""
    departments = trust.department_names(ids=set(parties))
    applicants = [name for name in (row.applicant_name, row.enterprise_name) if name]
    types = [texts["name"] for texts in kind.texts.values() if "name" in texts]
    words = document(
        title=row.subject_title,
        second=types,
        third=[*(departments[one] for one in sorted(departments)), *applicants],
        parts=" ".join(applicants),
    )
    _FOUND_BY.run(CaseWords(case=row, words=words, opened_at=row.opened_at))
