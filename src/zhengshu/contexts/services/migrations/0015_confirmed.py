from django.db import migrations


class Migration(migrations.Migration):
    """Who was active before had confirmed."""

    dependencies = [("services", "0014_doubts")]

    operations = [
        migrations.RunSQL(
            "UPDATE services_entitlement SET confirmed_at = changed_at"
            " WHERE state = 'active' OR (state = 'suspended' AND sealed_account IS NOT NULL)",
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
