-- Who did what to whom, from where. Rows are inserted by the business transaction; a sealer chains them by hash.
CREATE TABLE audit_log (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor     text NOT NULL,
    action    text NOT NULL,
    subject   text NOT NULL,
    origin    text NOT NULL,
    body      bytea,                           -- sealed: before and after
    owner     bigint NOT NULL DEFAULT 0,
    link      bigint UNIQUE,                   -- place in the chain, given by the sealer
    hash      bytea
);
CREATE INDEX audit_unsealed ON audit_log (id) WHERE link IS NULL;

CREATE FUNCTION audit_row_hash(previous bytea, a audit_log) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(a.id || '|' || extract(epoch FROM a.at) || '|' || a.actor || '|' || a.action || '|' || a.subject || '|' || a.origin || '|', 'UTF8')
        || coalesce(a.body, ''))
$$;

-- Chains what is committed and not chained yet, oldest first; one sealer at a time. Gives the number of rows.
CREATE FUNCTION audit_seal(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    previous bytea;
    place bigint;
    item audit_log;
    sealed int := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(31647264131309154) THEN
        RETURN 0;
    END IF;
    SELECT link, hash INTO place, previous FROM audit_log WHERE link IS NOT NULL ORDER BY link DESC LIMIT 1;
    place := coalesce(place, 0);
    previous := coalesce(previous, ''::bytea);
    FOR item IN SELECT * FROM audit_log WHERE link IS NULL ORDER BY id LIMIT p_most LOOP
        place := place + 1;
        previous := audit_row_hash(previous, item);
        UPDATE audit_log SET link = place, hash = previous WHERE id = item.id;
        sealed := sealed + 1;
    END LOOP;
    RETURN sealed;
END $$;

-- The first place where the chain does not hold; nothing when it does.
CREATE FUNCTION audit_fault() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    previous bytea := '';
    place bigint := 0;
    item audit_log;
BEGIN
    FOR item IN SELECT * FROM audit_log WHERE link IS NOT NULL ORDER BY link LOOP
        place := place + 1;
        IF item.link <> place OR item.hash <> audit_row_hash(previous, item) THEN
            RETURN place;
        END IF;
        previous := item.hash;
    END LOOP;
    RETURN NULL;
END $$;
