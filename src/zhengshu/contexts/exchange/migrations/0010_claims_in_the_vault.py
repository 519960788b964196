"""Claims of corrections lie in the vault; the worker encrypts anew what was sealed before."""

from django.db import migrations, models

QUEUE = """
INSERT INTO foundation_reencryption ("column", looked_at, changed, unreadable, total, asked_at)
SELECT 'exchange_correction_request.sealed', 0, 0, 0, 0, now()
WHERE EXISTS (SELECT FROM exchange_correction_request) ON CONFLICT ("column") DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0009_reports"), ("foundation", "0004_any_row")]

    operations = [
        migrations.AlterField(
            model_name="correctionrequest", name="sealed", field=models.BinaryField(null=True)
        ),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
    ]
