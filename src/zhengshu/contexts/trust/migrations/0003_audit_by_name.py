"""The audit is also searched by the beginning of an event's name (all of one context)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0002_guards")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX trust_audit_name_begins ON trust_audit_event (name text_pattern_ops, id)",
            "DROP INDEX trust_audit_name_begins",
        ),
    ]
