-- Money from outside. An order is what a person was offered; a charge is what a provider took for it; a reversal is what went back.
-- Every event of a provider is kept once and applied once, whatever the order and number of deliveries (P6, P9).

ALTER TABLE users ADD COLUMN banned_at timestamptz;  -- by the operator
CREATE INDEX transactions_at ON transactions USING brin (created_at);  -- reports read days; rows lie in the order of their time

CREATE TABLE orders (
    id         uuid PRIMARY KEY,  -- made by us before the provider hears of it: the invoice's payload, the idempotence key
    user_id    bigint NOT NULL REFERENCES user_balances (user_id),
    provider   text NOT NULL CHECK (provider IN ('stars', 'yookassa')),
    coins      numeric(18, 2) NOT NULL CHECK (coins > 0),
    bonus      numeric(18, 2) NOT NULL DEFAULT 0 CHECK (bonus >= 0),  -- by promo_use, if it still waits when this is paid
    price      bigint NOT NULL CHECK (price > 0),                     -- kopecks; Stars have nothing smaller than one
    currency   text NOT NULL CHECK (currency IN ('XTR', 'RUB')),
    promo_use  uuid REFERENCES promo_uses,
    resume     text,  -- the button that coins were missing for: the notice of the credit leads back to it
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'cancelled', 'expired')),
    remote_id  text,  -- the provider's name for it
    remote_url text,  -- where the person pays
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    decided_at timestamptz,
    UNIQUE (provider, remote_id),
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX orders_of ON orders (user_id, created_at DESC);
CREATE INDEX orders_open ON orders (expires_at) WHERE state = 'open';

CREATE TABLE provider_events (
    provider text NOT NULL,
    object   text NOT NULL,  -- a charge, a payment, a refund
    event    text NOT NULL,  -- "paid", "refunded", "payment.canceled", …
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, object, event)
);

CREATE TABLE charges (
    provider  text NOT NULL,
    charge    text NOT NULL,
    order_id  uuid NOT NULL REFERENCES orders,
    user_id   bigint NOT NULL REFERENCES user_balances (user_id),
    amount    bigint NOT NULL CHECK (amount > 0),  -- as orders.price
    coins     numeric(18, 2) NOT NULL CHECK (coins >= 0),  -- zero: a second payment that is given back by rule
    bonus     numeric(18, 2) NOT NULL CHECK (bonus >= 0),
    taken     numeric(18, 2) NOT NULL DEFAULT 0,           -- of both, by reversals
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, charge),
    CHECK (taken BETWEEN 0 AND coins + bonus)
);
CREATE INDEX charges_order ON charges (order_id);

-- May come before the charge that it gives back.
CREATE TABLE reversals (
    provider text NOT NULL,
    refund   text NOT NULL,  -- Stars name it like the charge
    charge   text NOT NULL,
    amount   bigint NOT NULL CHECK (amount > 0),
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, refund)
);
CREATE INDEX reversals_of ON reversals (provider, charge);

-- What an operator must look at. key: the fact; told once, resolved by hand or by the repair that it asks for.
CREATE TABLE money_alerts (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL UNIQUE,
    kind        text NOT NULL,
    detail      text NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz
);

CREATE FUNCTION money_alert(p_kind text, p_key text, p_detail text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO money_alerts (key, kind, detail) VALUES (p_kind || ':' || p_key, p_kind, p_detail) ON CONFLICT (key) DO NOTHING
$$;

-- True for the first of its kind.
CREATE FUNCTION provider_event(p_provider text, p_object text, p_event text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO provider_events (provider, object, event) VALUES (p_provider, p_object, p_event) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- Repeating it does nothing. Another open order of the same user that counts on the same code is cancelled: a code is spent once.
CREATE FUNCTION order_place(p_id uuid, p_user bigint, p_provider text, p_coins numeric, p_bonus numeric, p_price bigint, p_currency text, p_promo uuid,
    p_resume text, p_minutes int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_promo IS NOT NULL THEN
        -- Of two that are placed at once the later one cancels the other. Not the row's lock: a payment takes that behind its order's.
        PERFORM pg_advisory_xact_lock(hashtextextended('promo:' || p_promo, 0));
    END IF;
    IF EXISTS (SELECT FROM orders WHERE id = p_id) THEN
        RETURN;
    END IF;
    IF p_promo IS NOT NULL THEN
        UPDATE orders SET state = 'cancelled', decided_at = now() WHERE user_id = p_user AND promo_use = p_promo AND state = 'open' AND id <> p_id;
    END IF;
    INSERT INTO orders (id, user_id, provider, coins, bonus, price, currency, promo_use, resume, expires_at)
    VALUES (p_id, p_user, p_provider, p_coins, p_bonus, p_price, p_currency, p_promo, p_resume, now() + make_interval(mins => p_minutes))
    ON CONFLICT (id) DO NOTHING;
END $$;

-- An order that will not be paid. True when this call says so.
CREATE FUNCTION order_cancel(p_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders SET state = 'cancelled', decided_at = now() WHERE id = p_id AND state IN ('open', 'expired');
    RETURN FOUND;
END $$;

-- Orders that nobody paid in time. A payment that comes later is credited all the same.
CREATE FUNCTION orders_expire() RETURNS bigint LANGUAGE sql AS $$
    WITH late AS (UPDATE orders SET state = 'expired', decided_at = now() WHERE state = 'open' AND expires_at < now() RETURNING 1)
    SELECT count(*) FROM late
$$;

-- One at a time for a charge: its payment and its refund may arrive together, and each must see the other.
CREATE FUNCTION charge_lock(p_provider text, p_charge text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('charge:' || p_provider || ':' || p_charge, 0))
$$;

-- Takes back what the reversals of a charge ask for and was not taken yet, in proportion to what was paid; all of it takes the bonus
-- too. May leave a debt. The caller has the charge's lock.
CREATE FUNCTION charge_settle(p_provider text, p_charge text, p_tell boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    paid charges;
    back bigint;
    due numeric;
    part numeric;
BEGIN
    SELECT * INTO paid FROM charges WHERE provider = p_provider AND charge = p_charge;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(amount), 0) INTO back FROM reversals WHERE provider = p_provider AND charge = p_charge;
    due := round((paid.coins + paid.bonus) * least(back, paid.amount) / paid.amount, 2) - paid.taken;
    IF due <= 0 THEN
        RETURN;
    END IF;
    UPDATE charges SET taken = taken + due WHERE provider = p_provider AND charge = p_charge;
    part := least(due, greatest(paid.coins - paid.taken, 0));  -- the coins that were bought first, then what was given with them
    IF part > 0 THEN
        PERFORM wallet_post(paid.user_id, -part, 'refund', 'reversal:' || p_provider || ':' || p_charge || ':' || back, 'provider:' || p_provider, 'top-up returned');
    END IF;
    IF due - part > 0 THEN
        PERFORM wallet_post(paid.user_id, part - due, 'refund', 'reversal-bonus:' || p_provider || ':' || p_charge || ':' || back, 'promotion', 'bonus returned');
    END IF;
    IF p_tell THEN
        PERFORM notice_add(paid.user_id, 'refunded', 'refunded:' || p_provider || ':' || p_charge || ':' || back, jsonb_build_object('coins', due::text));
    END IF;
END $$;

-- Credits what a provider took, once for each charge. p_second: what becomes of a second payment of one order, 'credit' or 'refund'.
-- p_tell: the person is told by a notice. Gives
--   credited   the coins are there
--   again      this charge was credited or is to be returned already; nothing happened
--   return     a second payment that must be given back (charges_to_return): no coins
--   mismatch   the order is another's, or of another price; nothing is credited, an alert is raised once (P7)
--   unknown    there is no such order; likewise
CREATE FUNCTION payment_credit(p_provider text, p_charge text, p_order uuid, p_user bigint, p_amount bigint, p_currency text, p_second text, p_tell boolean)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bought orders;
    got numeric;
    extra numeric := 0;
    spent boolean := false;
BEGIN
    PERFORM charge_lock(p_provider, p_charge);
    PERFORM provider_event(p_provider, p_charge, 'paid');
    -- The charge itself is the mark, not the event: what was told wrong before must not stand in the way of what is right.
    IF EXISTS (SELECT FROM charges WHERE provider = p_provider AND charge = p_charge) THEN
        RETURN 'again';
    END IF;
    SELECT * INTO bought FROM orders WHERE id = p_order AND provider = p_provider FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM money_alert('unknown', p_provider || ':' || p_charge, 'paid ' || p_amount || ' ' || p_currency || ' for an order that is not ours');
        RETURN 'unknown';
    END IF;
    IF bought.user_id IS DISTINCT FROM p_user OR bought.price IS DISTINCT FROM p_amount OR bought.currency IS DISTINCT FROM p_currency THEN
        PERFORM money_alert('mismatch', p_provider || ':' || p_charge, 'order ' || p_order || ': paid ' || p_amount || ' ' || p_currency || ' by user '
            || coalesce(p_user::text, 'unknown') || ', asked ' || bought.price || ' ' || bought.currency || ' of user ' || bought.user_id);
        RETURN 'mismatch';
    END IF;
    IF bought.state = 'paid' AND p_second = 'refund' THEN
        INSERT INTO charges (provider, charge, order_id, user_id, amount, coins, bonus) VALUES (p_provider, p_charge, p_order, p_user, p_amount, 0, 0);
        RETURN 'return';
    END IF;
    IF bought.promo_use IS NOT NULL AND bought.state <> 'paid' THEN
        UPDATE promo_uses SET state = 'spent', order_id = p_order WHERE id = bought.promo_use AND user_id = p_user AND state = 'waiting';
        spent := FOUND;
    END IF;
    IF spent THEN
        extra := bought.bonus;
    ELSE  -- a code is spent once: money that came without it buys what it buys without it
        SELECT greatest(round(bought.coins * (100 - c.value) / 100, 2), 0.01) INTO got
        FROM promo_uses u JOIN promo_codes c USING (code) WHERE u.id = bought.promo_use AND c.kind = 'discount';
    END IF;
    got := coalesce(got, bought.coins);
    INSERT INTO charges (provider, charge, order_id, user_id, amount, coins, bonus) VALUES (p_provider, p_charge, p_order, p_user, p_amount, got, extra);
    PERFORM wallet_post(p_user, got, 'topup', 'topup:' || p_provider || ':' || p_charge, 'provider:' || p_provider, 'top-up');
    IF extra > 0 THEN
        PERFORM wallet_post(p_user, extra, 'bonus', 'bonus:' || p_provider || ':' || p_charge, 'promotion', 'top-up bonus');
    END IF;
    IF bought.state <> 'paid' THEN
        UPDATE orders SET state = 'paid', decided_at = now() WHERE id = p_order;
    END IF;
    IF p_tell THEN
        PERFORM notice_add(p_user, 'credited', 'credited:' || p_provider || ':' || p_charge, jsonb_build_object('coins', (got + extra)::text, 'resume', bought.resume));
    END IF;
    PERFORM charge_settle(p_provider, p_charge, p_tell);  -- its refund may have come before it
    RETURN 'credited';
END $$;

-- What a provider gave back, once for each refund, in whole or in part. True when it was new; one of a charge that we do not know is kept
-- for its coming.
CREATE FUNCTION payment_reverse(p_provider text, p_refund text, p_charge text, p_amount bigint, p_tell boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM charge_lock(p_provider, p_charge);
    IF NOT provider_event(p_provider, p_refund, 'refunded') THEN
        RETURN false;
    END IF;
    INSERT INTO reversals (provider, refund, charge, amount) VALUES (p_provider, p_refund, p_charge, p_amount);
    PERFORM charge_settle(p_provider, p_charge, p_tell);
    RETURN true;
END $$;

-- Second payments that the operator's rule gives back and that did not go back yet. One that the provider refused waits until its alert
-- is resolved.
CREATE VIEW charges_to_return AS
    SELECT provider, charge, user_id, amount, at FROM charges c
    WHERE coins = 0 AND NOT EXISTS (SELECT FROM reversals r WHERE r.provider = c.provider AND r.charge = c.charge)
      AND NOT EXISTS (SELECT FROM money_alerts a WHERE a.resolved_at IS NULL AND a.key = 'not_returned:' || c.provider || ':' || c.charge);

-- What the ledger holds for each charge: its key without the first word and, of what was taken back, without the last number.
CREATE VIEW charge_rows AS
    SELECT CASE WHEN type = 'refund' THEN regexp_replace(operation_key, '^[^:]*:(.*):[0-9]+$', '\1') ELSE substr(operation_key, strpos(operation_key, ':') + 1) END
               AS charge, user_id, type, counter_account, amount
    FROM transactions
    WHERE (type = 'topup' AND counter_account IN ('provider:stars', 'provider:yookassa'))
       OR (type = 'bonus' AND operation_key ~ '^bonus:(stars|yookassa):')
       OR (type = 'refund' AND (counter_account IN ('provider:stars', 'provider:yookassa') OR operation_key LIKE 'reversal-bonus:%'));

CREATE VIEW payment_faults AS
    SELECT 'charge of a provider without its one credit' AS fault, c.user_id, c.provider || ':' || c.charge AS detail
    FROM charges c LEFT JOIN (SELECT charge, user_id, coalesce(sum(amount) FILTER (WHERE type = 'topup'), 0) AS coins,
                                     coalesce(sum(amount) FILTER (WHERE type = 'bonus'), 0) AS bonus
                              FROM charge_rows GROUP BY charge, user_id) t ON t.charge = c.provider || ':' || c.charge AND t.user_id = c.user_id
    WHERE c.coins <> coalesce(t.coins, 0) OR c.bonus <> coalesce(t.bonus, 0)
UNION ALL
    SELECT 'row of a charge that is not there', t.user_id, t.charge
    FROM charge_rows t LEFT JOIN charges c ON c.provider || ':' || c.charge = t.charge AND c.user_id = t.user_id WHERE c.charge IS NULL
UNION ALL
    SELECT 'refund of a provider without its reversal', c.user_id, c.provider || ':' || c.charge
    FROM charges c LEFT JOIN (SELECT charge, user_id, -sum(amount) AS taken FROM charge_rows WHERE type = 'refund' GROUP BY charge, user_id) t
                       ON t.charge = c.provider || ':' || c.charge AND t.user_id = c.user_id
                   LEFT JOIN (SELECT provider, charge, sum(amount) AS back FROM reversals GROUP BY provider, charge) r
                       ON r.provider = c.provider AND r.charge = c.charge
    WHERE c.taken <> coalesce(t.taken, 0) OR c.taken <> round((c.coins + c.bonus) * least(c.amount, coalesce(r.back, 0)) / c.amount, 2)
UNION ALL
    SELECT 'promo code given without its use', t.user_id, t.operation_key
    FROM transactions t LEFT JOIN promo_uses u ON 'promo:' || u.id = t.operation_key AND u.user_id = t.user_id AND u.state = 'given'
    WHERE t.type = 'promo' AND t.operation_key LIKE 'promo:%' AND u.id IS NULL
UNION ALL
    SELECT 'promo code used without its coins', u.user_id, u.code
    FROM promo_uses u LEFT JOIN transactions t ON t.operation_key = 'promo:' || u.id WHERE u.state = 'given' AND t.id IS NULL
UNION ALL
    SELECT 'promo code used more often than counted', 0, p.code
    FROM promo_codes p LEFT JOIN (SELECT code, count(*) AS n FROM promo_uses GROUP BY code) u USING (code) WHERE p.uses <> coalesce(u.n, 0);

CREATE OR REPLACE VIEW wallet_faults AS
    SELECT fault, user_id, detail FROM ledger_faults
UNION ALL
    SELECT 'hold outlives its job', h.user_id, h.operation::text
    FROM holds h WHERE h.state = 'held' AND h.created_at < now() - interval '1 hour' AND NOT EXISTS (
        SELECT FROM jobs j WHERE j.operation = h.operation AND (j.ended_at IS NULL OR j.ended_at > now() - interval '1 hour'))
UNION ALL
    SELECT fault, user_id, detail FROM payment_faults;
