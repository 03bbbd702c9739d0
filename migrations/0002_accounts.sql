CREATE TABLE users (
    id              bigint PRIMARY KEY,
    telegram_id     bigint NOT NULL UNIQUE,
    username        text,
    first_name      text,
    last_name       text,
    telegram_language text,
    phone           bytea,
    bot_blocked_at  timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()
);
-- The id is taken before the insert: the new user's state is sealed and sealing binds to the id.
CREATE SEQUENCE users_id_seq OWNED BY users.id;

CREATE TABLE user_settings (
    user_id       bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    language      text CHECK (language IN ('ru', 'en')),
    time_zone     text,
    notifications boolean NOT NULL DEFAULT true,
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- version = counter in the upper bits, 20 random bits below: two writers never make the same one, and a later one is greater.
CREATE TABLE user_states (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
    state_data bytea NOT NULL,
    version    bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- PS001: the state was changed by another event since it was read.
CREATE FUNCTION state_put(p_user bigint, p_expected bigint, p_version bigint, p_sealed bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_states SET state_data = p_sealed, version = p_version, updated_at = now() WHERE user_id = p_user AND version = p_expected;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the state of user % is no longer at version %', p_user, p_expected USING ERRCODE = 'PS001';
    END IF;
END $$;

-- Counters of a user's own things (transcripts, avatars): short numbers for file names.
CREATE TABLE user_counters (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    name    text NOT NULL,
    value   bigint NOT NULL,
    PRIMARY KEY (user_id, name)
);

CREATE FUNCTION next_number(p_user bigint, p_name text) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO user_counters AS c (user_id, name, value) VALUES (p_user, p_name, 1)
    ON CONFLICT (user_id, name) DO UPDATE SET value = c.value + 1 RETURNING value
$$;

-- Groups that were told that the bot works in private.
CREATE TABLE greeted_groups (
    bot_id  bigint NOT NULL,
    chat_id bigint NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, chat_id)
);
