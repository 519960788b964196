"""The proof log's tables, and the views by which calls enter it and receipts leave it."""

from django.db import migrations, models

FORWARD = """
CREATE SCHEMA IF NOT EXISTS proof;

CREATE TABLE trust_log_entry (
    index bigint PRIMARY KEY,
    kind varchar(20) NOT NULL,
    source bigint NOT NULL,
    entry bytea NOT NULL,
    salt bytea,
    CONSTRAINT trust_logged_once UNIQUE (kind, source)
);

-- The door for other contexts' triggers: what is inserted here waits for its place in the log.
CREATE VIEW proof.queue AS SELECT kind, source FROM trust_log_queue;

-- The door for receipts.
CREATE VIEW proof.entries AS SELECT index, kind, source, entry, salt FROM trust_log_entry;

CREATE FUNCTION trust_guard_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.salt IS NULL AND (NEW.index, NEW.kind, NEW.source, NEW.entry)
            = (OLD.index, OLD.kind, OLD.source, OLD.entry) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an entry of the log is never changed; only its salt may be deleted'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'trust_log_is_permanent';
END $$;
CREATE TRIGGER trust_guard_log_rows BEFORE UPDATE OR DELETE ON trust_log_entry
    FOR EACH ROW EXECUTE FUNCTION trust_guard_log();
CREATE TRIGGER trust_guard_log_table BEFORE TRUNCATE ON trust_log_entry
    FOR EACH STATEMENT EXECUTE FUNCTION trust_guard_log();
ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_rows;
ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_table;
"""

BACKWARD = """
DROP VIEW proof.queue, proof.entries;
DROP TABLE trust_log_entry;
DROP FUNCTION trust_guard_log();
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0003_audit_by_name")]

    operations = [
        migrations.CreateModel(
            name="LogQueueItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("source", models.BigIntegerField()),
            ],
            options={"db_table": "trust_log_queue"},
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("source", models.BigIntegerField()),
                ("entry", models.BinaryField()),
                ("salt", models.BinaryField(null=True)),
            ],
            options={"db_table": "trust_log_entry", "ordering": ["index"], "managed": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
