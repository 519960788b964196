"""What forms of cases need of the catalogue: code tables to choose from, and which source supplies what.

We stand behind the ports that `casework` declares; `interfaces.form_ports` registers us.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from zhengshu.contexts.casework.api import FormOption, FormSource, Question, Words
from zhengshu.contexts.catalog.models import AuthoritativeSource, CodeEntry
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Statement
from zhengshu.kernel.identity import DepartmentId


class CatalogForForms:
    """The catalogue as forms see it; code tables and sources are no secret, so nobody's rights are asked."""

    def entries(self, codes: Iterable[str]) -> Mapping[str, tuple[FormOption, ...]]:
        """Return the entries of those code tables that exist and have some, in one query."""
        found: dict[str, list[FormOption]] = defaultdict(list)
        rows = CodeEntry.objects.filter(table__code__in=list(codes)).order_by("table__code", "position")
        for table, code, name in rows.values_list("table__code", "code", "name"):
            found[table].append(FormOption(value=code, label=Words(zh=name)))
        return {table: tuple(options) for table, options in found.items()}

    def sources_of(self, asked: Iterable[Question]) -> Mapping[Question, FormSource]:
        """Return the authoritative sources of those questions that have one, in two queries.

        A question is known by the code of its data element, or where it names none by its label, which may be the
        element's name or one of its synonyms.

        Basis: Decree 809, article 19.
        """
        questions = tuple(asked)
        labels = [one.label for one in questions if not one.element]
        named = Q(element__code__in=[one.element for one in questions])
        called = Q(element__name__in=labels) | Q(element__synonyms__overlap=labels)
        rows = list(
            AuthoritativeSource.objects.filter(named | called, active_to=None).select_related(
                "element", "resource"
            )
        )
        owners = trust.departments(ids={row.department_id for row in rows})
        found: dict[str, FormSource] = {}
        for row in rows:
            owner = owners[DepartmentId(row.department_id)].name
            source = FormSource(
                element=row.element.code,
                element_name=row.element.name,
                source=f"{owner}《{row.resource.name}》",
            )
            found |= dict.fromkeys([row.element.code, row.element.name, *row.element.synonyms], source)
        return {
            one: found[one.element or one.label] for one in questions if (one.element or one.label) in found
        }


_SOURCES = Statement(
    """
    SELECT element.code, resource.code, resource.name, source.department_id, resource.published_id
    FROM catalog_authoritative_source source
    JOIN catalog_data_element element ON element.id = source.element_id
    JOIN catalog_resource resource ON resource.id = source.resource_id
    WHERE element.code = ANY (%s) AND source.active_to IS NULL
    """
)
_COLUMNS = Statement(
    """
    SELECT version_id, element_code, "column" FROM catalog_resource_item
    WHERE version_id = ANY (%s::uuid[]) AND element_code <> ''
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSource:
    """Where the authoritative value of a data element stands.

    Attributes:
        resource_code: the resource.
        source: the source in words.
        columns: data element → column, of all items of the resource's published version.
    """

    resource_code: str
    source: str
    columns: Mapping[str, str]


def element_sources(*, codes: Iterable[str]) -> Mapping[str, ElementSource]:
    """Return the authoritative sources of those data elements that have one, in three queries.

    Basis: Decree 809, article 19.
    """
    rows = _SOURCES.rows(list(codes))
    owners = trust.department_names(ids={owner for _element, _code, _name, owner, _version in rows})
    columns: dict[UUID, dict[str, str]] = defaultdict(dict)
    for version, element, column in _COLUMNS.rows([version for *_told, version in rows if version]):
        columns[version][element] = column
    return {
        element: ElementSource(
            resource_code=code,
            source=f"{owners[owner]}《{name}》",
            columns=columns[version] if version else {},
        )
        for element, code, name, owner, version in rows
    }
