-- What a dialogue with the assistant remembers of itself: one row a person, sealed, bounded by the program.

CREATE TABLE dialogues (
    user_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    memory     bytea,                       -- sealed with the user's key; NULL: forgotten
    epoch      bigint NOT NULL DEFAULT 0,   -- grows with each forgetting: an answer under way does not bring back what was forgotten
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- p_epoch: as it was when the memory was read.
CREATE FUNCTION dialogue_remember(p_user bigint, p_memory bytea, p_epoch bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO dialogues AS d (user_id, memory, epoch) VALUES (p_user, p_memory, p_epoch)
    ON CONFLICT (user_id) DO UPDATE SET memory = excluded.memory, updated_at = now() WHERE d.epoch = excluded.epoch
$$;

CREATE FUNCTION dialogue_forget(p_user bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO dialogues AS d (user_id, memory, epoch) VALUES (p_user, NULL, 1)
    ON CONFLICT (user_id) DO UPDATE SET memory = NULL, epoch = d.epoch + 1, updated_at = now()
$$;
