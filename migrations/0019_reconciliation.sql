-- Comparing what a provider says with what we have. One row a run; a run that failed has no end, and is tried again.
CREATE TABLE reconciliations (
    id          uuid PRIMARY KEY,
    provider    text NOT NULL CHECK (provider IN ('stars', 'yookassa')),
    daily       boolean NOT NULL,  -- asked for by the clock, not by an operator
    window_from timestamptz NOT NULL,
    window_to   timestamptz NOT NULL,
    began_at    timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    report      jsonb,             -- counts; nothing of a person
    CHECK (window_from < window_to)
);
CREATE INDEX reconciliations_of ON reconciliations (provider, began_at DESC);

-- What a run was told of, until its end: a provider's list may be longer than our memory.
CREATE TABLE reconciliation_seen (
    run    uuid NOT NULL REFERENCES reconciliations ON DELETE CASCADE,
    refund boolean NOT NULL,
    object text NOT NULL,
    PRIMARY KEY (run, refund, object)
);

-- Begins the run of this day, in one process however many ask. Gives the start of its window: two days before the end of the last one, three
-- days at least, thirty at most; NULL when it was done within a day, or is under way.
CREATE FUNCTION reconciliation_daily(p_id uuid, p_provider text) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('reconciliation:' || p_provider, 0));
    IF EXISTS (SELECT FROM reconciliations WHERE provider = p_provider AND daily
               AND (ended_at > now() - interval '24 hours' OR ended_at IS NULL AND began_at > now() - interval '1 hour')) THEN
        RETURN NULL;
    END IF;
    SELECT max(window_to) - interval '2 days' INTO since FROM reconciliations WHERE provider = p_provider AND daily AND ended_at IS NOT NULL;
    since := greatest(least(since, now() - interval '3 days'), now() - interval '30 days');
    DELETE FROM reconciliations WHERE began_at < now() - CASE WHEN ended_at IS NULL THEN interval '1 day' ELSE interval '1 year' END;
    INSERT INTO reconciliations (id, provider, daily, window_from, window_to) VALUES (p_id, p_provider, true, since, now());
    RETURN since;
END $$;
