"""Secrets of second factors lie in the vault; the worker encrypts anew what was sealed before."""

from django.db import migrations

QUEUE = """
INSERT INTO foundation_reencryption ("column", looked_at, changed, unreadable, total, asked_at)
SELECT 'mfa_authenticator.data', 0, 0, 0, 0, now()
WHERE EXISTS (SELECT FROM mfa_authenticator) ON CONFLICT ("column") DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0020_reported_alarms"),
        ("foundation", "0004_any_row"),
        ("mfa", "0001_initial"),
    ]

    operations = [migrations.RunSQL(QUEUE, migrations.RunSQL.noop)]
