"""Systems may sign by SM2."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0006_witnesses")]

    operations = [
        migrations.RemoveConstraint("systemkey", "trust_key_material"),
        migrations.AlterField(
            "systemkey",
            "algorithm",
            models.CharField(
                max_length=16,
                choices=[(name, name) for name in ("hmac-sha256", "hmac-sm3", "ed25519", "sm2-sm3")],
            ),
        ),
        migrations.AddConstraint(
            "systemkey",
            models.CheckConstraint(
                condition=models.Q(
                    algorithm__in=["ed25519", "sm2-sm3"],
                    public_key__isnull=False,
                    sealed_secret__isnull=True,
                )
                | models.Q(
                    algorithm__in=["hmac-sha256", "hmac-sm3"],
                    public_key__isnull=True,
                    sealed_secret__isnull=False,
                ),
                name="trust_key_material",
            ),
        ),
    ]
