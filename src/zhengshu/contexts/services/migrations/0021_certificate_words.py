"""Why a certificate could not be made, in a sentence; and an index for those that wait."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column that may be empty, and a partial index."""

    dependencies = [("services", "0020_taken_back_is_fixed")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="certificate_words",
            field=ArrayField(base_field=models.TextField(), null=True, size=2),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["certificate_fault", "submitted_at"],
                condition=~models.Q(certificate_fault=""),
                name="services_application_fault",
            ),
        ),
    ]
