"""Pages of `lake`."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.lake.interfaces import web_batches, web_deliver, web_new, web_resources, web_rows

app_name = "lake"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_batches.batch_list, name="batch-list"),
    path("deliver/", web_deliver.choose, name="deliver-choose"),
    path("new/", web_new.new_file, name="new-file"),
    path("new/<str:token>/", web_new.new_resource, name="new-resource"),
    path("resources/<str:code>/", web_resources.resource_data, name="resource-data"),
    path("resources/<str:code>/deliver/", web_deliver.deliver, name="deliver"),
    path("resources/<str:code>/rule/", web_resources.rule, name="rule"),
    path("batches/<uuid:batch_id>/", web_batches.batch_detail, name="batch-detail"),
    path("batches/<uuid:batch_id>/progress/", web_batches.progress, name="progress"),
    path("batches/<uuid:batch_id>/again/", web_batches.again, name="again"),
    path("batches/<uuid:batch_id>/rows/", web_rows.row_list, name="row-list"),
    path("batches/<uuid:batch_id>/rows/<int:line>/", web_rows.row_correct, name="row-correct"),
    path("batches/<uuid:batch_id>/rows.<str:file_format>", web_rows.download, name="download"),
    path("batches/<uuid:batch_id>/replay/", web_rows.replay, name="replay"),
]
