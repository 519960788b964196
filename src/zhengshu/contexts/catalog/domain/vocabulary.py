"""The closed lists of the catalogue: classes, grades, types, cycles, formats, states."""

from enum import IntEnum, StrEnum


class SharingClass(StrEnum):
    """Whether other departments may have a resource (Decree 809, article 14)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    WITHHELD = "withheld"


class OpeningClass(StrEnum):
    """Whether society may have a resource."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    CLOSED = "closed"


class Grade(IntEnum):
    """Grade of data by GB/T 43697-2024: general data 1 to 4, important data, core data."""

    GENERAL_1 = 1
    GENERAL_2 = 2
    GENERAL_3 = 3
    GENERAL_4 = 4
    IMPORTANT = 5
    CORE = 6


class PersonalClass(StrEnum):
    """Whether an item is personal information, and sensitive personal information (PIPL, article 28)."""

    NONE = "none"
    GENERAL = "general"
    SENSITIVE = "sensitive"


class DataType(StrEnum):
    """What the values of an item are."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


class UpdateCycle(StrEnum):
    """How often the provider brings a resource up to date."""

    REALTIME = "realtime"
    DAILY = "daily"
    WEEKLY = "weekly"
    TEN_DAYS = "ten_days"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class FormatCategory(StrEnum):
    """The form in which the provider keeps a resource."""

    DOCUMENT = "document"
    SPREADSHEET = "spreadsheet"
    DATABASE = "database"
    IMAGE = "image"
    STREAM = "stream"
    SELF_DESCRIBING = "self_describing"
    SERVICE = "service"


class SharingMethod(StrEnum):
    """How a resource is handed over (Decree 809, article 22)."""

    SERVICE = "service"
    BATCH = "batch"
    FILE = "file"


class Category(StrEnum):
    """The first axis of classification: the leading digit of a classification code."""

    BASE = "base"
    THEME = "theme"
    DEPARTMENT = "department"


class State(StrEnum):
    """Where a resource, or one version of it, stands.

    `RETURNED` is a draft sent back with a reason; `SUPERSEDED` is a published version that a later one replaced.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    ABANDONED = "abandoned"


class Network(StrEnum):
    """The network on which an information system runs."""

    EXTRANET = "extranet"
    INTRANET = "intranet"
    INTERNET = "internet"
    PRIVATE = "private"


class SystemStage(StrEnum):
    """Where an information system is in its life."""

    PLANNED = "planned"
    BUILDING = "building"
    RUNNING = "running"
    STOPPED = "stopped"
