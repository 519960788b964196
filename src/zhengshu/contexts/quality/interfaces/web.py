"""Pages of `quality`."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.quality.interfaces import (
    web_overview,
    web_own_rules,
    web_rectifications,
    web_reports,
    web_rows,
    web_rules,
    web_runs,
    web_schedule,
    web_tables,
)

app_name = "quality"
_ONE = "rectifications/<uuid:rectification_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_overview.city, name="overview"),
    path("report.<str:file_format>", web_reports.city_report, name="city-report"),
    path("districts/<slug:code>/", web_overview.district, name="district"),
    path("schedule/", web_schedule.schedule_list, name="schedule"),
    path("schedule/<str:code>/", web_schedule.schedule_change, name="schedule-change"),
    path("tables/", web_tables.table_list, name="table-list"),
    path("tables/export.csv", web_tables.table_export, name="table-export"),
    path("tables/<str:code>/", web_tables.table_detail, name="table"),
    path("tables/<str:code>/assess/", web_tables.table_assess, name="assess"),
    path("tables/<str:code>/plan/", web_tables.table_plan, name="plan"),
    path("runs/", web_runs.run_list, name="run-list"),
    path("runs/<uuid:run_id>/", web_runs.run_detail, name="run"),
    path("runs/<uuid:run_id>/progress/", web_runs.run_progress, name="progress"),
    path("runs/<uuid:run_id>/stop/", web_runs.run_stop, name="stop"),
    path("runs/<uuid:run_id>/resume/", web_runs.run_resume, name="resume"),
    path("runs/<uuid:run_id>/with/<uuid:other_id>/", web_runs.run_compare, name="compare"),
    path("runs/<uuid:run_id>/rows/", web_rows.row_list, name="rows"),
    path("runs/<uuid:run_id>/rows.<str:file_format>", web_rows.row_export, name="row-export"),
    path("runs/<uuid:run_id>/report.<str:file_format>", web_reports.run_report, name="run-report"),
    path("rules/", web_rules.rule_list, name="rule-list"),
    path("rules/<slug:code>/", web_rules.rule_detail, name="rule"),
    path("own-rules/", web_own_rules.own_rule_list, name="own-rule-list"),
    path("own-rules/new/", web_own_rules.own_rule_new, name="own-rule-new"),
    path("own-rules/<uuid:rule_id>/", web_own_rules.own_rule_detail, name="own-rule"),
    path("own-rules/<uuid:rule_id>/edit/", web_own_rules.own_rule_edit, name="own-rule-edit"),
    path("own-rules/<uuid:rule_id>/retire/", web_own_rules.own_rule_retire, name="own-rule-retire"),
    path("rectifications/", web_rectifications.rectification_list, name="rectification-list"),
    path(
        "rectifications/export.csv",
        web_rectifications.rectification_list_export,
        name="rectification-list-export",
    ),
    path(f"{_ONE}/", web_rectifications.rectification_detail, name="rectification"),
    path(f"{_ONE}/correct/", web_rectifications.rectification_correct, name="correct"),
    path(f"{_ONE}/object/", web_rectifications.rectification_object, name="object"),
    path(
        f"{_ONE}/rows.<str:file_format>", web_rectifications.rectification_export, name="rectification-export"
    ),
]
