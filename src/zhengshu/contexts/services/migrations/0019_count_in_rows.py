"""What an application adds to the figures for leaders stands in its row; filled in for those that there are."""

import msgspec
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengshu.contexts.services.domain.limits import ItemLimit

SENT = """
UPDATE services_application one SET
    visits_saved = CASE WHEN channel IN ('2', '3') THEN 1 ELSE 0 END,
    checks_made = (SELECT count(*) FROM services_pre_review_check c WHERE c.application_id = one.id),
    checks_by_rule = (
        SELECT count(*) FROM services_pre_review_check c WHERE c.application_id = one.id AND c.verdict <> 'person'
    ),
    materials_saved = (
        SELECT count(*) FROM services_material m JOIN services_item_version v ON v.id = m.version_id
        WHERE v.item_id = one.item_id AND v.number = one.item_version AND m.source IN ('certificate', 'register')
    ),
    is_kept = CASE WHEN state <> 'open' THEN (
        SELECT bool_and(due_at >= coalesce(stopped_at, one.decided_at)) FROM casework_clock clock
        WHERE clock.case_id = one.case_id AND due_at IS NOT NULL
    ) END
"""
GRANTED = """
UPDATE services_application SET
    days_saved = greatest(0, %s - floor(extract(epoch FROM decided_at - submitted_at) / 86400)::int),
    visits_saved = visits_saved + %s
WHERE item_id = %s AND item_version = %s AND state = 'granted'
"""


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Count what was sent and what was granted, version by version."""
    with editor.connection.cursor() as cursor:
        cursor.execute(SENT)
        versions = apps.get_model("services", "ItemVersion").objects.values_list("item_id", "number", "elements")
        for item, number, elements in versions:
            limit = elements.get("statutory")
            days = int(msgspec.convert(limit, ItemLimit).days) if limit else 0
            has_certificate = any(one.get("certificate_type") for one in elements.get("outcomes", ()))
            cursor.execute(GRANTED, [days, int(has_certificate), item, number])


class Migration(migrations.Migration):
    """Six columns, and an index for the latest."""

    dependencies = [("services", "0018_lost"), ("casework", "0025_handlers")]

    operations = [
        migrations.AddField("application", "checks_made", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("application", "checks_by_rule", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("application", "materials_saved", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("application", "visits_saved", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("application", "days_saved", models.PositiveIntegerField(default=0)),
        migrations.AddField("application", "is_kept", models.BooleanField(null=True)),
        migrations.AddIndex(
            "application",
            models.Index(fields=["-submitted_at", "-id"], name="services_application_latest"),
        ),
        # Last, for no index can be made where rows were written in the same transaction.
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
