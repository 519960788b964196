"""The door of `quality`: packs of rules, and what they find in a table."""

from zhengshu.contexts.quality.application.check_file import (
    FileCheck,
    NoColumnKnown,
    TableNotInPack,
    check_file,
    is_described,
)
from zhengshu.contexts.quality.application.engine.scanning import AssessmentCancelled
from zhengshu.contexts.quality.application.engine.sessions import Limits
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
from zhengshu.contexts.quality.domain.results import Assessment, RuleResult
from zhengshu.contexts.quality.domain.rules import Rule, Severity

__all__ = [
    "DIMENSION_NAMES",
    "INDICATORS",
    "Assessment",
    "AssessmentCancelled",
    "Dimension",
    "Fault",
    "FileCheck",
    "FormerNotReadable",
    "Limits",
    "Loaded",
    "NoColumnKnown",
    "PackFaulty",
    "PackNotFound",
    "Rule",
    "RuleResult",
    "Severity",
    "TableNotInPack",
    "as_json",
    "as_junit",
    "check_file",
    "former_of",
    "is_described",
    "kind_of",
    "load_pack",
    "serious",
]
