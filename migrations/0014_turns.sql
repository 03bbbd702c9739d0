-- Fair turns by start-time fair queuing: a job's turn is decided once, when it is ordered, and an index holds the line in the order
-- of turns. Before, each claim and each order sorted the whole line. A user's next turn comes after that user's last one and never
-- before the turn that is being served: whoever orders a hundred jobs takes turns with whoever orders one.

DROP VIEW wallet_faults, job_places;
CREATE DOMAIN job_state AS text CHECK (VALUE IN ('queued', 'running', 'done', 'cancelled', 'dead'));
ALTER TABLE jobs DROP CONSTRAINT jobs_state_check, ALTER COLUMN state TYPE job_state, ADD COLUMN turn bigint NOT NULL DEFAULT 0;
DROP INDEX jobs_queue;
CREATE INDEX jobs_line ON jobs (priority, turn, run_at, id) WHERE state = 'queued';

-- The turn that is being served. Outside transactions on purpose: nobody waits for it, and a claim that was undone has only
-- moved it a little.
CREATE SEQUENCE job_turn_served MINVALUE 0 START 0;

DROP TABLE job_turns;
CREATE TABLE job_turns (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    turn    bigint NOT NULL  -- of the user's last order
);

-- Repeating an enqueue with the same id does nothing. p_units: how much work it is, 0 where nobody knows.
CREATE OR REPLACE FUNCTION job_enqueue(p_id uuid, p_user bigint, p_kind text, p_args bytea, p_operation uuid, p_priority int, p_topic text,
    p_units bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own bigint;
BEGIN
    INSERT INTO jobs (id, user_id, kind, args, operation, priority, topic, all_units, turn)
    SELECT p_id, p_user, p_kind, p_args, p_operation, p_priority, p_topic, p_units,
        greatest((SELECT t.turn FROM job_turns t WHERE t.user_id = p_user), last_value) + 1 FROM job_turn_served
    ON CONFLICT (id) DO NOTHING RETURNING turn INTO own;
    IF FOUND THEN
        INSERT INTO job_turns AS t (user_id, turn) VALUES (p_user, own) ON CONFLICT (user_id) DO UPDATE SET turn = greatest(t.turn, excluded.turn);
    END IF;
END $$;

DROP FUNCTION job_claim(text, double precision, text[]);

-- The next jobs, at most p_most: by priority, then turn, then age; of a user and kind one alone. Rows that a rival is taking are
-- passed over. The planner does not know how few rows a limit of p_most is and would sort the whole line: it is not let, and what it then
-- thinks of the costs would make it compile the query for 200 ms
CREATE FUNCTION job_claim(p_worker text, p_seconds double precision, p_kinds text[], p_most int DEFAULT 1) RETURNS SETOF jobs LANGUAGE plpgsql
SET enable_sort = off SET jit = off AS $$
DECLARE
    heads uuid[];
    served bigint;
BEGIN
    FOR look IN 1..5 LOOP
        SELECT array_agg(id), max(turn) INTO heads, served FROM (
            SELECT DISTINCT ON (user_id, kind) id, turn FROM (
                SELECT j.* FROM jobs j
                WHERE j.state = 'queued' AND j.run_at <= now() AND j.kind = ANY (p_kinds)
                  AND NOT EXISTS (SELECT FROM jobs r WHERE r.user_id = j.user_id AND r.kind = j.kind AND r.state = 'running' AND NOT r.cancel)
                ORDER BY j.priority, j.turn, j.run_at, j.id LIMIT p_most FOR UPDATE OF j SKIP LOCKED) line
            ORDER BY user_id, kind, priority, turn, run_at, id) head;
        IF heads IS NULL THEN
            RETURN;
        END IF;
        BEGIN
            UPDATE jobs SET state = 'running', worker = p_worker, fence = fence + 1, attempts = attempts + 1,
                started_at = coalesce(started_at, now()), lease_until = now() + make_interval(secs => p_seconds)
                WHERE id = ANY (heads);
        EXCEPTION WHEN unique_violation THEN
            CONTINUE;  -- another worker took another job of one of these users meanwhile: look again, it is visible now
        END;
        -- Not by RETURNING: rows that were given before the violation would be given although the update was undone.
        PERFORM setval('job_turn_served', served) FROM job_turn_served WHERE last_value < served;
        RETURN QUERY SELECT * FROM jobs WHERE id = ANY (heads);
        RETURN;
    END LOOP;
END $$;

-- Ends a job (done, cancelled, dead). Part of the transaction that stores its result and decides its hold. PS020: the job is no
-- longer this worker's. PS021: it was cancelled meanwhile.
CREATE OR REPLACE FUNCTION job_end(p_id uuid, p_fence bigint, p_state text, p_error text, p_knows boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE jobs SET state = p_state, error = p_error, ended_at = now(), lease_until = NULL
    WHERE id = p_id AND fence = p_fence AND state = 'running' AND (p_knows OR p_state <> 'done' OR NOT cancel);
    IF NOT FOUND THEN
        PERFORM job_check(p_id, p_fence);
        RAISE EXCEPTION 'job % was cancelled', p_id USING ERRCODE = 'PS021';
    END IF;
    DELETE FROM job_pieces WHERE job_id = p_id;
END $$;

-- How many jobs would be claimed before each queued one. A job for later stands behind all.
CREATE VIEW job_places AS
    SELECT id, user_id, row_number() OVER (ORDER BY run_at > now(), priority, turn, run_at, id) - 1 AS place
    FROM jobs WHERE state = 'queued' AND NOT cancel;

-- What `persona wallet verify` reads: one row per broken rule; no row is the proof. A hold lives as long as a job that it pays
-- for, and an hour longer at most.
CREATE VIEW wallet_faults AS
    SELECT fault, user_id, detail FROM ledger_faults
UNION ALL
    SELECT 'hold outlives its job', h.user_id, h.operation::text
    FROM holds h WHERE h.state = 'held' AND h.created_at < now() - interval '1 hour' AND NOT EXISTS (
        SELECT FROM jobs j WHERE j.operation = h.operation AND (j.ended_at IS NULL OR j.ended_at > now() - interval '1 hour'));
