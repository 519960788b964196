"""Who of the consuming department asked: in the records of calls, in their counts, and in what gateways hand over."""

from pathlib import Path

from django.db import migrations, models

_FIRST = (Path(__file__).parent / "data_plane_1.sql").read_text(encoding="utf-8")
_BEGIN = _FIRST.index("CREATE FUNCTION gateway.commit_calls")
COMMIT = _FIRST[_BEGIN : _FIRST.index("END $$;", _BEGIN) + len("END $$;")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
WITH_OFFICIAL = COMMIT.replace(
    "answer_digest, subject_digest, microseconds)", "answer_digest, subject_digest, microseconds, official_ref)"
).replace("c.subject_digest, c.microseconds\n", "c.subject_digest, c.microseconds, coalesce(c.official_ref, '')\n")
RECEIPTS = """
CREATE OR REPLACE VIEW gateway.receipts AS
SELECT sequence, id, at, gateway, key_id, nonce, system_id, consumer_department_id, provider_department_id,
       grant_id, resource_code, operation, purpose, case_ref, verdict, fields, row_count,
       encode(request_digest, 'hex') AS request_digest, encode(answer_digest, 'hex') AS answer_digest{more}
FROM exchange_call_record;
"""
FORWARD = f"""
ALTER TYPE gateway.call ADD ATTRIBUTE official_ref text;
{WITH_OFFICIAL}
{RECEIPTS.format(more=", official_ref")}
ALTER TABLE exchange_subject_day DROP CONSTRAINT exchange_subject_day_pkey;
ALTER TABLE exchange_subject_day ADD PRIMARY KEY
    (subject_digest, day, system_id, grant_id, resource_code, official_ref);
"""
BACKWARD = f"""
ALTER TABLE exchange_subject_day DROP CONSTRAINT exchange_subject_day_pkey;
ALTER TABLE exchange_subject_day ADD PRIMARY KEY (subject_digest, day, system_id, grant_id, resource_code);
DROP VIEW gateway.receipts;
{RECEIPTS.format(more="")}
ALTER TYPE gateway.call DROP ATTRIBUTE official_ref;
{COMMIT}
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_subjects_by_key"), ("trust", "0018_official_rule")]

    operations = [
        migrations.AddField(
            model_name="callrecord",
            name="official_ref",
            field=models.CharField(max_length=64, blank=True, default="", db_default=""),
        ),
        migrations.AddField(
            model_name="subjectday",
            name="official_ref",
            field=models.CharField(max_length=64, default="", db_default=""),
        ),
        migrations.AddField(
            model_name="subjectday",
            name="consumer_department_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="callday", name="unnamed", field=models.IntegerField(default=0, db_default=0)
        ),
        migrations.AlterField(
            model_name="watchsetting",
            name="code",
            field=models.CharField(
                choices=[
                    ("volume", "volume"),
                    ("enumeration", "enumeration"),
                    ("night", "night"),
                    ("refusals", "refusals"),
                    ("caseless", "caseless"),
                    ("repeat", "repeat"),
                    ("official", "official"),
                    ("unnamed", "unnamed"),
                ],
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.AlterField(
            model_name="subjectday",
            name="pk",
            field=models.CompositePrimaryKey(
                "subject_digest",
                "day",
                "system_id",
                "grant_id",
                "resource_code",
                "official_ref",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
