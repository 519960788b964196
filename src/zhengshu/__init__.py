"""Zhengshu (政枢): the platform on which a city runs its digital government."""

__version__ = "0.1.0"
