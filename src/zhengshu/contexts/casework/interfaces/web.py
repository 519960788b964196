"""Pages of `casework`."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from zhengshu.contexts.casework.interfaces import web_case, web_exports, web_extension, web_filters, web_lists
from zhengshu.contexts.casework.interfaces.forms import web_send

app_name = "casework"


class ListFile(StringConverter):
    """The forms in which a list is sent as a file."""

    regex = "csv|xlsx"


register_converter(ListFile, "list-file")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_lists.inbox, name="inbox"),
    path("export.<list-file:form>", web_exports.inbox_export, name="inbox-export"),
    path("started/", web_lists.started, name="started"),
    path("started/export.<list-file:form>", web_exports.started_export, name="started-export"),
    path("supervision/", web_lists.supervision, name="supervision"),
    path("supervision/export.<list-file:form>", web_exports.supervision_export, name="supervision-export"),
    path("filters/", web_filters.filter_list, name="filters"),
    path("filters/save/", web_filters.filter_save, name="filter-save"),
    path("filters/<uuid:filter_id>/", web_filters.filter_open, name="filter"),
    path("filters/<uuid:filter_id>/remove/", web_filters.filter_remove, name="filter-remove"),
    path("<uuid:case_id>/", web_case.case_detail, name="case-detail"),
    path("<uuid:case_id>/forms/", web_send.case_forms, name="case-forms"),
    path("<uuid:case_id>/flow/", web_case.case_flow, name="case-flow"),
    path("<uuid:case_id>/flow.bpmn", web_case.case_flow_file, name="case-flow-file"),
    path("<uuid:case_id>/extension/<str:clock>/", web_extension.extension_ask, name="extension-ask"),
    path("<uuid:case_id>/consent/<str:clock>/", web_extension.extension_decide, name="extension-decide"),
]
