"""The door of `quality`: packs of rules, and what they find in a table."""

from zhengshu.contexts.quality.application.ask_assessment import ask_assessment
from zhengshu.contexts.quality.application.ask_own_sql import OwnSqlNotYours, ask_own_sql
from zhengshu.contexts.quality.application.assess_table import assess_table
from zhengshu.contexts.quality.application.check_file import (
    FileCheck,
    NoColumnKnown,
    StatementTried,
    TableNotInPack,
    check_file,
    is_described,
    try_statement,
)
from zhengshu.contexts.quality.application.contracts import as_contract
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import (
    BlamedRow,
    FileOfResultMissing,
    blamed_places,
    blamed_rows,
    rows_at,
)
from zhengshu.contexts.quality.application.engine.keeping import sweep
from zhengshu.contexts.quality.application.engine.own_sql import OwnSqlRefused, OwnSqlTooCostly, SandboxLimits
from zhengshu.contexts.quality.application.engine.sessions import Limits
from zhengshu.contexts.quality.application.engine.source import Source, SourceChanged, parquet_source
from zhengshu.contexts.quality.application.engine.watching import (
    AssessmentCancelled,
    RoomExhausted,
    seconds_left,
)
from zhengshu.contexts.quality.application.import_rules import (
    FolderNotEmpty,
    ForeignRulesNotReadable,
    ImportedPack,
    import_rules,
)
from zhengshu.contexts.quality.application.masks import places_of_run as failing_places
from zhengshu.contexts.quality.application.packs import Loaded, PackFaulty, PackNotFound, load_pack
from zhengshu.contexts.quality.application.queries import latest_run, outcomes, runs, tables
from zhengshu.contexts.quality.application.records import OutcomeRecord, RunRecord
from zhengshu.contexts.quality.application.reports import (
    FormerNotReadable,
    as_json,
    as_junit,
    former_of,
    serious,
)
from zhengshu.contexts.quality.domain.causes import Cause
from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.faults import Fault
from zhengshu.contexts.quality.domain.indicators import DIMENSION_NAMES, INDICATORS, Dimension
from zhengshu.contexts.quality.domain.results import Assessment, Kept, RuleResult
from zhengshu.contexts.quality.domain.rules import Rule, Severity
from zhengshu.contexts.quality.domain.runs import (
    AssessmentNotYours,
    NoRuleFits,
    NothingToAssess,
    RunCause,
    RunNotFound,
    RunState,
    RunUnderWay,
)

__all__ = [
    "DIMENSION_NAMES",
    "INDICATORS",
    "Assessment",
    "AssessmentCancelled",
    "AssessmentNotYours",
    "BlamedRow",
    "Cause",
    "Dimension",
    "Fault",
    "FileCheck",
    "FileOfResultMissing",
    "FolderNotEmpty",
    "ForeignRulesNotReadable",
    "FormerNotReadable",
    "ImportedPack",
    "Job",
    "Kept",
    "Limits",
    "Loaded",
    "NoColumnKnown",
    "NoRuleFits",
    "NothingToAssess",
    "OutcomeRecord",
    "OwnSqlNotYours",
    "OwnSqlRefused",
    "OwnSqlTooCostly",
    "PackFaulty",
    "PackNotFound",
    "RoomExhausted",
    "Rule",
    "RuleResult",
    "RunCause",
    "RunNotFound",
    "RunRecord",
    "RunState",
    "RunUnderWay",
    "SandboxLimits",
    "Severity",
    "Source",
    "SourceChanged",
    "StatementTried",
    "TableNotInPack",
    "as_contract",
    "as_json",
    "as_junit",
    "ask_assessment",
    "ask_own_sql",
    "assess",
    "assess_table",
    "blamed_places",
    "blamed_rows",
    "check_file",
    "failing_places",
    "former_of",
    "import_rules",
    "is_described",
    "kind_of",
    "latest_run",
    "load_pack",
    "outcomes",
    "parquet_source",
    "rows_at",
    "runs",
    "seconds_left",
    "serious",
    "sweep",
    "tables",
    "try_statement",
]
