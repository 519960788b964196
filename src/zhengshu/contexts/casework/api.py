"""The door of casework: open a case, do its tasks, keep its clocks, read it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.applying import ApplicantMissing, ApplicantUnfit, NotForOthers
from zhengshu.contexts.casework.application.ask_countersign import (
    CountersignerUnfit,
    ask_countersign,
    drop_countersign,
)
from zhengshu.contexts.casework.application.ask_extension import AskedAlready, ask_extension
from zhengshu.contexts.casework.application.avoid_matter import NobodyLeft, avoid_matter
from zhengshu.contexts.casework.application.check_case_type import case_type_folders, check_case_type
from zhengshu.contexts.casework.application.claim_task import (
    ColleagueUnfit,
    claim_task,
    hand_over_task,
    release_task,
)
from zhengshu.contexts.casework.application.commands_once import KeyUsedOtherwise
from zhengshu.contexts.casework.application.complete_many import TooMany, Verdict, complete_many
from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.countersigning import CountersignMissing, CountersignObjected
from zhengshu.contexts.casework.application.declare_absence import (
    AbsenceNotFound,
    AbsenceRecord,
    AbsenceUnfit,
    CaseTypeUnknown,
    DeputyUnfit,
    NotYourAbsence,
    absences,
    declare_absence,
    end_absence,
)
from zhengshu.contexts.casework.application.deliver_message import MessageNotAwaited, deliver_message
from zhengshu.contexts.casework.application.desk import CaseDesk, case_desk
from zhengshu.contexts.casework.application.documents import (
    DocumentNotFound,
    DocumentRecord,
    NotInternal,
    TooManyDocuments,
    attach_document,
    documents,
    documents_rule,
    take_document,
)
from zhengshu.contexts.casework.application.extend_clock import extend_clock
from zhengshu.contexts.casework.application.extension import ClockNotRunning, ExtensionTooLate
from zhengshu.contexts.casework.application.fire_timers import fire_timers
from zhengshu.contexts.casework.application.forms.adapters import (
    use_certificates,
    use_code_tables,
    use_exchange,
    use_intake,
    use_sources,
)
from zhengshu.contexts.casework.application.forms.answered import FormNotAnswered
from zhengshu.contexts.casework.application.forms.attach_files import Upload, attach_files
from zhengshu.contexts.casework.application.forms.check_sources import check_sources
from zhengshu.contexts.casework.application.forms.complete_by_form import complete_by_form
from zhengshu.contexts.casework.application.forms.drafts import DraftNotFound
from zhengshu.contexts.casework.application.forms.foresee import foresee
from zhengshu.contexts.casework.application.forms.form_queries import case_values
from zhengshu.contexts.casework.application.forms.hand_over import hand_over
from zhengshu.contexts.casework.application.forms.open_by_form import open_by_form, prepare_form
from zhengshu.contexts.casework.application.forms.questions import (
    FormQuestion,
    answer_draft,
    case_answers,
    form_questions,
)
from zhengshu.contexts.casework.application.forms.save_answers import discard_draft
from zhengshu.contexts.casework.application.forms.send_form import (
    AnswersFaulty,
    FormChanged,
    ItemNotOffered,
    ValuesOutdated,
)
from zhengshu.contexts.casework.application.forms.send_opening import Sent, send_opening
from zhengshu.contexts.casework.application.forms.start_draft import FormNotFound, asked_for_by, is_open_to
from zhengshu.contexts.casework.application.gone import why_not_open
from zhengshu.contexts.casework.application.issue_notices import NoticeRecord, notices
from zhengshu.contexts.casework.application.limits_kept import limits_kept
from zhengshu.contexts.casework.application.load_case_types import CaseTypeFaulty, load_case_types
from zhengshu.contexts.casework.application.messages.afterwords import Afterwords, use_afterwords
from zhengshu.contexts.casework.application.messages.ports import SmsPort, use_sms
from zhengshu.contexts.casework.application.messages.read_messages import unread as unread_messages
from zhengshu.contexts.casework.application.migrate_cases import (
    CaseMove,
    EditionNotFound,
    migrate_cases,
    running_elsewhere,
)
from zhengshu.contexts.casework.application.open_case import CaseTypeNotFound, PartiesWrong, open_case
from zhengshu.contexts.casework.application.parties import PartyNotNamed
from zhengshu.contexts.casework.application.pause_clock import (
    ClockPausedAlready,
    DurationMissing,
    GroundUnknown,
    pause_clock,
)
from zhengshu.contexts.casework.application.queries import case, inbox, lights, readable, started, supervised
from zhengshu.contexts.casework.application.recompute_clocks import recompute_clocks
from zhengshu.contexts.casework.application.resume_clock import NotPausedOnThatGround, resume_clock
from zhengshu.contexts.casework.application.seals.apply_for_seal import apply_for_seal
from zhengshu.contexts.casework.application.seals.decide_seal import decide_seal, seal_task
from zhengshu.contexts.casework.application.seals.seal_notice import (
    may_be_sealed,
    seal_notice,
    take_sealed_notice,
)
from zhengshu.contexts.casework.application.supervise import (
    DaysUnfit,
    DepartmentCount,
    NoteNotFound,
    NoteRecord,
    NothingToUrge,
    NotSupervising,
    answer_note,
    by_department,
    notes,
    urge_case,
    write_note,
)
from zhengshu.contexts.casework.application.type_facts import TypeFacts, type_facts
from zhengshu.contexts.casework.application.watching import watch_clocks
from zhengshu.contexts.casework.application.withdraw_case import withdraw_case
from zhengshu.contexts.casework.application.working import CaseClosedAlready, CaseNotFound
from zhengshu.contexts.casework.application.write_comment import CommentUnfit, write_comment
from zhengshu.contexts.casework.domain.clocks import ExtensionNotProvided, NoLimitApplies
from zhengshu.contexts.casework.domain.completing import (
    AvoidanceDeclared,
    BasisMissing,
    CaseWithdrawn,
    DataMissing,
    DataNotDeclared,
    FourEyes,
    NotYourTask,
    OnlyOnce,
    OutcomeUnknown,
    OwnMatter,
    ReasonMissing,
    TaskAlreadyDone,
    TaskNotOpen,
)
from zhengshu.contexts.casework.domain.doing import HeldByColleague
from zhengshu.contexts.casework.domain.faults import Fault
from zhengshu.contexts.casework.domain.forms.ports import KIOSK_MARK, Finding, Handling, Supplied, Whole
from zhengshu.contexts.casework.domain.forms.ports import Asked as Question
from zhengshu.contexts.casework.domain.forms.ports import Matter as FormMatter
from zhengshu.contexts.casework.domain.forms.ports import Shown as FormShown
from zhengshu.contexts.casework.domain.forms.ports import Source as FormSource
from zhengshu.contexts.casework.domain.forms.ports import Use as FormUse
from zhengshu.contexts.casework.domain.forms.ports import Verdict as FormVerdict
from zhengshu.contexts.casework.domain.forms.schema import Kind as FormKind
from zhengshu.contexts.casework.domain.forms.schema import Option as FormOption
from zhengshu.contexts.casework.domain.forms.schema import Words
from zhengshu.contexts.casework.domain.migrating import OBSTACLES, MoveVerdict, Renaming, read_renaming
from zhengshu.contexts.casework.domain.records import (
    OPEN,
    Applicant,
    CaseRecord,
    CaseSubject,
    ClockRecord,
    DayNote,
    ExtensionRecord,
    OpenForm,
    OutcomeRecord,
    Party,
    Step,
    StepKind,
    TaskKind,
    TaskRecord,
)
from zhengshu.kernel.actors import Actor


def cases_of(
    *, subject_ids: Iterable[UUID], actor: Actor | None = None, at: datetime | None = None
) -> Mapping[UUID, CaseRecord]:
    """Return the latest case about each subject, without timelines, in a fixed number of queries.

    For pages that show rows which the reader may see by other rules; nothing is filtered here. Without a time
    the lights are those of this moment; without an actor no task is marked as the reader's own.
    """
    reader = actor or Actor.anonymous()
    return queries.cases_of(subject_ids=subject_ids, actor=reader, at=at or timezone.now())


__all__ = [
    "KIOSK_MARK",
    "OBSTACLES",
    "OPEN",
    "AbsenceNotFound",
    "AbsenceRecord",
    "AbsenceUnfit",
    "Afterwords",
    "AnswersFaulty",
    "Applicant",
    "ApplicantMissing",
    "ApplicantUnfit",
    "AskedAlready",
    "AvoidanceDeclared",
    "BasisMissing",
    "CaseClosedAlready",
    "CaseDesk",
    "CaseMove",
    "CaseNotFound",
    "CaseRecord",
    "CaseSubject",
    "CaseTypeFaulty",
    "CaseTypeNotFound",
    "CaseTypeUnknown",
    "CaseWithdrawn",
    "ClockNotRunning",
    "ClockPausedAlready",
    "ClockRecord",
    "ColleagueUnfit",
    "CommentUnfit",
    "CountersignMissing",
    "CountersignObjected",
    "CountersignerUnfit",
    "DataMissing",
    "DataNotDeclared",
    "DayNote",
    "DaysUnfit",
    "DepartmentCount",
    "DeputyUnfit",
    "DocumentNotFound",
    "DocumentRecord",
    "DraftNotFound",
    "DurationMissing",
    "EditionNotFound",
    "ExtensionNotProvided",
    "ExtensionRecord",
    "ExtensionTooLate",
    "Fault",
    "Finding",
    "FormChanged",
    "FormKind",
    "FormMatter",
    "FormNotAnswered",
    "FormNotFound",
    "FormOption",
    "FormQuestion",
    "FormShown",
    "FormSource",
    "FormUse",
    "FormVerdict",
    "FourEyes",
    "GroundUnknown",
    "Handling",
    "HeldByColleague",
    "ItemNotOffered",
    "KeyUsedOtherwise",
    "MessageNotAwaited",
    "MoveVerdict",
    "NoLimitApplies",
    "NobodyLeft",
    "NotForOthers",
    "NotInternal",
    "NotPausedOnThatGround",
    "NotSupervising",
    "NotYourAbsence",
    "NotYourTask",
    "NoteNotFound",
    "NoteRecord",
    "NothingToUrge",
    "NoticeRecord",
    "OnlyOnce",
    "OpenForm",
    "OutcomeRecord",
    "OutcomeUnknown",
    "OwnMatter",
    "PartiesWrong",
    "Party",
    "PartyNotNamed",
    "Question",
    "ReasonMissing",
    "Renaming",
    "Sent",
    "SmsPort",
    "Step",
    "StepKind",
    "Supplied",
    "TaskAlreadyDone",
    "TaskKind",
    "TaskNotOpen",
    "TaskRecord",
    "TooMany",
    "TooManyDocuments",
    "TypeFacts",
    "Upload",
    "ValuesOutdated",
    "Verdict",
    "Whole",
    "Words",
    "absences",
    "answer_draft",
    "answer_note",
    "apply_for_seal",
    "ask_countersign",
    "ask_extension",
    "asked_for_by",
    "attach_document",
    "attach_files",
    "avoid_matter",
    "by_department",
    "case",
    "case_answers",
    "case_desk",
    "case_type_folders",
    "case_values",
    "cases_of",
    "check_case_type",
    "check_sources",
    "claim_task",
    "complete_by_form",
    "complete_many",
    "complete_task",
    "decide_seal",
    "declare_absence",
    "deliver_message",
    "discard_draft",
    "documents",
    "documents_rule",
    "drop_countersign",
    "end_absence",
    "extend_clock",
    "fire_timers",
    "foresee",
    "form_questions",
    "hand_over",
    "hand_over_task",
    "inbox",
    "is_open_to",
    "lights",
    "limits_kept",
    "load_case_types",
    "may_be_sealed",
    "migrate_cases",
    "notes",
    "notices",
    "open_by_form",
    "open_case",
    "pause_clock",
    "prepare_form",
    "read_renaming",
    "readable",
    "recompute_clocks",
    "release_task",
    "resume_clock",
    "running_elsewhere",
    "seal_notice",
    "seal_task",
    "send_opening",
    "started",
    "supervised",
    "take_document",
    "take_sealed_notice",
    "type_facts",
    "unread_messages",
    "urge_case",
    "use_afterwords",
    "use_certificates",
    "use_code_tables",
    "use_exchange",
    "use_intake",
    "use_sms",
    "use_sources",
    "watch_clocks",
    "why_not_open",
    "withdraw_case",
    "write_comment",
    "write_note",
]
