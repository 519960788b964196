"""Which call a run saw last, and when, so that a gateway's clock decides nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns of the one row."""

    dependencies = [("exchange", "0011_own_use")]

    operations = [
        migrations.AddField("watchstate", "seen_sequence", models.BigIntegerField(default=0)),
        migrations.AddField("watchstate", "seen_at", models.DateTimeField(null=True)),
        migrations.AddField("watchstate", "settled", models.BigIntegerField(default=0)),
    ]
