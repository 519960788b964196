"""Tables of cases."""

from zhengshu.contexts.casework.models.cases import Case, CaseParty, NumberSeries, Task, TimelineEntry
from zhengshu.contexts.casework.models.clocks import CalendarSeen, Clock, ClockExtension, ClockPause
from zhengshu.contexts.casework.models.documents import CaseDocument
from zhengshu.contexts.casework.models.drafts import CaseTypeDraft
from zhengshu.contexts.casework.models.filters import SavedFilter
from zhengshu.contexts.casework.models.forms import FormAnswers, FormDraft, FormFile
from zhengshu.contexts.casework.models.messages import AddressCode, Delivery, Message, MessageChoice, Notice
from zhengshu.contexts.casework.models.migrations_of_cases import CaseMigration, CaseVerdict
from zhengshu.contexts.casework.models.people import Absence, SupervisionNote
from zhengshu.contexts.casework.models.readers import CaseReader, CaseWords
from zhengshu.contexts.casework.models.types import CaseTypeVersion
from zhengshu.contexts.casework.models.waits import Wait

__all__ = [
    "Absence",
    "AddressCode",
    "CalendarSeen",
    "Case",
    "CaseDocument",
    "CaseMigration",
    "CaseParty",
    "CaseReader",
    "CaseTypeDraft",
    "CaseTypeVersion",
    "CaseVerdict",
    "CaseWords",
    "Clock",
    "ClockExtension",
    "ClockPause",
    "Delivery",
    "FormAnswers",
    "FormDraft",
    "FormFile",
    "Message",
    "MessageChoice",
    "Notice",
    "NumberSeries",
    "SavedFilter",
    "SupervisionNote",
    "Task",
    "TimelineEntry",
    "Wait",
]
