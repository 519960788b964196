"""The door of `catalog`: what exists, who owns it, who may use it."""

from zhengshu.contexts.catalog.application.abandon_draft import abandon_draft
from zhengshu.contexts.catalog.application.access import (
    NothingOpen,
    NotPublished,
    ResourceNotFound,
    StepNotYours,
)
from zhengshu.contexts.catalog.application.approve_resource import (
    AssessmentMissing,
    Assessments,
    approve_resource,
)
from zhengshu.contexts.catalog.application.change_draft import ChangedMeanwhile, change_draft
from zhengshu.contexts.catalog.application.checking import DraftNotAcceptable, accept, what_is_known
from zhengshu.contexts.catalog.application.declare_standards import (
    NotTheDataAuthority,
    StandardNotAcceptable,
    declare_classification,
    declare_code_table,
    declare_element,
)
from zhengshu.contexts.catalog.application.draft_resource import draft_resource
from zhengshu.contexts.catalog.application.load_standards import (
    Loaded,
    Standards,
    StandardsNotReadable,
    load_standards,
    read_standards,
)
from zhengshu.contexts.catalog.application.name_source import (
    NoSourceNamed,
    name_authoritative_source,
    withdraw_authoritative_source,
)
from zhengshu.contexts.catalog.application.propose_items import propose_items
from zhengshu.contexts.catalog.application.publish_resource import publish_resource
from zhengshu.contexts.catalog.application.queries import (
    VersionNotFound,
    published_by_code,
    published_resource,
    resource,
    resource_version,
    resources,
    resources_of_system,
    resources_with_element,
    versions_of,
)
from zhengshu.contexts.catalog.application.queries_standards import (
    CodeTableNotFound,
    CodeTableSummary,
    ElementNotFound,
    SourceRecord,
    classification,
    code_table,
    code_tables,
    element,
    elements,
    find_code_tables,
    find_elements,
    history_of_source,
    sources_of_elements,
    sources_of_resource,
)
from zhengshu.contexts.catalog.application.records import (
    ItemRecord,
    ResourceRecord,
    ResourceSummary,
    SystemRecord,
    VersionRecord,
)
from zhengshu.contexts.catalog.application.register_system import (
    SystemAlreadyRegistered,
    SystemDraft,
    SystemNotAcceptable,
    SystemNotFound,
    SystemNotYours,
    change_system,
    find_systems,
    register_system,
    system,
)
from zhengshu.contexts.catalog.application.retire_resource import StillTheSource, retire_resource
from zhengshu.contexts.catalog.application.return_resource import ReasonMissing, return_resource
from zhengshu.contexts.catalog.application.revise_resource import RevisionUnderWay, revise_resource
from zhengshu.contexts.catalog.application.search_resources import ResourcePage, Way, count_resources, search
from zhengshu.contexts.catalog.application.serve_forms import ElementSource, element_sources
from zhengshu.contexts.catalog.application.submit_resource import submit_resource
from zhengshu.contexts.catalog.domain.codes import CodeNotReadable, ResourceCode
from zhengshu.contexts.catalog.domain.columns.samples import ColumnSample, ItemProposal, Reason
from zhengshu.contexts.catalog.domain.columns.shapes import Shape
from zhengshu.contexts.catalog.domain.differences import Difference, differences
from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.grades import Harm, HarmObject, grade_of, highest
from zhengshu.contexts.catalog.domain.lifecycle import Step, StepNotPossible
from zhengshu.contexts.catalog.domain.resources import ItemDraft, Known, ResourceDraft
from zhengshu.contexts.catalog.domain.sources import ElementNotInResource, SourceAlreadyNamed
from zhengshu.contexts.catalog.domain.standards import (
    ClassificationRecord,
    CodeEntryRecord,
    CodeTableRecord,
    ElementRecord,
)
from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    DataType,
    FormatCategory,
    Grade,
    Network,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    State,
    SystemStage,
    UpdateCycle,
)

__all__ = [
    "AssessmentMissing",
    "Assessments",
    "Category",
    "ChangedMeanwhile",
    "ClassificationRecord",
    "CodeEntryRecord",
    "CodeNotReadable",
    "CodeTableNotFound",
    "CodeTableRecord",
    "CodeTableSummary",
    "ColumnSample",
    "DataType",
    "Difference",
    "DraftNotAcceptable",
    "ElementNotFound",
    "ElementNotInResource",
    "ElementRecord",
    "ElementSource",
    "Fault",
    "FormatCategory",
    "Grade",
    "Harm",
    "HarmObject",
    "ItemDraft",
    "ItemProposal",
    "ItemRecord",
    "Known",
    "Loaded",
    "Network",
    "NoSourceNamed",
    "NotPublished",
    "NotTheDataAuthority",
    "NothingOpen",
    "OpeningClass",
    "PersonalClass",
    "Reason",
    "ReasonMissing",
    "ResourceCode",
    "ResourceDraft",
    "ResourceNotFound",
    "ResourcePage",
    "ResourceRecord",
    "ResourceSummary",
    "RevisionUnderWay",
    "Shape",
    "SharingClass",
    "SharingMethod",
    "SourceAlreadyNamed",
    "SourceRecord",
    "StandardNotAcceptable",
    "Standards",
    "StandardsNotReadable",
    "State",
    "Step",
    "StepNotPossible",
    "StepNotYours",
    "StillTheSource",
    "SystemAlreadyRegistered",
    "SystemDraft",
    "SystemNotAcceptable",
    "SystemNotFound",
    "SystemNotYours",
    "SystemRecord",
    "SystemStage",
    "UpdateCycle",
    "VersionNotFound",
    "VersionRecord",
    "Way",
    "abandon_draft",
    "accept",
    "approve_resource",
    "change_draft",
    "change_system",
    "classification",
    "code_table",
    "code_tables",
    "count_resources",
    "declare_classification",
    "declare_code_table",
    "declare_element",
    "differences",
    "draft_resource",
    "element",
    "element_sources",
    "elements",
    "find_code_tables",
    "find_elements",
    "find_systems",
    "grade_of",
    "highest",
    "history_of_source",
    "load_standards",
    "name_authoritative_source",
    "propose_items",
    "publish_resource",
    "published_by_code",
    "published_resource",
    "read_standards",
    "register_system",
    "resource",
    "resource_version",
    "resources",
    "resources_of_system",
    "resources_with_element",
    "retire_resource",
    "return_resource",
    "revise_resource",
    "search",
    "sources_of_elements",
    "sources_of_resource",
    "submit_resource",
    "system",
    "versions_of",
    "what_is_known",
    "withdraw_authoritative_source",
]
