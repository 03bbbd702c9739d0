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
