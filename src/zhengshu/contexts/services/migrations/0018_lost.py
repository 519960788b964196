"""Since when runs do not find somebody any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column of an entitlement."""

    dependencies = [("services", "0017_take_back")]

    operations = [
        migrations.AddField(
            model_name="entitlement", name="lost_at", field=models.DateTimeField(null=True)
        ),
    ]
