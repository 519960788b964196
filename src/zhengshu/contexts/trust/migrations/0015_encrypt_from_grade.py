"""From which grade shared data is stored encrypted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0014_powers")]

    operations = [
        migrations.AddField(
            "securitypolicy", "encrypt_from_grade", models.PositiveSmallIntegerField(default=6)
        ),
        migrations.AddConstraint(
            "securitypolicy",
            models.CheckConstraint(
                condition=models.Q(encrypt_from_grade__range=(1, 6)), name="trust_encrypt_range"
            ),
        ),
    ]
