-- An update that was applied; kept 48 hours (Telegram keeps an undelivered one for 24).
CREATE TABLE processed_updates (
    bot_id    bigint NOT NULL,
    update_id bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, update_id)
);
CREATE INDEX processed_updates_at ON processed_updates USING brin (at);

-- PS002: this update was applied before. PS003: an earlier update of its lane is parked and must be applied first.
-- Part of the transaction that applies it.
CREATE FUNCTION update_take(p_bot bigint, p_update bigint, p_lane bigint DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        INSERT INTO processed_updates (bot_id, update_id) VALUES (p_bot, p_update);
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION 'update % was applied before', p_update USING ERRCODE = 'PS002';
    END;
    IF EXISTS (SELECT FROM parked_updates WHERE bot_id = p_bot AND lane = p_lane AND update_id < p_update AND state = 'parked') THEN
        RAISE EXCEPTION 'an update before % is parked', p_update USING ERRCODE = 'PS003';
    END IF;
END $$;

-- Updates that failed or took too long: sealed, retried at the head of their lane, dead after five tries.
CREATE TABLE parked_updates (
    bot_id    bigint NOT NULL,
    update_id bigint NOT NULL,
    lane      bigint NOT NULL,
    body      bytea NOT NULL,
    tries     int NOT NULL DEFAULT 0,
    state     text NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'dead')),
    error     text NOT NULL DEFAULT '',
    next_try  timestamptz NOT NULL DEFAULT now(),
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, update_id)
);
CREATE INDEX parked_updates_lane ON parked_updates (bot_id, lane, update_id) WHERE state = 'parked';

-- Acknowledges an update without applying it. PS002: it was applied before.
CREATE FUNCTION update_park(p_bot bigint, p_update bigint, p_lane bigint, p_body bytea, p_error text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM update_take(p_bot, p_update);
    INSERT INTO parked_updates (bot_id, update_id, lane, body, error) VALUES (p_bot, p_update, p_lane, p_body, p_error);
END $$;

-- PS002: it was applied before. Part of the transaction that applies the parked update.
CREATE FUNCTION parked_take(p_bot bigint, p_update bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM parked_updates WHERE bot_id = p_bot AND update_id = p_update AND state = 'parked';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'update % is not parked any more', p_update USING ERRCODE = 'PS002';
    END IF;
END $$;

CREATE TABLE album_parts (
    bot_id     bigint NOT NULL,
    chat_id    bigint NOT NULL,
    album      text NOT NULL,
    message_id bigint NOT NULL,
    update_id  bigint NOT NULL,
    body       bytea NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, chat_id, album, message_id)
);

-- Closes an album. PS002: it was closed before.
CREATE FUNCTION album_take(p_bot bigint, p_chat bigint, p_album text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM album_parts WHERE bot_id = p_bot AND chat_id = p_chat AND album = p_album;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the album was closed before' USING ERRCODE = 'PS002';
    END IF;
END $$;

-- What the bot will say. body is sealed; it is emptied a day after it was sent.
CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot_id     bigint NOT NULL,
    chat_id    bigint NOT NULL,
    stream     smallint NOT NULL,              -- 0 dialogue, 1 job, 2 notice
    method     text NOT NULL,
    handle     text,                           -- names the message, so that it can be edited before its id is known
    edit       boolean NOT NULL DEFAULT false, -- edits the message of the handle
    place      uuid NOT NULL,                  -- what the sealed body is bound to; made before the insert, as the id is not
    body       bytea,
    owner      bigint NOT NULL,                -- whose data key sealed the body; 0 is the system's
    state      text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'sent', 'replaced', 'dead', 'uncertain')),
    fence      bigint NOT NULL DEFAULT 0,      -- the sender that has it; 0: nobody
    attempts   int NOT NULL DEFAULT 0,         -- calls that are known to have failed
    unsure     int NOT NULL DEFAULT 0,         -- calls of which nobody knows whether they were executed
    not_before timestamptz NOT NULL DEFAULT now(),
    message_id bigint,
    error      text,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at    timestamptz
);
CREATE INDEX outbox_ready ON outbox (bot_id, id) WHERE state = 'ready';
CREATE INDEX outbox_chat ON outbox (bot_id, chat_id, stream) WHERE state = 'ready';
CREATE INDEX outbox_done ON outbox (done_at) WHERE body IS NOT NULL AND done_at IS NOT NULL;

CREATE INDEX outbox_created ON outbox USING brin (created_at);

CREATE TABLE message_handles (
    bot_id     bigint NOT NULL,
    chat_id    bigint NOT NULL,
    handle     text NOT NULL,
    message_id bigint NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, chat_id, handle)
);
CREATE INDEX message_handles_at ON message_handles USING brin (at);

-- A chat that Telegram asked us to leave alone for a while; survives a restart. Chat 0: all of them.
CREATE TABLE chat_pauses (
    bot_id  bigint NOT NULL,
    chat_id bigint NOT NULL,
    until   timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
);
