-- A cancel that was committed before the end of a job wins over the end: whoever pressed the button is not charged for what he
-- has not seen. p_knows: the worker knew of the cancel when it made its result, which then is what the cancel asked for.
DROP FUNCTION job_end(uuid, bigint, text, text);

-- Ends a job (done, cancelled, dead). Part of the transaction that stores its result and decides its hold. PS020 as above.
-- PS021: the job was cancelled meanwhile.
CREATE FUNCTION job_end(p_id uuid, p_fence bigint, p_state text, p_error text, p_knows boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    stop boolean;
BEGIN
    SELECT cancel INTO stop FROM jobs WHERE id = p_id AND fence = p_fence AND state = 'running' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'job % is not held with fence %', p_id, p_fence USING ERRCODE = 'PS020';
    END IF;
    IF stop AND p_state = 'done' AND NOT p_knows THEN
        RAISE EXCEPTION 'job % was cancelled', p_id USING ERRCODE = 'PS021';
    END IF;
    UPDATE jobs SET state = p_state, error = p_error, ended_at = now(), lease_until = NULL WHERE id = p_id;
    DELETE FROM job_pieces WHERE job_id = p_id;
END $$;
