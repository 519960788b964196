"""Who, outside of the platform, has reported what an alarm says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0019_log_keys")]

    operations = [
        migrations.RemoveConstraint(model_name="logalarm", name="trust_one_open_log_alarm"),
        migrations.AddField(
            model_name="logalarm",
            name="reporter",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="logalarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at", None)),
                fields=("kind", "witness", "reporter"),
                name="trust_one_open_log_alarm",
                nulls_distinct=False,
            ),
        ),
    ]
