-- A user's last turn is read from the jobs that did not end, by an index that leads to it, in place of a table that each order wrote. Turns
-- of jobs that ended do not count any more: they lie behind the turn that is being served, or their owner took them back.
DROP INDEX jobs_user;
CREATE INDEX jobs_open ON jobs (user_id, turn) WHERE ended_at IS NULL;
DROP TABLE job_turns;
CREATE VIEW job_turns AS SELECT user_id, max(turn) AS turn FROM jobs WHERE ended_at IS NULL GROUP BY user_id;

-- Repeating an enqueue with the same id does nothing. p_units: how much work it is, 0 where nobody knows.
CREATE OR REPLACE FUNCTION job_enqueue(p_id uuid, p_user bigint, p_kind text, p_args bytea, p_operation uuid, p_priority int, p_topic text,
    p_units bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (id, user_id, kind, args, operation, priority, topic, all_units, turn)
    SELECT p_id, p_user, p_kind, p_args, p_operation, p_priority, p_topic, p_units,
        greatest((SELECT max(turn) FROM jobs WHERE user_id = p_user AND ended_at IS NULL), last_value) + 1 FROM job_turn_served
    ON CONFLICT (id) DO NOTHING;
END $$;

-- The next jobs, at most p_most: by priority, then turn, then age; of a user and kind one alone. Rows that a rival is taking are
-- passed over. The planner does not know how few rows a limit of p_most is and would sort the whole line: it is not let, and what it then
-- thinks of the costs would make it compile the query for 200 ms. Rows are locked in the subtransaction that changes them: locked outside,
-- each would need a multixact of the two.
CREATE OR REPLACE FUNCTION job_claim(p_worker text, p_seconds double precision, p_kinds text[], p_most int DEFAULT 1) RETURNS SETOF jobs
    LANGUAGE plpgsql SET enable_sort = off SET jit = off AS $$
DECLARE
    heads uuid[];
    served bigint;
BEGIN
    FOR look IN 1..5 LOOP
        BEGIN
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

-- Whether pieces of it are kept: few jobs have any, and nobody looks for those that are not there.
ALTER TABLE jobs ADD COLUMN pieces boolean NOT NULL DEFAULT true;
ALTER TABLE jobs ALTER COLUMN pieces SET DEFAULT false;

-- A finished piece, kept for whoever runs the job next. PS020 as above.
CREATE OR REPLACE FUNCTION job_keep_piece(p_id uuid, p_fence bigint, p_piece int, p_body bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM job_check(p_id, p_fence);
    UPDATE jobs SET pieces = true WHERE id = p_id AND NOT pieces;
    INSERT INTO job_pieces (job_id, piece, body) VALUES (p_id, p_piece, p_body)
    ON CONFLICT (job_id, piece) DO UPDATE SET body = excluded.body;
END $$;

-- Ends a job (done, cancelled, dead). Part of the transaction that stores its result and decides its hold. PS020: the job is no
-- longer this worker's. PS021: it was cancelled meanwhile.
CREATE OR REPLACE FUNCTION job_end(p_id uuid, p_fence bigint, p_state text, p_error text, p_knows boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept boolean;
BEGIN
    UPDATE jobs SET state = p_state, error = p_error, ended_at = now(), lease_until = NULL
    WHERE id = p_id AND fence = p_fence AND state = 'running' AND (p_knows OR p_state <> 'done' OR NOT cancel) RETURNING pieces INTO kept;
    IF NOT FOUND THEN
        PERFORM job_check(p_id, p_fence);
        RAISE EXCEPTION 'job % was cancelled', p_id USING ERRCODE = 'PS021';
    END IF;
    IF kept THEN
        DELETE FROM job_pieces WHERE job_id = p_id;
    END IF;
END $$;
