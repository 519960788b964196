"""The door of `quality`: packs of rules, and what they find in a table."""

from zhengshu.contexts.quality.application.check_file import (
    FileCheck,
    NoColumnKnown,
    TableNotInPack,
    check_file,
    is_described,
)
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import (
    BlamedRow,
    FileOfResultMissing,
    blamed_places,
    blamed_rows,
    rows_at,
)
from zhengshu.contexts.quality.application.engine.keeping import sweep
from zhengshu.contexts.quality.application.engine.sessions import Limits
from zhengshu.contexts.quality.application.engine.source import Source, SourceChanged, parquet_source
from zhengshu.contexts.quality.application.engine.watching import AssessmentCancelled, seconds_left
from zhengshu.contexts.quality.application.packs import Loaded, PackFaulty, PackNotFound, load_pack
from zhengshu.contexts.quality.application.reports import (
    FormerNotReadable,
    as_json,
    as_junit,
    former_of,
    serious,
)
from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.faults import Fault
from zhengshu.contexts.quality.domain.indicators import DIMENSION_NAMES, INDICATORS, Dimension
from zhengshu.contexts.quality.domain.results import Assessment, Kept, RuleResult
from zhengshu.contexts.quality.domain.rules import Rule, Severity

__all__ = [
    "DIMENSION_NAMES",
    "INDICATORS",
    "Assessment",
    "AssessmentCancelled",
    "BlamedRow",
    "Dimension",
    "Fault",
    "FileCheck",
    "FileOfResultMissing",
    "FormerNotReadable",
    "Job",
    "Kept",
    "Limits",
    "Loaded",
    "NoColumnKnown",
    "PackFaulty",
    "PackNotFound",
    "Rule",
    "RuleResult",
    "Severity",
    "Source",
    "SourceChanged",
    "TableNotInPack",
    "as_json",
    "as_junit",
    "assess",
    "blamed_places",
    "blamed_rows",
    "check_file",
    "former_of",
    "is_described",
    "kind_of",
    "load_pack",
    "parquet_source",
    "rows_at",
    "seconds_left",
    "serious",
    "sweep",
]
