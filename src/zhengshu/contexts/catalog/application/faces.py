"""The face of a resource: what lists, facets and searches read."""

from zhengshu.contexts.catalog.application.versions import declaration
from zhengshu.contexts.catalog.domain.codes import category_of
from zhengshu.contexts.catalog.domain.resources import ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.models import Resource, ResourceVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.words import document


def show(resource: Resource) -> None:
    """Bring a resource's face up to date with the version that others see, and save it.

    The published version is the face; while there is none, the one on its way is.
    """
    version = resource.published or resource.opened
    if version is not None:
        department = trust.department(department_id=DepartmentId(resource.department_id))
        _put(resource, version, declaration(version), department_name=department.name)
    resource.save()


def _put(resource: Resource, version: ResourceVersion, draft: ResourceDraft, *, department_name: str) -> None:
    resource.state = State.RETIRED.value if resource.retired_at else version.state
    resource.changed_at = version.published_at or version.changed_at
    fill_face(resource, draft, department_name=department_name)


def fill_face(resource: Resource, draft: ResourceDraft, *, department_name: str) -> None:
    """Copy what lists and searches need from a declaration onto an unsaved resource."""
    resource.name = draft.name
    resource.category = category_of(classification=draft.classification)
    resource.classification = draft.classification
    resource.sharing_class = draft.sharing_class
    resource.opening_class = draft.opening_class
    resource.grade = draft.grade
    resource.update_cycle = draft.update_cycle
    resource.format_category = draft.format_category
    resource.has_personal = draft.holds_personal_information
    resource.all_words = document(
        title=draft.name,
        second=(item.name for item in draft.items),
        third=(draft.summary, *draft.keywords),
        fourth=(department_name,),
    )
