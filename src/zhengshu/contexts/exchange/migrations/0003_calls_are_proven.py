"""Every record of a call is queued for the proof log in the transaction that writes it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION gateway.queue_for_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO proof.queue (kind, source) SELECT 'call', sequence FROM written ORDER BY sequence;
    RETURN NULL;
END $$;
CREATE TRIGGER proven AFTER INSERT ON exchange_call_record REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION gateway.queue_for_the_log();
"""

BACKWARD = """
DROP TRIGGER proven ON exchange_call_record;
DROP FUNCTION gateway.queue_for_the_log();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_share_requests"), ("trust", "0004_proof_log")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
