"""Tables of `catalog`."""

from zhengshu.contexts.catalog.models.resources import CodeCounter, Resource, ResourceItem, ResourceVersion
from zhengshu.contexts.catalog.models.sources import AuthoritativeSource
from zhengshu.contexts.catalog.models.standards import Classification, CodeEntry, CodeTable, DataElement
from zhengshu.contexts.catalog.models.systems import InformationSystem

__all__ = [
    "AuthoritativeSource",
    "Classification",
    "CodeCounter",
    "CodeEntry",
    "CodeTable",
    "DataElement",
    "InformationSystem",
    "Resource",
    "ResourceItem",
    "ResourceVersion",
]
