"""What the database itself guards: administrators' separation, the audit's permanence, the gateway's view of keys."""

from django.db import migrations

ROLES = """
CREATE FUNCTION trust_guard_roles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    administrators constant text[] := ARRAY['system_admin', 'security_admin', 'audit_admin'];
    account_kind text;
BEGIN
    -- The lock makes two assignments to one person wait for each other.
    SELECT kind INTO account_kind FROM trust_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF NEW.role IN ('citizen', 'enterprise_delegate') AND NEW.role <> account_kind
       OR NEW.role NOT IN ('citizen', 'enterprise_delegate') AND account_kind <> 'official' THEN
        RAISE EXCEPTION 'role % does not fit an account of kind %', NEW.role, account_kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trust_role_fits_account';
    END IF;
    IF EXISTS (
        SELECT FROM trust_role_assignment other
        WHERE other.account_id = NEW.account_id AND other.id <> NEW.id AND other.role <> NEW.role
          AND (other.role = ANY (administrators) OR NEW.role = ANY (administrators))
          AND tstzrange(other.active_from, other.active_to) && tstzrange(NEW.active_from, NEW.active_to)
    ) THEN
        RAISE EXCEPTION 'an administrator holds no other role'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trust_administrators_are_separate';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trust_guard_roles BEFORE INSERT OR UPDATE ON trust_role_assignment
    FOR EACH ROW EXECUTE FUNCTION trust_guard_roles();

CREATE FUNCTION trust_guard_account_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the kind of an account never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'trust_account_kind_is_fixed';
END $$;
CREATE TRIGGER trust_guard_account_kind BEFORE UPDATE OF kind ON trust_account
    FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION trust_guard_account_kind();
"""

NO_ROLES = """
DROP TRIGGER trust_guard_account_kind ON trust_account;
DROP FUNCTION trust_guard_account_kind();
DROP TRIGGER trust_guard_roles ON trust_role_assignment;
DROP FUNCTION trust_guard_roles();
"""

AUDIT = """
CREATE TABLE trust_audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    name varchar(100) NOT NULL,
    is_success boolean NOT NULL,
    actor_id uuid NOT NULL,
    actor_name varchar(100) NOT NULL,
    actor_department_id uuid,
    address varchar(45) NOT NULL,
    department_id uuid,
    subject_kind varchar(60) NOT NULL,
    subject_id varchar(120) NOT NULL,
    subject_label varchar(300) NOT NULL,
    data jsonb NOT NULL
);
CREATE INDEX trust_audit_at ON trust_audit_event (at, id);
CREATE INDEX trust_audit_name ON trust_audit_event (name, id);
CREATE INDEX trust_audit_actor ON trust_audit_event (actor_id, id);
CREATE INDEX trust_audit_actor_name ON trust_audit_event (actor_name, id);
CREATE INDEX trust_audit_actor_department ON trust_audit_event (actor_department_id, id);
CREATE INDEX trust_audit_department ON trust_audit_event (department_id, id);
CREATE INDEX trust_audit_subject ON trust_audit_event (subject_id, id);
CREATE INDEX trust_audit_subject_label ON trust_audit_event (subject_label text_pattern_ops, id);
CREATE INDEX trust_audit_address ON trust_audit_event (address, id);
CREATE INDEX trust_audit_failures ON trust_audit_event (id) WHERE NOT is_success;

CREATE FUNCTION trust_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is written once and never changed'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'trust_audit_is_permanent';
END $$;
CREATE TRIGGER trust_guard_audit_rows BEFORE UPDATE OR DELETE ON trust_audit_event
    FOR EACH ROW EXECUTE FUNCTION trust_guard_audit();
CREATE TRIGGER trust_guard_audit_table BEFORE TRUNCATE ON trust_audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION trust_guard_audit();
-- Triggers marked ALWAYS also fire for a session that plays the part of a replica.
ALTER TABLE trust_audit_event ENABLE ALWAYS TRIGGER trust_guard_audit_rows;
ALTER TABLE trust_audit_event ENABLE ALWAYS TRIGGER trust_guard_audit_table;
"""

NO_AUDIT = """
DROP TABLE trust_audit_event;
DROP FUNCTION trust_guard_audit();
"""

KEYS = """
CREATE SCHEMA IF NOT EXISTS gateway;
CREATE VIEW gateway.keys AS
    SELECT k.key_id::text, k.system_id, s.department_id, k.algorithm::text, k.sealed_secret, k.public_key,
           k.active_from, least(k.active_to, k.revoked_at) AS active_to
    FROM trust_system_key k
    JOIN trust_consuming_system s ON s.id = k.system_id AND s.is_active
    JOIN trust_department d ON d.id = s.department_id AND d.is_active;

CREATE FUNCTION trust_notify_gateway() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('zhengshu_gateway', 'keys');
    RETURN NULL;
END $$;
CREATE TRIGGER trust_notify_keys AFTER INSERT OR UPDATE OR DELETE ON trust_system_key
    FOR EACH STATEMENT EXECUTE FUNCTION trust_notify_gateway();
CREATE TRIGGER trust_notify_systems AFTER UPDATE OR DELETE ON trust_consuming_system
    FOR EACH STATEMENT EXECUTE FUNCTION trust_notify_gateway();
CREATE TRIGGER trust_notify_departments AFTER UPDATE OF is_active ON trust_department
    FOR EACH STATEMENT EXECUTE FUNCTION trust_notify_gateway();
"""

NO_KEYS = """
DROP TRIGGER trust_notify_departments ON trust_department;
DROP TRIGGER trust_notify_systems ON trust_consuming_system;
DROP TRIGGER trust_notify_keys ON trust_system_key;
DROP FUNCTION trust_notify_gateway();
DROP VIEW gateway.keys;
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial")]

    operations = [
        migrations.RunSQL(ROLES, NO_ROLES),
        migrations.RunSQL(AUDIT, NO_AUDIT),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
