"""Pages of `catalog`."""

from django.urls import URLPattern, URLResolver, path, register_converter

from zhengshu.contexts.catalog.interfaces import (
    web_drafts,
    web_lists,
    web_resources,
    web_sheets,
    web_standards,
    web_steps,
    web_systems,
)

app_name = "catalog"


class CodeConverter:
    """A resource code in its URL-safe spelling."""

    regex = r"[1-3][0-9]{5,11}-[0-9]{1,9}"

    def to_python(self, value: str) -> str:
        """Return the code as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it is put into an address."""
        return value


register_converter(CodeConverter, "resource_code")

_STEPS = (
    path("submit/", web_steps.submit, name="resource-submit"),
    path("approve/", web_steps.approve, name="resource-approve"),
    path("return/", web_steps.send_back, name="resource-return"),
    path("publish/", web_steps.publish, name="resource-publish"),
    path("abandon/", web_steps.abandon, name="resource-abandon"),
    path("revise/", web_steps.revise, name="resource-revise"),
    path("retire/", web_steps.retire, name="resource-retire"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_resources.resource_list, name="resource-list"),
    path("new/", web_drafts.resource_new, name="resource-new"),
    path("withheld/", web_lists.withheld, name="withheld"),
    path("responsibilities/", web_lists.responsibilities, name="responsibilities"),
    path("import/", web_sheets.import_page, name="import"),
    path("import/layout/", web_sheets.empty_layout, name="import-layout"),
    path("export/", web_sheets.export, name="export"),
    path("elements/", web_standards.element_list, name="element-list"),
    path("elements/<slug:code>/", web_standards.element_detail, name="element-detail"),
    path("elements/<slug:code>/source/", web_standards.name_source, name="source-name"),
    path("elements/<slug:code>/source/withdraw/", web_standards.withdraw_source, name="source-withdraw"),
    path("code-tables/", web_standards.code_table_list, name="code-table-list"),
    path("code-tables/<slug:code>/", web_standards.code_table_detail, name="code-table-detail"),
    path("systems/", web_systems.system_list, name="system-list"),
    path("systems/new/", web_systems.system_new, name="system-new"),
    path("systems/<uuid:system_id>/", web_systems.system_detail, name="system-detail"),
    path("systems/<uuid:system_id>/edit/", web_systems.system_edit, name="system-edit"),
    path("<resource_code:code>/", web_resources.resource_detail, name="resource-detail"),
    path("<resource_code:code>/draft/", web_resources.resource_draft, name="resource-draft"),
    path("<resource_code:code>/edit/", web_drafts.resource_edit, name="resource-edit"),
    path(
        "<resource_code:code>/versions/<int:number>/", web_resources.resource_version, name="resource-version"
    ),
    path(
        "<resource_code:code>/compare/<int:old>/<int:new>/",
        web_resources.compare_versions,
        name="resource-compare",
    ),
    *(path(f"<resource_code:code>/{step.pattern}", step.callback, name=step.name) for step in _STEPS),
]
