"""The words by which a case is found: its title, its type, its parties, and what people wrote in it.

Data of forms is not indexed: it may be graded, and lists do not show it. Readers are added by the database.
"""

from collections.abc import Iterable

from django.db import connection

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.models import Case, CaseWords
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.words import document

_MOST_LEXEMES = 3000
"""A case about which more was written keeps the words that it has."""


def index_case(row: Case, kind: LoadedType, *, parties: Iterable[DepartmentId]) -> None:
    """Store the words of a fresh case."""
    departments = trust.departments(ids=set(parties))
    applicants = [name for name in (row.applicant_name, row.enterprise_name) if name]
    types = [texts["name"] for texts in kind.texts.values() if "name" in texts]
    words = document(
        title=row.subject_title,
        second=types,
        third=[*(one.name for one in departments.values()), *applicants],
        parts=" ".join(applicants),
    )
    CaseWords.objects.bulk_create([CaseWords(case=row, words=words)], ignore_conflicts=True)


def index_texts(row: Case, texts: Iterable[str]) -> None:
    """Add the words of what people wrote where everybody who sees the case reads it; nothing to add changes nothing.

    What only officials read is not searched: whoever finds a case by a word learns that the word stands there.
    """
    words = document(title="", fourth=texts)
    if not words:
        return
    table = CaseWords._meta.db_table  # noqa: SLF001 - Django's own name for it
    statement = f"""
        UPDATE {table} SET words = words || %s::tsvector WHERE case_id = %s AND length(words) < %s
    """  # noqa: S608 - the table's name is ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [words, row.pk, _MOST_LEXEMES])
