-- The data plane's side of the database. The gateway reads the views of the schema `gateway` and `serving`, and
-- writes only through the function `gateway.commit_calls`.

CREATE SCHEMA IF NOT EXISTS gateway;

-- Grants that are in force or ended not long ago: a system whose grant ended is told so.
CREATE VIEW gateway.grants AS
SELECT id, system_id, consumer_department_id, provider_department_id, resource_id, resource_code, view_name,
       key_columns, fields, row_filter, purposes, operations, needs_case, quota_per_second, quota_per_day,
       active_from, active_to, revoked_at
FROM exchange_grant
WHERE active_to > now() - interval '90 days';

CREATE VIEW gateway.receipts AS
SELECT sequence, id, at, gateway, key_id, nonce, system_id, consumer_department_id, provider_department_id,
       grant_id, resource_code, operation, purpose, case_ref, verdict, fields, row_count,
       encode(request_digest, 'hex') AS request_digest, encode(answer_digest, 'hex') AS answer_digest
FROM exchange_call_record;

CREATE FUNCTION gateway.announce_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('zhengshu_gateway', 'grants');
    RETURN NULL;
END $$;

CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exchange_grant
    FOR EACH STATEMENT EXECUTE FUNCTION gateway.announce_grants();

-- A record of a call is written once.
CREATE FUNCTION gateway.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records of calls are never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON exchange_call_record
    FOR EACH ROW EXECUTE FUNCTION gateway.refuse_change();

-- Every number used once, for as long as its signature could be accepted.
CREATE TABLE gateway.nonce (
    key_id text NOT NULL,
    nonce text NOT NULL,
    call_id uuid NOT NULL,
    valid_until timestamptz NOT NULL,
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX nonce_valid_until ON gateway.nonce (valid_until);

-- What a grant has used of its quota in the present second and day. The columns `asked`, `allowed`, `per_second`
-- and `per_day` are those of the last batch; they carry its numbers through one INSERT … ON CONFLICT.
CREATE TABLE gateway.quota_use (
    grant_id uuid PRIMARY KEY,
    second timestamptz NOT NULL,
    second_used integer NOT NULL,
    day date NOT NULL,
    day_used integer NOT NULL,
    asked integer NOT NULL,
    allowed integer NOT NULL,
    per_second integer NOT NULL,
    per_day integer NOT NULL
) WITH (fillfactor = 50);

-- One call as the gateway hands it over. `verdict` is `ok` or the code of the gateway's own refusal;
-- `nonce_until` is empty where the signature is too old for its nonce to matter.
CREATE TYPE gateway.call AS (
    id uuid,
    at timestamptz,
    key_id text,
    nonce text,
    nonce_until timestamptz,
    system_id uuid,
    consumer_department_id uuid,
    provider_department_id uuid,
    grant_id uuid,
    resource_code text,
    operation text,
    purpose text,
    case_ref text,
    verdict text,
    fields text[],
    row_count integer,
    request_digest bytea,
    answer_digest bytea,
    subject_digest bytea,
    microseconds integer
);

-- Judge and record a batch of calls: nonce, key, grant, quota and record stand or fall together. Locks are taken
-- in one order (nonces, then quotas, each sorted), so that gateways never wait for each other in a circle.
-- `p_again` marks a batch whose first try may have been committed: what is recorded keeps its verdict.
CREATE FUNCTION gateway.commit_calls(p_gateway text, p_calls json, p_zone text, p_again boolean)
RETURNS TABLE (call_id uuid, outcome text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := clock_timestamp();
    v_second timestamptz := date_trunc('second', v_now);
    v_day date := (v_now AT TIME ZONE p_zone)::date;
    v_calls gateway.call[];
    v_known uuid[] := '{}';
    v_fresh uuid[];
BEGIN
    SELECT array_agg(c) INTO v_calls FROM json_populate_recordset(NULL::gateway.call, p_calls) c;
    IF p_again THEN
        SELECT coalesce(array_agg(r.id), '{}') INTO v_known
        FROM exchange_call_record r JOIN unnest(v_calls) c ON c.id = r.id;
    END IF;

    WITH fresh AS (
        INSERT INTO gateway.nonce AS n (key_id, nonce, call_id, valid_until)
        SELECT c.key_id, c.nonce, c.id, c.nonce_until
        FROM unnest(v_calls) c
        WHERE c.nonce_until IS NOT NULL AND NOT c.id = ANY (v_known)
        ORDER BY c.key_id, c.nonce, c.id
        ON CONFLICT DO NOTHING
        RETURNING n.call_id
    )
    SELECT coalesce(array_agg(fresh.call_id), '{}') INTO v_fresh FROM fresh;

    RETURN QUERY
    WITH calls AS MATERIALIZED (
        SELECT c.*, row_number() OVER () AS place
        FROM unnest(v_calls) c
        WHERE NOT c.id = ANY (v_known)
    ),
    judged AS MATERIALIZED (
        SELECT c.id, c.place, c.grant_id, g.quota_per_second, g.quota_per_day,
            CASE
                WHEN c.nonce_until IS NOT NULL AND NOT c.id = ANY (v_fresh) THEN 'exchange.call-replayed'
                WHEN c.verdict <> 'ok' THEN c.verdict
                WHEN k.key_id IS NULL OR k.active_from > v_now OR k.active_to <= v_now THEN 'exchange.key-expired'
                WHEN c.grant_id IS NULL THEN 'ok'
                WHEN g.id IS NULL OR g.revoked_at IS NOT NULL THEN 'exchange.grant-revoked'
                WHEN g.active_to <= v_now THEN 'exchange.grant-expired'
                ELSE 'ok'
            END AS verdict
        FROM calls c
        LEFT JOIN gateway.keys k ON k.key_id = c.key_id
        LEFT JOIN exchange_grant g ON g.id = c.grant_id
    ),
    used AS (
        INSERT INTO gateway.quota_use AS q
            (grant_id, second, second_used, day, day_used, asked, allowed, per_second, per_day)
        SELECT w.grant_id, v_second, w.allowed, v_day, w.allowed, w.asked, w.allowed, w.per_second, w.per_day
        FROM (
            SELECT j.grant_id, count(*) AS asked, j.quota_per_second AS per_second, j.quota_per_day AS per_day,
                   least(count(*), j.quota_per_second, j.quota_per_day) AS allowed
            FROM judged j
            WHERE j.verdict = 'ok' AND j.grant_id IS NOT NULL
            GROUP BY j.grant_id, j.quota_per_second, j.quota_per_day
        ) w
        ORDER BY w.grant_id
        ON CONFLICT (grant_id) DO UPDATE
        SET (second, second_used, day, day_used, asked, allowed, per_second, per_day) = (
            SELECT greatest(q.second, excluded.second), b.in_second + b.allowed,
                   greatest(q.day, excluded.day), b.in_day + b.allowed,
                   excluded.asked, b.allowed, excluded.per_second, excluded.per_day
            FROM (
                SELECT a.in_second, a.in_day,
                       greatest(0, least(excluded.asked, excluded.per_second - a.in_second,
                                         excluded.per_day - a.in_day)) AS allowed
                FROM (
                    SELECT CASE WHEN q.second >= excluded.second THEN q.second_used ELSE 0 END AS in_second,
                           CASE WHEN q.day >= excluded.day THEN q.day_used ELSE 0 END AS in_day
                ) a
            ) b
        )
        RETURNING q.grant_id, q.allowed, q.day_used >= q.per_day AS is_day_over
    ),
    counted AS (
        SELECT j.id,
            CASE
                WHEN j.verdict <> 'ok' OR j.grant_id IS NULL THEN j.verdict
                WHEN row_number() OVER (PARTITION BY j.grant_id, j.verdict = 'ok' ORDER BY j.place) <= u.allowed
                    THEN 'ok'
                WHEN u.is_day_over THEN 'exchange.quota-per-day-used-up'
                ELSE 'exchange.quota-per-second-used-up'
            END AS verdict
        FROM judged j
        LEFT JOIN used u ON u.grant_id = j.grant_id
    ),
    stored AS (
        INSERT INTO exchange_call_record AS r
            (id, at, gateway, key_id, nonce, system_id, consumer_department_id, provider_department_id, grant_id,
             resource_code, operation, purpose, case_ref, verdict, fields, row_count, request_digest,
             answer_digest, subject_digest, microseconds)
        SELECT c.id, c.at, p_gateway, c.key_id, c.nonce, c.system_id, c.consumer_department_id,
               c.provider_department_id, c.grant_id, c.resource_code, c.operation, c.purpose, c.case_ref, v.verdict,
               c.fields, CASE WHEN v.verdict = 'ok' THEN c.row_count ELSE 0 END, c.request_digest,
               CASE WHEN v.verdict = 'ok' THEN c.answer_digest END, c.subject_digest, c.microseconds
        FROM calls c
        JOIN counted v ON v.id = c.id
        ORDER BY c.place
        RETURNING r.id, r.verdict
    )
    SELECT s.id, s.verdict::text FROM stored s
    UNION ALL
    SELECT r.id, r.verdict::text FROM exchange_call_record r WHERE p_again AND r.id = ANY (v_known);
END $$;

-- Forget nonces whose signatures nobody would accept any more; returns how many were removed.
CREATE FUNCTION gateway.forget_nonces(p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_count integer;
BEGIN
    DELETE FROM gateway.nonce n USING (
        SELECT key_id, nonce FROM gateway.nonce WHERE valid_until < now()
        ORDER BY valid_until LIMIT p_most FOR UPDATE SKIP LOCKED
    ) old
    WHERE n.key_id = old.key_id AND n.nonce = old.nonce;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
