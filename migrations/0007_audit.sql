-- Who did what to whom, from where. Rows are inserted by the business transaction; a sealer chains them by hash.
CREATE TABLE audit_log (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event     uuid NOT NULL UNIQUE,            -- made by us before the insert: the body is bound to it
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

-- The signed end of the chain: without it, whoever may write could chain a story of his own from the beginning.
CREATE TABLE audit_end (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    link      bigint NOT NULL,
    hash      bytea NOT NULL,
    signature bytea NOT NULL
);

-- Fields as a JSON array: no two rows read the same.
CREATE FUNCTION audit_row_hash(previous bytea, a audit_log) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(a.link, a.id, a.event, extract(epoch FROM a.at)::text, a.actor, a.action, a.subject, a.origin,
        a.owner, encode(a.body, 'hex'))::text, 'UTF8'))
$$;

-- Chains what is committed and not chained yet, oldest first; one sealer at a time. Gives the number of rows and the end of
-- the chain; no end where another is at it, or there is no chain.
CREATE FUNCTION audit_seal(p_most int, OUT sealed int, OUT link bigint, OUT hash bytea) LANGUAGE plpgsql AS $$
DECLARE
    item audit_log;
BEGIN
    sealed := 0;
    IF NOT pg_try_advisory_xact_lock(31647264131309154) THEN
        RETURN;
    END IF;
    SELECT a.link, a.hash INTO link, hash FROM audit_log a WHERE a.link IS NOT NULL ORDER BY a.link DESC LIMIT 1;
    FOR item IN SELECT * FROM audit_log a WHERE a.link IS NULL ORDER BY a.id LIMIT p_most LOOP
        item.link := coalesce(link, 0) + 1;
        link := item.link;
        hash := audit_row_hash(coalesce(hash, ''), item);
        UPDATE audit_log a SET link = item.link, hash = audit_seal.hash WHERE a.id = item.id;
        sealed := sealed + 1;
    END LOOP;
END $$;

-- The end only moves on: of two sealers the one that chained more wins.
CREATE FUNCTION audit_sign(p_link bigint, p_hash bytea, p_signature bytea) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audit_end AS e (link, hash, signature) VALUES (p_link, p_hash, p_signature)
    ON CONFLICT (one) DO UPDATE SET link = excluded.link, hash = excluded.hash, signature = excluded.signature WHERE e.link < excluded.link
$$;

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
