"""Days that the platform decides otherwise than the published calendar."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_outbox")]

    operations = [
        migrations.CreateModel(
            name="CalendarOverride",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("is_working", models.BooleanField()),
                ("reason", models.CharField(max_length=200)),
                ("basis", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "foundation_calendar_override",
                "ordering": ["day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="calendar_override_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis", ""), _negated=True), name="calendar_override_has_basis"
                    ),
                ],
            },
        ),
    ]
