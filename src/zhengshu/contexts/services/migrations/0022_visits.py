"""The code of a visit belongs to one number or one application, and says which clerk made it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Two columns that may be empty; codes that were made before have neither."""

    dependencies = [("services", "0021_certificate_words")]

    operations = [
        migrations.AddField("ratinginvitation", "visit_id", models.UUIDField(null=True, unique=True)),
        migrations.AddField("ratinginvitation", "made_by", models.UUIDField(null=True)),
        migrations.AddConstraint(
            "ratinginvitation",
            models.CheckConstraint(
                condition=Q(visit_id=None, made_by=None)
                | Q(visit_id__isnull=False, made_by__isnull=False, case_id=None),
                name="services_rating_visit_has_maker",
            ),
        ),
    ]
