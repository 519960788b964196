"""The door of `services`: what people may ask of government, and what becomes of it."""

from zhengshu.contexts.services.application.access import ItemNotAcceptable
from zhengshu.contexts.services.application.answer_bundle import SentAlready, answer_bundle
from zhengshu.contexts.services.application.application_queries import ApplicationNotFound, application
from zhengshu.contexts.services.application.application_records import (
    ApplicationRecord,
    CheckRecord,
    SourceRecord,
)
from zhengshu.contexts.services.application.begin_bundle import begin_bundle
from zhengshu.contexts.services.application.bundle_queries import my_bundle, my_bundles
from zhengshu.contexts.services.application.call_tickets import call_next, move_ticket
from zhengshu.contexts.services.application.carry_bundle import send_bundle
from zhengshu.contexts.services.application.give_rating import (
    NothingToRate,
    RatedAlready,
    RatingTooLate,
    rate_case,
    rate_visit,
)
from zhengshu.contexts.services.application.hot_items import hot_items
from zhengshu.contexts.services.application.keep_kiosk import (
    KIOSK_IDLE,
    KioskRecord,
    end_kiosk,
    kiosk_behind,
    register_kiosk,
)
from zhengshu.contexts.services.application.keep_window_groups import form_window_group, window_groups
from zhengshu.contexts.services.application.load_benefits import load_benefits
from zhengshu.contexts.services.application.load_items import (
    ItemsNotReadable,
    LoadedItems,
    load_items,
    read_items,
)
from zhengshu.contexts.services.application.offered import offered_by
from zhengshu.contexts.services.application.open_rectifications import open_rectifications
from zhengshu.contexts.services.application.open_visit import NotAtWindow, VisitUnfit, open_visit
from zhengshu.contexts.services.application.queries import ItemNotFound, item, items, themes
from zhengshu.contexts.services.application.rating_queries import InvitationRecord, has_ratings
from zhengshu.contexts.services.application.rating_queries import due as ratings_due
from zhengshu.contexts.services.application.ready_search import expect_questions
from zhengshu.contexts.services.application.records import ItemRecord, ItemSummary, ThemeRecord
from zhengshu.contexts.services.application.see_numbers import month_figures
from zhengshu.contexts.services.application.submit_application import ItemNotOffered, submit_application
from zhengshu.contexts.services.application.take_ticket import take_ticket
from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.items import ItemDraft, MaterialDraft
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.numbers import Figure
from zhengshu.contexts.services.domain.queueing import Step
from zhengshu.contexts.services.domain.ratings import RatingChannel, RatingDraft
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    ItemState,
    MaterialSource,
    Satisfaction,
    ThemeKind,
)

__all__ = [
    "KIOSK_IDLE",
    "ApplicationNotFound",
    "ApplicationRecord",
    "ApplicationState",
    "Audience",
    "CaseKind",
    "Channel",
    "CheckRecord",
    "Figure",
    "InvitationRecord",
    "ItemDraft",
    "ItemKind",
    "ItemLevel",
    "ItemLimit",
    "ItemNotAcceptable",
    "ItemNotFound",
    "ItemNotOffered",
    "ItemRecord",
    "ItemState",
    "ItemSummary",
    "ItemsNotReadable",
    "KioskRecord",
    "LimitUnit",
    "LoadedItems",
    "MaterialDraft",
    "MaterialSource",
    "NotAtWindow",
    "NothingToRate",
    "PreReview",
    "RatedAlready",
    "RatingChannel",
    "RatingDraft",
    "RatingTooLate",
    "Satisfaction",
    "SentAlready",
    "SourceRecord",
    "Step",
    "ThemeKind",
    "ThemeRecord",
    "VisitUnfit",
    "answer_bundle",
    "application",
    "begin_bundle",
    "call_next",
    "end_kiosk",
    "expect_questions",
    "form_window_group",
    "has_ratings",
    "hot_items",
    "item",
    "items",
    "kiosk_behind",
    "load_benefits",
    "load_items",
    "month_figures",
    "move_ticket",
    "my_bundle",
    "my_bundles",
    "offered_by",
    "open_rectifications",
    "open_visit",
    "rate_case",
    "rate_visit",
    "ratings_due",
    "read_items",
    "register_kiosk",
    "send_bundle",
    "submit_application",
    "take_ticket",
    "themes",
    "window_groups",
]
