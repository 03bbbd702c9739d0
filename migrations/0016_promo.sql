-- Promo codes. The code is kept as it is compared: upper case, no blanks around.
CREATE TABLE promo_codes (
    code        text PRIMARY KEY CHECK (code = upper(btrim(code)) AND length(code) BETWEEN 3 AND 40),
    kind        text NOT NULL CHECK (kind IN ('amount', 'bonus', 'discount')),
    value       numeric(18, 2) NOT NULL CHECK (value > 0),  -- coins of an amount; percent of the coins (bonus) or of the price (discount)
    most_uses   bigint CHECK (most_uses > 0),               -- NULL: any number
    per_user    int NOT NULL DEFAULT 1 CHECK (per_user > 0),
    valid_from  timestamptz NOT NULL DEFAULT '-infinity',
    valid_until timestamptz NOT NULL DEFAULT 'infinity',
    active      boolean NOT NULL DEFAULT true,
    uses        bigint NOT NULL DEFAULT 0 CHECK (uses <= most_uses),
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (valid_from < valid_until),
    CHECK (kind <> 'discount' OR value <= 90),
    CHECK (kind <> 'bonus' OR value <= 500)
);

-- A use. An amount is given at once; a bonus or a discount waits for the person's next top-up and is spent by its payment.
CREATE TABLE promo_uses (
    id       uuid PRIMARY KEY,
    code     text NOT NULL REFERENCES promo_codes,
    user_id  bigint NOT NULL REFERENCES user_balances (user_id),
    state    text NOT NULL CHECK (state IN ('given', 'waiting', 'spent')),
    order_id uuid,  -- that spent it
    at       timestamptz NOT NULL DEFAULT now(),
    CHECK ((state = 'spent') = (order_id IS NOT NULL))
);
CREATE INDEX promo_uses_of ON promo_uses (code, user_id);
CREATE UNIQUE INDEX promo_uses_one_waits ON promo_uses (user_id) WHERE state = 'waiting';

-- Codes that were tried in vain: guessing is slowed down (P20).
CREATE TABLE promo_misses (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX promo_misses_of ON promo_misses (user_id, at);

-- What becomes of this code for this user: ok, unknown, inactive, invalid (not yet, not any more, or all used up), used (by this
-- user, as often as allowed), waits (another code of this user waits for a top-up).
CREATE FUNCTION promo_verdict(p_user bigint, p_code text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    promo promo_codes;
BEGIN
    SELECT * INTO promo FROM promo_codes WHERE code = upper(btrim(p_code));
    RETURN CASE
        WHEN NOT FOUND THEN 'unknown'
        WHEN (SELECT count(*) FROM promo_uses u WHERE u.code = promo.code AND u.user_id = p_user) >= promo.per_user THEN 'used'
        WHEN NOT promo.active THEN 'inactive'
        WHEN now() < promo.valid_from OR now() >= promo.valid_until OR promo.uses >= promo.most_uses THEN 'invalid'
        WHEN promo.kind <> 'amount' AND EXISTS (SELECT FROM promo_uses u WHERE u.user_id = p_user AND u.state = 'waiting') THEN 'waits'
        ELSE 'ok' END;
END $$;

-- Uses a code, once for p_use however often it is repeated. PS030: the verdict is not ok, and is the message.
CREATE FUNCTION promo_use(p_user bigint, p_code text, p_use uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    promo promo_codes;
    verdict text;
BEGIN
    SELECT * INTO promo FROM promo_codes WHERE code = upper(btrim(p_code)) FOR UPDATE;  -- one user of a code at a time
    IF EXISTS (SELECT FROM promo_uses WHERE id = p_use) THEN  -- asked behind the lock: a repeat may run beside the first
        RETURN;
    END IF;
    verdict := promo_verdict(p_user, p_code);
    IF verdict <> 'ok' THEN
        RAISE EXCEPTION '%', verdict USING ERRCODE = 'PS030';
    END IF;
    UPDATE promo_codes SET uses = uses + 1 WHERE code = promo.code;
    BEGIN
        INSERT INTO promo_uses (id, code, user_id, state) VALUES (p_use, promo.code, p_user, CASE WHEN promo.kind = 'amount' THEN 'given' ELSE 'waiting' END);
    EXCEPTION WHEN unique_violation THEN  -- another code of this user was accepted meanwhile
        RAISE EXCEPTION 'waits' USING ERRCODE = 'PS030';
    END;
    IF promo.kind = 'amount' THEN
        PERFORM wallet_post(p_user, promo.value, 'promo', 'promo:' || p_use, 'promotion', promo.code);
    END IF;
END $$;

-- D6. PS031: there is such a code. PS032: dates or values that cannot be.
CREATE FUNCTION promo_create(p_code text, p_kind text, p_value numeric, p_most bigint, p_per_user int, p_from timestamptz, p_until timestamptz, p_by text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_until <= now() THEN
        RAISE EXCEPTION 'the code % would be over before it begins', p_code USING ERRCODE = 'PS032';
    END IF;
    INSERT INTO promo_codes (code, kind, value, most_uses, per_user, valid_from, valid_until, created_by)
    VALUES (p_code, p_kind, p_value, p_most, p_per_user, coalesce(p_from, '-infinity'), coalesce(p_until, 'infinity'), p_by);
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'there is a code % already', p_code USING ERRCODE = 'PS031';
    WHEN check_violation THEN
        RAISE EXCEPTION 'such a code cannot be' USING ERRCODE = 'PS032';
END $$;
