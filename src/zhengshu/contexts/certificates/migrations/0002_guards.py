"""What the database itself guards: a certificate says for ever what it says; its uses are written once."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION certificates_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['ending', 'ended_at', 'ended_by_name', 'ended_because'];
    sealed text[] := ARRAY['sealed_holder_name', 'sealed_holder_number', 'sealed_values'];
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - free - sealed <> to_jsonb(NEW) - free - sealed
        OR (OLD.ending <> '' AND to_jsonb(OLD) - sealed <> to_jsonb(NEW) - sealed) THEN
        RAISE EXCEPTION 'a certificate never changes, but for that it ends once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificates_are_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificates_guard BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_guard();

CREATE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'uses and versions of certificates are written once'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificates_are_append_only';
END $$;
CREATE TRIGGER certificates_uses_are_append_only BEFORE UPDATE OR DELETE ON certificates_use
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER certificates_versions_are_fixed
    BEFORE UPDATE OF code, edition, digest, definition, template, loaded_at ON certificates_type_version
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER certificates_versions_are_fixed ON certificates_type_version;
DROP TRIGGER certificates_uses_are_append_only ON certificates_use;
DROP FUNCTION certificates_refuse_change();
DROP TRIGGER certificates_guard ON certificates_certificate;
DROP FUNCTION certificates_guard();
"""


class Migration(migrations.Migration):
    """Triggers on certificates, their uses and the versions of their types."""

    dependencies = [("certificates", "0001_certificates")]

    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
