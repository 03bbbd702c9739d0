-- What a person is told without having asked: written with the fact it tells, sent once, when the person may be disturbed.
CREATE TABLE notices (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('credited', 'refunded', 'low')),
    key        text NOT NULL UNIQUE,           -- of the fact: it is told once
    data       jsonb NOT NULL DEFAULT '{}',    -- amounts as text; nothing that a person wrote
    created_at timestamptz NOT NULL DEFAULT now(),
    not_before timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    outcome    text CHECK (outcome IN ('told', 'muted')),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX notices_due ON notices (not_before) WHERE ended_at IS NULL;

CREATE FUNCTION notice_add(p_user bigint, p_kind text, p_key text, p_data jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO notices (user_id, kind, key, data) VALUES (p_user, p_kind, p_key, p_data) ON CONFLICT (key) DO NOTHING
$$;

-- Ends a notice, in the transaction that says it. PS002: it was ended before.
CREATE FUNCTION notice_end(p_id bigint, p_outcome text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notices SET ended_at = now(), outcome = p_outcome WHERE id = p_id AND ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'notice % was told before', p_id USING ERRCODE = 'PS002';
    END IF;
END $$;

-- C6: a charge that takes the balance from the threshold or above to below it is told; the next one only when the balance has been
-- above again, since only then a charge can cross it. Part of the transaction of the charge; nothing for an operation without one.
CREATE FUNCTION notice_low(p_operation uuid, p_threshold numeric) RETURNS void LANGUAGE sql AS $$
    INSERT INTO notices (user_id, kind, key, data)
    SELECT user_id, 'low', 'low:' || p_operation, jsonb_build_object('balance', balance_after::text)
    FROM transactions WHERE operation_key = 'charge:' || p_operation AND balance_after < p_threshold AND balance_after - amount >= p_threshold
    ON CONFLICT (key) DO NOTHING
$$;
