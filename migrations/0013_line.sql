-- What a person who waits is told as the line moves, and an end for jobs that have ended.

ALTER TABLE jobs ADD COLUMN told_place int;  -- what was said last of its place in the line
-- The pace of a kind is read from those that ended last; the old ones are found for deletion.
CREATE INDEX jobs_ended ON jobs (kind, ended_at DESC) WHERE ended_at IS NOT NULL;

DROP FUNCTION job_enqueue(uuid, bigint, text, bytea, uuid, int, text);
-- Repeating an enqueue with the same id does nothing. p_units: how much work it is, 0 where nobody knows.
CREATE FUNCTION job_enqueue(p_id uuid, p_user bigint, p_kind text, p_args bytea, p_operation uuid, p_priority int, p_topic text, p_units bigint)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO jobs (id, user_id, kind, args, operation, priority, topic, all_units)
    VALUES (p_id, p_user, p_kind, p_args, p_operation, p_priority, p_topic, p_units)
    ON CONFLICT (id) DO NOTHING
$$;

-- Those of a kind that wait: how many are before each, and about how many seconds it is until its turn, by the pace of the last
-- twenty and by what is being worked on now; NULL while there is no pace yet.
CREATE FUNCTION job_line(p_kind text) RETURNS TABLE (id uuid, user_id bigint, place bigint, seconds double precision, told_place int)
LANGUAGE sql STABLE AS $$
    WITH recent AS (SELECT ended_at - started_at AS took, all_units FROM jobs
                    WHERE kind = p_kind AND ended_at IS NOT NULL AND state = 'done' AND all_units > 0 ORDER BY ended_at DESC LIMIT 20),
    pace AS (SELECT extract(epoch FROM sum(took)) / sum(all_units) AS seconds FROM recent),
    at_work AS (SELECT greatest(count(*), 1) AS jobs, coalesce(sum(greatest(all_units - done_units, 0)), 0) AS units
                FROM jobs WHERE kind = p_kind AND state = 'running'),
    line AS (SELECT p.id, p.user_id, p.place, j.told_place,
                    coalesce(sum(j.all_units) OVER (ORDER BY p.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
             FROM job_places p JOIN jobs j USING (id) WHERE j.kind = p_kind)
    SELECT line.id, line.user_id, line.place, ((line.before + at_work.units) * pace.seconds / at_work.jobs)::double precision, line.told_place
    FROM line, at_work, pace
$$;

-- Remembers what is said of a place, in the transaction that says it. PS022: the job does not wait any more, or it was said already.
CREATE FUNCTION job_tell_place(p_id uuid, p_place bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE jobs SET told_place = p_place WHERE id = p_id AND state = 'queued' AND NOT cancel AND told_place IS DISTINCT FROM p_place;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing to tell of job %', p_id USING ERRCODE = 'PS022';
    END IF;
END $$;

-- Deletes at most p_most jobs that ended so many days ago; gives how many.
CREATE FUNCTION job_forget(p_days int, p_most int) RETURNS bigint LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM jobs WHERE id IN (
        SELECT id FROM jobs WHERE ended_at < now() - make_interval(days => p_days) LIMIT p_most) RETURNING 1)
    SELECT count(*) FROM gone
$$;
