"""Keys of the proof log that follow on its first, and how far each witness follows them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0018_official_rule")]

    operations = [
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("version", models.PositiveIntegerField(primary_key=True, serialize=False)),
                (
                    "vkeys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=400), size=None
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("event_id", models.BigIntegerField(null=True)),
                ("announced_at", models.DateTimeField()),
                ("announced_by", models.CharField(max_length=100)),
                ("signs_from", models.BigIntegerField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("signs_to", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "trust_log_key", "ordering": ["version"]},
        ),
        migrations.AddField(
            model_name="witness", name="log_version", field=models.PositiveIntegerField(default=1)
        ),
    ]
