CREATE TABLE jobs (
    id         uuid PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users,
    kind       text NOT NULL,
    topic      text NOT NULL DEFAULT '',      -- what it is about, in ids; the user's flows look for it
    args       bytea NOT NULL,                -- sealed with the user's key
    operation  uuid REFERENCES holds,         -- the hold that pays for it; free work has none
    priority   int NOT NULL DEFAULT 0,        -- lower runs first
    state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'dead')),
    attempts   int NOT NULL DEFAULT 0,
    run_at     timestamptz NOT NULL DEFAULT now(),
    fence      bigint NOT NULL DEFAULT 0,     -- grows with every claim; results carry it
    worker     text,
    lease_until timestamptz,
    cancel     boolean NOT NULL DEFAULT false,
    done_units bigint NOT NULL DEFAULT 0,
    all_units  bigint NOT NULL DEFAULT 0,
    error      text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    ended_at   timestamptz
);
CREATE INDEX jobs_queue ON jobs (priority, run_at) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_user ON jobs (user_id, created_at DESC);
CREATE INDEX jobs_operation ON jobs (operation) WHERE operation IS NOT NULL;
CREATE INDEX jobs_to_cancel ON jobs (id) WHERE state = 'queued' AND cancel;
-- A user has one running job of a kind; one that is being cancelled no longer counts.
CREATE UNIQUE INDEX jobs_one_running ON jobs (user_id, kind) WHERE state = 'running' AND NOT cancel;

-- When a user was last served: the queue goes round over users.
CREATE TABLE job_turns (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    at      timestamptz NOT NULL
);

-- Finished pieces of a long job, sealed: a worker that takes over repeats none.
CREATE TABLE job_pieces (
    job_id uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    piece  int NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (job_id, piece)
);

-- Repeating an enqueue with the same id does nothing.
CREATE FUNCTION job_enqueue(p_id uuid, p_user bigint, p_kind text, p_args bytea, p_operation uuid, p_priority int, p_topic text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO jobs (id, user_id, kind, args, operation, priority, topic) VALUES (p_id, p_user, p_kind, p_args, p_operation, p_priority, p_topic)
    ON CONFLICT (id) DO NOTHING
$$;

-- Gives the job to a worker. The fence grows, so that nothing of an earlier run counts any more.
CREATE FUNCTION job_take(p_id uuid, p_worker text, p_seconds double precision) RETURNS SETOF jobs LANGUAGE sql AS $$
    UPDATE jobs SET state = 'running', worker = p_worker, fence = fence + 1, attempts = attempts + 1,
        started_at = coalesce(started_at, now()), lease_until = now() + make_interval(secs => p_seconds)
    WHERE id = p_id RETURNING *
$$;

-- The next job: by priority, then the user who waited longest for a turn, then age.
CREATE FUNCTION job_claim(p_worker text, p_seconds double precision, p_kinds text[]) RETURNS SETOF jobs LANGUAGE plpgsql AS $$
DECLARE
    chosen uuid;
BEGIN
    LOOP
        SELECT j.id INTO chosen FROM jobs j LEFT JOIN job_turns t USING (user_id)
        WHERE j.state = 'queued' AND j.run_at <= now() AND j.kind = ANY (p_kinds)
          AND NOT EXISTS (SELECT FROM jobs r WHERE r.user_id = j.user_id AND r.kind = j.kind AND r.state = 'running' AND NOT r.cancel)
        ORDER BY j.priority, t.at NULLS FIRST, j.run_at, j.id
        LIMIT 1 FOR UPDATE OF j SKIP LOCKED;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        BEGIN
            RETURN QUERY SELECT * FROM job_take(chosen, p_worker, p_seconds);
            INSERT INTO job_turns AS t SELECT user_id, clock_timestamp() FROM jobs WHERE id = chosen
                ON CONFLICT (user_id) DO UPDATE SET at = excluded.at;
            RETURN;
        EXCEPTION WHEN unique_violation THEN
            NULL;  -- another worker took another job of this user meanwhile: look again, it is visible now
        END;
    END LOOP;
END $$;

-- A queued job whose end was asked for: it is claimed to be ended, whatever else runs.
CREATE FUNCTION job_claim_cancelled(p_worker text, p_seconds double precision, p_kinds text[]) RETURNS SETOF jobs LANGUAGE sql AS $$
    SELECT taken.* FROM (SELECT id FROM jobs WHERE state = 'queued' AND cancel AND kind = ANY (p_kinds) LIMIT 1 FOR UPDATE SKIP LOCKED) chosen,
        LATERAL job_take(chosen.id, p_worker, p_seconds) taken
$$;

-- PS020: the job is no longer this worker's (the lease ran out and another has it, or it ended).
CREATE FUNCTION job_check(p_id uuid, p_fence bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM jobs WHERE id = p_id AND fence = p_fence AND state = 'running' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'job % is not held with fence %', p_id, p_fence USING ERRCODE = 'PS020';
    END IF;
END $$;

-- Renews the lease; gives whether the job shall be cancelled. PS020 as above.
CREATE FUNCTION job_heartbeat(p_id uuid, p_fence bigint, p_seconds double precision, p_done bigint, p_all bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    stop boolean;
BEGIN
    UPDATE jobs SET lease_until = now() + make_interval(secs => p_seconds), done_units = p_done, all_units = p_all
    WHERE id = p_id AND fence = p_fence AND state = 'running' RETURNING cancel INTO stop;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'job % is not held with fence %', p_id, p_fence USING ERRCODE = 'PS020';
    END IF;
    RETURN stop;
END $$;

-- A finished piece, kept for whoever runs the job next. PS020 as above.
CREATE FUNCTION job_keep_piece(p_id uuid, p_fence bigint, p_piece int, p_body bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM job_check(p_id, p_fence);
    INSERT INTO job_pieces (job_id, piece, body) VALUES (p_id, p_piece, p_body)
    ON CONFLICT (job_id, piece) DO UPDATE SET body = excluded.body;
END $$;

-- Ends a job (done, cancelled, dead). Part of the transaction that stores its result and decides its hold.
CREATE FUNCTION job_end(p_id uuid, p_fence bigint, p_state text, p_error text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM job_check(p_id, p_fence);
    UPDATE jobs SET state = p_state, error = p_error, ended_at = now(), lease_until = NULL WHERE id = p_id;
    DELETE FROM job_pieces WHERE job_id = p_id;
END $$;

-- Puts a job back: after an error (attempts stand) or for later without one (snooze gives the attempt back).
CREATE FUNCTION job_again(p_id uuid, p_fence bigint, p_delay_seconds double precision, p_error text, p_snooze boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM job_check(p_id, p_fence);
    UPDATE jobs SET state = 'queued', run_at = now() + make_interval(secs => p_delay_seconds), error = p_error, lease_until = NULL,
        attempts = attempts - CASE WHEN p_snooze THEN 1 ELSE 0 END WHERE id = p_id;
END $$;

-- Asks for the end of a user's job. A queued one is cancelled by the worker that claims it, so that there is one way to end.
CREATE FUNCTION job_cancel(p_id uuid, p_user bigint) RETURNS boolean LANGUAGE sql AS $$
    WITH asked AS (
        UPDATE jobs SET cancel = true, run_at = least(run_at, now())
        WHERE id = p_id AND user_id = p_user AND state IN ('queued', 'running') RETURNING 1)
    SELECT count(*) > 0 FROM asked
$$;

-- Leases that ran out: back to the queue, for another worker.
CREATE FUNCTION job_rescue() RETURNS bigint LANGUAGE sql AS $$
    WITH lost AS (
        UPDATE jobs SET state = 'queued', run_at = now(), lease_until = NULL, error = 'the worker was lost'
        WHERE state = 'running' AND lease_until < now() RETURNING 1)
    SELECT count(*) FROM lost
$$;

-- How many jobs would be claimed before each queued one: users take turns within a priority, those who were never served come
-- in the order of their first job. A job for later stands behind all.
CREATE VIEW job_places AS
    SELECT id, user_id, row_number() OVER (ORDER BY run_at > now(), priority, round, at NULLS FIRST, first_run_at, first_id) - 1 AS place
    FROM (SELECT j.*, t.at, row_number() OVER line AS round, first_value(run_at) OVER line AS first_run_at, first_value(id) OVER line AS first_id
          FROM jobs j LEFT JOIN job_turns t USING (user_id) WHERE j.state = 'queued' AND NOT j.cancel
          WINDOW line AS (PARTITION BY j.user_id, j.priority ORDER BY j.run_at, j.id)) queue;

-- What `persona wallet verify` reads: one row per broken rule; no row is the proof. A hold lives as long as a job that it pays
-- for, and an hour longer at most.
CREATE VIEW wallet_faults AS
    SELECT fault, user_id, detail FROM ledger_faults
UNION ALL
    SELECT 'hold outlives its job', h.user_id, h.operation::text
    FROM holds h WHERE h.state = 'held' AND h.created_at < now() - interval '1 hour' AND NOT EXISTS (
        SELECT FROM jobs j WHERE j.operation = h.operation AND (j.ended_at IS NULL OR j.ended_at > now() - interval '1 hour'));
