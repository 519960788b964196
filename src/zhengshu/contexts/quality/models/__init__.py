"""Tables of `quality`: assessments and rectifications, and the rules in SQL of the data authority."""

from zhengshu.contexts.quality.models.assessments import (
    OWN_VIEW,
    ROWS_VIEW,
    WHOLE_VIEW,
    Outcome,
    Rectification,
    RegionCount,
    Round,
    RuleVersion,
    Run,
    ScoreModelVersion,
    TablePlan,
    of_department,
    rows_of_department,
)
from zhengshu.contexts.quality.models.own_rules import OwnRule, OwnRuleVersion

__all__ = [
    "OWN_VIEW",
    "ROWS_VIEW",
    "WHOLE_VIEW",
    "Outcome",
    "OwnRule",
    "OwnRuleVersion",
    "Rectification",
    "RegionCount",
    "Round",
    "RuleVersion",
    "Run",
    "ScoreModelVersion",
    "TablePlan",
    "of_department",
    "rows_of_department",
]
