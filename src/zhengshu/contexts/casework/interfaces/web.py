"""Pages of `casework`."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.casework.interfaces import web_case, web_extension, web_lists
from zhengshu.contexts.casework.interfaces.forms import web_send

app_name = "casework"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_lists.inbox, name="inbox"),
    path("export.csv", web_lists.inbox_export, name="inbox-export"),
    path("started/", web_lists.started, name="started"),
    path("started/export.csv", web_lists.started_export, name="started-export"),
    path("supervision/", web_lists.supervision, name="supervision"),
    path("supervision/export.csv", web_lists.supervision_export, name="supervision-export"),
    path("<uuid:case_id>/", web_case.case_detail, name="case-detail"),
    path("<uuid:case_id>/forms/", web_send.case_forms, name="case-forms"),
    path("<uuid:case_id>/flow/", web_case.case_flow, name="case-flow"),
    path("<uuid:case_id>/flow.bpmn", web_case.case_flow_file, name="case-flow-file"),
    path("<uuid:case_id>/extension/<str:clock>/", web_extension.extension_ask, name="extension-ask"),
    path("<uuid:case_id>/consent/<str:clock>/", web_extension.extension_decide, name="extension-decide"),
]
