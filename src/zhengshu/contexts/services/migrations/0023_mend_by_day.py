"""Bad ratings whose rectification is opened when their day is over."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One partial index."""

    dependencies = [("services", "0022_visits")]

    operations = [
        migrations.AddIndex(
            "rating",
            models.Index(
                fields=["given_on"],
                condition=Q(level__in=["4", "5"], rectification_id=None),
                name="services_rating_to_mend",
            ),
        )
    ]
