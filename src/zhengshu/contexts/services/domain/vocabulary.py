"""The closed lists of GB/T 39046-2020, annex A, by the codes of the standard, and those of this platform."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What sort of act an item is (table A.1); its extensions from 11 and from 21 on are read as 10 and 20."""

    POWER = "00"
    """A power of which a list does not say the sort."""
    LICENSE = "01"
    PENALTY = "02"
    COMPULSION = "03"
    LEVY = "04"
    BENEFIT = "05"
    INSPECTION = "06"
    CONFIRMATION = "07"
    REWARD = "08"
    RULING = "09"
    OTHER_POWER = "10"
    PUBLIC_SERVICE = "20"


class ItemLevel(StrEnum):
    """At which level an item is handled (table A.2)."""

    STATE = "1"
    PROVINCE = "2"
    CITY = "3"
    COUNTY = "4"
    TOWN = "5"
    VILLAGE = "6"
    SHARED = "7"
    """By several levels, each for its own part."""


class BodyNature(StrEnum):
    """By what right an organ handles an item (table A.3)."""

    STATUTORY = "1"
    AUTHORIZED = "2"
    ENTRUSTED = "3"
    OTHER = "9"


class Audience(StrEnum):
    """For whom an item is (table A.4)."""

    PERSON = "1"
    ENTERPRISE = "2"
    INSTITUTION = "3"
    SOCIAL_ORGANIZATION = "4"
    AGENCY = "5"
    OTHER = "6"


class Channel(StrEnum):
    """By which way a person comes (table A.5); a kiosk is one of the others."""

    WINDOW = "1"
    WEB = "2"
    MOBILE = "3"
    POST = "4"
    OTHER = "9"


class CaseKind(StrEnum):
    """Whether a case is decided at once or by a promised day (table A.6)."""

    INSTANT = "1"
    PROMISED = "2"
    OTHER = "9"


class PauseKind(StrEnum):
    """Which special procedure stops or lengthens the clock (table A.7)."""

    EXTENSION = "1"
    OTHER = "2"


class Satisfaction(StrEnum):
    """How content somebody was (table A.8)."""

    VERY_SATISFIED = "1"
    SATISFIED = "2"
    FAIRLY_SATISFIED = "3"
    DISSATISFIED = "4"
    VERY_DISSATISFIED = "5"


class Range(StrEnum):
    """Across which borders an item can be handled (通办范围)."""

    STATE = "1"
    PROVINCES = "2"
    CITIES = "3"
    COUNTIES = "4"


class ThemeKind(StrEnum):
    """How people look for an item: by what happened in their life or business, or by what it is about."""

    LIFE_EVENT = "life_event"
    TOPIC = "topic"


class MaterialSource(StrEnum):
    """From where a material comes."""

    CERTIFICATE = "certificate"
    """An e-certificate that the platform fetches."""
    REGISTER = "register"
    """An authoritative resource, asked through the gateway for the case."""
    APPLICANT = "applicant"
    """The applicant writes or uploads it, for nobody else has it."""
    PROMISE = "promise"
    """The applicant's written promise stands for it (告知承诺)."""


class VersionState(StrEnum):
    """How far a version of an item has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    """Approved; it is in force between its effective days."""
    WITHDRAWN = "withdrawn"
    """A draft that was given up."""
    TAKEN_BACK = "taken_back"
    """Approved, and taken back before its first day; it never was in force."""


class ItemState(StrEnum):
    """Whether an item is offered."""

    DRAFT = "draft"
    """Never published."""
    PUBLISHED = "published"
    RETIRED = "retired"
