"""Reports of departments' own monitors of the proof log, and the door by which gateways keep them."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION gateway.keep_report(p_id uuid, p_at timestamptz, p_system uuid, p_content json)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO exchange_monitor_report (id, at, system_id, content) VALUES (p_id, p_at, p_system, p_content::jsonb);
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_officials"), ("trust", "0020_reported_alarms")]

    operations = [
        migrations.CreateModel(
            name="MonitorReport",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("system_id", models.UUIDField()),
                ("content", models.JSONField()),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_monitor_report",
                "indexes": [
                    models.Index(
                        fields=["at"],
                        condition=models.Q(("taken_at", None)),
                        name="exchange_report_waiting",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION gateway.keep_report(uuid, timestamptz, uuid, json);"),
    ]
