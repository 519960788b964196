"""The quality of the city's tables: every table is assessed once, so that the pages have something to show."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality import api as quality
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor
from zhengshu.project.demo_city.platform_content import Platform

Say = Callable[[str], None]


def assess_tables(platform: Platform, codes: Mapping[str, str], *, at: datetime, say: Say) -> None:
    """Assess the tables that have no result yet, in the name of their departments' officers."""
    for number, resource in enumerate(platform.resources):
        record = catalog.published_by_code(code=codes[resource.key])
        if quality.latest_run(resource_id=record.id, actor=PLATFORM) is not None:
            continue
        say(f"assessing {resource.name}")
        then = at + timedelta(minutes=number)
        try:
            run_id = quality.ask_assessment(
                resource_code=record.code, actor=official_actor(f"{resource.department}.officer"), at=then
            )
        except (quality.NoRuleFits, quality.RunUnderWay):
            continue
        quality.assess_table(run_id=run_id, at=then)
