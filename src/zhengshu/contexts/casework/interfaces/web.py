"""Pages of `casework`."""

from datetime import date

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from zhengshu.contexts.casework.interfaces import (
    web_absence,
    web_arrived,
    web_calendar,
    web_case,
    web_clock,
    web_do,
    web_documents,
    web_exports,
    web_extension,
    web_filters,
    web_lists,
    web_many,
    web_people,
    web_seal_decision,
    web_seals,
    web_studio,
    web_studio_draft,
    web_studio_try,
    web_supervision,
)
from zhengshu.contexts.casework.interfaces.forms import web_send

app_name = "casework"


class ListFile(StringConverter):
    """The forms in which a list is sent as a file."""

    regex = "csv|xlsx"


class IsoDay:
    """A day as ``2026-10-01``."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Read the day; what is none is not found."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Write the day."""
        return value.isoformat()


register_converter(ListFile, "list-file")
register_converter(IsoDay, "iso-day")

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
    path("studio/", web_studio.studio_list, name="studio"),
    path("studio/new/", web_studio.studio_new, name="studio-new"),
    path("studio/upload/", web_studio.studio_upload, name="studio-upload"),
    path("studio/types/<slug:code>/", web_studio.type_history, name="studio-type"),
    path("studio/types/<slug:code>/retire/", web_studio_draft.retire, name="studio-retire"),
    path("studio/types/<slug:code>/<int:edition>.zip", web_studio.version_file, name="studio-version-file"),
    path(
        "studio/types/<slug:code>/<int:edition>/differences/",
        web_studio.version_differences,
        name="studio-differences",
    ),
    path("studio/types/<slug:code>/<int:edition>/draft/", web_studio.draft_of_version, name="studio-redraft"),
    path("studio/<uuid:draft_id>/", web_studio_draft.draft_page, name="studio-draft"),
    path("studio/<uuid:draft_id>/draw/", web_studio_draft.draw, name="studio-draw"),
    path("studio/<uuid:draft_id>/save/", web_studio_draft.save, name="studio-save"),
    path("studio/<uuid:draft_id>/texts/", web_studio_draft.draft_texts, name="studio-texts"),
    path("studio/<uuid:draft_id>/draft.zip", web_studio_draft.draft_file, name="studio-draft-file"),
    path("studio/<uuid:draft_id>/upload/", web_studio_draft.draft_upload, name="studio-draft-upload"),
    path("studio/<uuid:draft_id>/try/", web_studio_try.try_draft, name="studio-try"),
    path("studio/<uuid:draft_id>/submit/", web_studio_draft.submit, name="studio-submit"),
    path("studio/<uuid:draft_id>/decide/", web_studio_draft.decide, name="studio-decide"),
    path("studio/<uuid:draft_id>/abandon/", web_studio_draft.abandon, name="studio-abandon"),
    path("supervision/departments/", web_supervision.departments, name="departments"),
    path("many/", web_many.many, name="many"),
    path("calendar/", web_calendar.calendar, name="calendar"),
    path("calendar/<iso-day:day>/free/", web_calendar.calendar_free, name="calendar-free"),
    path("absences/", web_absence.absence_list, name="absences"),
    path("absences/<uuid:absence_id>/end/", web_absence.absence_end, name="absence-end"),
    path("<uuid:case_id>/urge/", web_supervision.case_urge, name="case-urge"),
    path("<uuid:case_id>/notes/<uuid:note_id>/", web_supervision.note_answer, name="note-answer"),
    path("<uuid:case_id>/avoid/", web_people.case_avoid, name="case-avoid"),
    path("<uuid:case_id>/tasks/<uuid:task_id>/do/", web_do.task_do, name="task-do"),
    path("<uuid:case_id>/arrived/<str:event>/", web_arrived.message_arrived, name="message-arrived"),
    path("<uuid:case_id>/tasks/<str:task>/claim/", web_people.task_claim, name="task-claim"),
    path("<uuid:case_id>/tasks/<str:task>/release/", web_people.task_release, name="task-release"),
    path("<uuid:case_id>/tasks/<str:task>/hand-over/", web_people.task_hand_over, name="task-hand-over"),
    path(
        "<uuid:case_id>/tasks/<str:task>/countersign/", web_people.task_countersign, name="task-countersign"
    ),
    path(
        "<uuid:case_id>/tasks/<str:task>/countersign/drop/",
        web_people.task_countersign_drop,
        name="task-countersign-drop",
    ),
    path("<uuid:case_id>/documents/", web_documents.document_add, name="document-add"),
    path("<uuid:case_id>/documents/<uuid:document_id>/", web_documents.document, name="document"),
    path("<uuid:case_id>/notices/<uuid:notice_id>/", web_documents.notice_page, name="notice"),
    path("<uuid:case_id>/notices/<uuid:notice_id>/seal/", web_seals.notice_seal, name="notice-seal"),
    path(
        "<uuid:case_id>/notices/<uuid:notice_id>/sealed/<uuid:use_id>/",
        web_seals.sealed_file,
        name="sealed-file",
    ),
    path("seals/apply/", web_seals.seal_apply, name="seal-apply"),
    path("seals/<uuid:case_id>/decide/", web_seal_decision.seal_decide, name="seal-decide"),
    path("seals/<uuid:case_id>/withdraw/", web_seal_decision.seal_withdraw, name="seal-withdraw"),
    path("<uuid:case_id>/comments/", web_documents.comment_add, name="comment-add"),
    path("<uuid:case_id>/", web_case.case_detail, name="case-detail"),
    path("<uuid:case_id>/forms/", web_send.case_forms, name="case-forms"),
    path("<uuid:case_id>/flow/", web_case.case_flow, name="case-flow"),
    path("<uuid:case_id>/flow.bpmn", web_case.case_flow_file, name="case-flow-file"),
    path("<uuid:case_id>/clocks/<str:clock>/pause/", web_clock.clock_pause, name="clock-pause"),
    path(
        "<uuid:case_id>/clocks/<str:clock>/resume/<str:ground>/", web_clock.clock_resume, name="clock-resume"
    ),
    path("<uuid:case_id>/extension/<str:clock>/", web_extension.extension_ask, name="extension-ask"),
    path("<uuid:case_id>/consent/<str:clock>/", web_extension.extension_decide, name="extension-decide"),
]
