"""The party `security` is the security administrators of a department: they read its cases, their colleagues do not."""

from django.db import migrations

FORWARD = """
-- `readers.office_of` is the twin of the office's id.
CREATE FUNCTION casework_reader_of(party text, department uuid) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN party = 'security' THEN md5(department::text || ':security')::uuid ELSE department END
$$;

CREATE OR REPLACE FUNCTION casework_add_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    SELECT c.id, casework_reader_of(p.name, p.department_id), p.is_supervisor, c.state <> 'open',
        coalesce(c.due_at, casework_never()), coalesce(c.yellow_at, casework_never()), c.opened_at,
        coalesce(c.closed_at, casework_never()), c.number, c.type_code, c.department_id
    FROM fresh p JOIN casework_case c ON c.id = p.case_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION casework_drop_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM casework_case_reader r USING gone g
    WHERE r.case_id = g.case_id AND r.reader = casework_reader_of(g.name, g.department_id)
        AND r.is_supervisor = g.is_supervisor
        AND (r.is_supervisor OR r.reader IS DISTINCT FROM r.department_id)
        AND NOT EXISTS (SELECT FROM casework_case_party p WHERE p.case_id = r.case_id
            AND casework_reader_of(p.name, p.department_id) = r.reader AND p.is_supervisor = r.is_supervisor);
    RETURN NULL;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION casework_add_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    SELECT c.id, p.department_id, p.is_supervisor, c.state <> 'open', coalesce(c.due_at, casework_never()),
        coalesce(c.yellow_at, casework_never()), c.opened_at, coalesce(c.closed_at, casework_never()), c.number,
        c.type_code, c.department_id
    FROM fresh p JOIN casework_case c ON c.id = p.case_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION casework_drop_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM casework_case_reader r USING gone g
    WHERE r.case_id = g.case_id AND r.reader = g.department_id AND r.is_supervisor = g.is_supervisor
        AND (r.is_supervisor OR r.reader IS DISTINCT FROM r.department_id)
        AND NOT EXISTS (SELECT FROM casework_case_party p WHERE p.case_id = r.case_id
            AND p.department_id = r.reader AND p.is_supervisor = r.is_supervisor);
    RETURN NULL;
END $$;
DROP FUNCTION casework_reader_of(text, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0019_words_by_time")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
