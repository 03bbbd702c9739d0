-- coins = sum of the user's transactions, kept so by a trigger; held = sum of the user's open holds.
CREATE TABLE user_balances (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL UNIQUE REFERENCES users,
    coins      numeric(18, 2) NOT NULL DEFAULT 0,
    held       numeric(18, 2) NOT NULL DEFAULT 0 CHECK (held >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Rows of the ledger belong to a balance. The reference is checked on a row that the same statement has just changed, where one
-- to users would lock another row for each of them.
-- Only grows. counter_account is the other side: revenue:<service>, provider:<name>, promotion, adjustment, migration.
CREATE TABLE transactions (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id         bigint NOT NULL REFERENCES user_balances (user_id),
    amount          numeric(18, 2) NOT NULL CHECK (amount <> 0),
    type            text NOT NULL CHECK (type IN ('topup', 'bonus', 'charge', 'refund', 'promo', 'adjustment', 'migration')),
    description     text NOT NULL DEFAULT '',
    operation_key   text NOT NULL UNIQUE,
    counter_account text NOT NULL,
    balance_after   numeric(18, 2) NOT NULL,
    released        numeric(18, 2) NOT NULL DEFAULT 0,  -- the hold that this charge ends; held shrinks by it
    created_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (type <> 'charge' OR amount < 0),
    CHECK (released = 0 OR (type = 'charge' AND released >= -amount)),
    CHECK (type NOT IN ('topup', 'bonus', 'promo') OR amount > 0)
);
CREATE INDEX transactions_user ON transactions (user_id, id DESC);

CREATE TABLE holds (
    operation  uuid PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES user_balances (user_id),
    price      numeric(18, 2) NOT NULL CHECK (price > 0),
    service    text NOT NULL,
    state      text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'captured', 'voided')),
    captured   numeric(18, 2) CHECK (captured > 0 AND captured <= price),
    reason     text,
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    CHECK ((state = 'captured') = (captured IS NOT NULL)),
    CHECK ((state = 'held') = (decided_at IS NULL))
);
CREATE INDEX holds_open ON holds (user_id) WHERE state = 'held';

-- The balance follows the ledger in the same statement, whoever writes the row. What is available may be below zero only as a
-- debt that a provider's refund left: no other row may make it so, or make it worse. A capture never does, it releases what
-- was set aside, so that it succeeds even when a provider took the coins back in between.
CREATE FUNCTION transactions_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free numeric;
BEGIN
    UPDATE user_balances SET coins = coins + NEW.amount, held = held - NEW.released, updated_at = now() WHERE user_id = NEW.user_id
    RETURNING coins, coins - held INTO NEW.balance_after, free;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % has no balance', NEW.user_id USING ERRCODE = 'PS014';
    END IF;
    IF free < 0 AND NEW.amount + NEW.released < 0 AND NEW.type <> 'refund' THEN
        RAISE EXCEPTION 'user % would be overdrawn', NEW.user_id USING ERRCODE = 'PS010';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transactions_move_balance BEFORE INSERT ON transactions FOR EACH ROW EXECUTE FUNCTION transactions_move_balance();

CREATE FUNCTION transactions_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'transactions only grow' USING ERRCODE = 'PS015';
END $$;
CREATE TRIGGER transactions_are_final BEFORE UPDATE OR DELETE ON transactions FOR EACH ROW EXECUTE FUNCTION transactions_are_final();
CREATE TRIGGER transactions_are_not_truncated BEFORE TRUNCATE ON transactions FOR EACH STATEMENT EXECUTE FUNCTION transactions_are_final();

-- A decided hold stays decided, and none is deleted. The condition stands in the trigger, so that a lawful change calls nothing.
CREATE FUNCTION holds_are_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'hold % is already %', OLD.operation, OLD.state USING ERRCODE = 'PS012';
END $$;
CREATE TRIGGER holds_are_decided_once BEFORE UPDATE ON holds FOR EACH ROW
    WHEN (OLD.state <> 'held' OR NEW.operation <> OLD.operation OR NEW.user_id <> OLD.user_id OR NEW.price <> OLD.price)
    EXECUTE FUNCTION holds_are_decided_once();
CREATE TRIGGER holds_are_not_deleted BEFORE DELETE ON holds FOR EACH ROW EXECUTE FUNCTION holds_are_decided_once();

-- Above zero, at most two decimals, within numeric(18,2). NaN and infinity are not.
CREATE FUNCTION is_amount(p numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p > 0 AND p < 1e16 AND scale(trim_scale(p)) <= 2, false)
$$;

-- Puts money in (or, for adjustments and provider refunds, takes it out). True when this call did it, false when the key was used.
CREATE FUNCTION wallet_post(p_user bigint, p_amount numeric, p_type text, p_key text, p_counter text, p_description text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT is_amount(abs(p_amount)) THEN
        RAISE EXCEPTION 'not an amount: %', p_amount USING ERRCODE = 'PS013';
    END IF;
    IF EXISTS (SELECT FROM transactions WHERE operation_key = p_key) THEN
        RETURN false;
    END IF;
    -- A rival with the same key waits here for the other's commit, then raises unique_violation: the savepoint of this
    -- block undoes the trigger's move of the balance together with the row.
    INSERT INTO transactions (user_id, amount, type, operation_key, counter_account, description, balance_after)
    VALUES (p_user, p_amount, p_type, p_key, p_counter, p_description, 0);
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END $$;

-- PS010: not enough coins. PS011: the operation was already used for something else. PS014: the user has no balance.
-- Repeating the same hold does nothing while it is open; PS012 once it is decided, or work would be done without pay.
CREATE FUNCTION wallet_hold(p_user bigint, p_operation uuid, p_price numeric, p_service text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    known holds;
BEGIN
    IF NOT is_amount(p_price) THEN
        RAISE EXCEPTION 'not a price: %', p_price USING ERRCODE = 'PS013';
    END IF;
    SELECT * INTO known FROM holds WHERE operation = p_operation;
    IF FOUND THEN
        IF known.user_id <> p_user OR known.price <> p_price OR known.service <> p_service THEN
            RAISE EXCEPTION 'operation % holds something else', p_operation USING ERRCODE = 'PS011';
        END IF;
        IF known.state <> 'held' THEN
            RAISE EXCEPTION 'hold % is already %', p_operation, known.state USING ERRCODE = 'PS012';
        END IF;
        RETURN;
    END IF;
    UPDATE user_balances SET held = held + p_price, updated_at = now() WHERE user_id = p_user AND coins - held >= p_price;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM user_balances WHERE user_id = p_user) THEN
            RAISE EXCEPTION 'user % has not % coins', p_user, p_price USING ERRCODE = 'PS010';
        END IF;
        RAISE EXCEPTION 'user % has no balance', p_user USING ERRCODE = 'PS014';
    END IF;
    INSERT INTO holds (operation, user_id, price, service) VALUES (p_operation, p_user, p_price, p_service) ON CONFLICT (operation) DO NOTHING;
    IF NOT FOUND THEN  -- a rival with the same operation committed since we looked: the caller's pool runs it again
        RAISE EXCEPTION 'operation % was held meanwhile', p_operation USING ERRCODE = '40001';
    END IF;
END $$;

-- Takes p_amount of the hold as a charge and releases the rest. Repeating it does nothing. PS012: the hold was voided, or
-- captured with another amount, or is smaller. PS013: not an amount. PS016: no such hold.
CREATE FUNCTION wallet_capture(p_operation uuid, p_amount numeric, p_description text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    hold holds;
BEGIN
    IF NOT is_amount(p_amount) THEN
        RAISE EXCEPTION 'not an amount: %', p_amount USING ERRCODE = 'PS013';
    END IF;
    SELECT * INTO hold FROM holds WHERE operation = p_operation FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no hold %', p_operation USING ERRCODE = 'PS016';
    END IF;
    IF hold.state = 'captured' AND hold.captured = p_amount THEN
        RETURN;
    END IF;
    IF hold.state <> 'held' OR p_amount > hold.price THEN
        RAISE EXCEPTION 'hold % is % and cannot be captured with %', p_operation, hold.state, p_amount USING ERRCODE = 'PS012';
    END IF;
    UPDATE holds SET state = 'captured', captured = p_amount, decided_at = now() WHERE operation = p_operation;
    INSERT INTO transactions (user_id, amount, released, type, operation_key, counter_account, description, balance_after)
    VALUES (hold.user_id, -p_amount, hold.price, 'charge', 'charge:' || p_operation, 'revenue:' || hold.service, p_description, 0);
END $$;

-- Releases a hold: no ledger row. True when this call or an earlier one voided it, false when it was captured.
CREATE FUNCTION wallet_void(p_operation uuid, p_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    hold holds;
BEGIN
    SELECT * INTO hold FROM holds WHERE operation = p_operation FOR UPDATE;
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    IF hold.state = 'held' THEN
        UPDATE holds SET state = 'voided', reason = p_reason, decided_at = now() WHERE operation = p_operation;
        UPDATE user_balances SET held = held - hold.price WHERE user_id = hold.user_id;
    END IF;
    RETURN hold.state <> 'captured';
END $$;

-- Gives a captured price back, once. PS012: there is nothing captured to give back.
CREATE FUNCTION wallet_refund(p_operation uuid, p_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    hold holds;
BEGIN
    SELECT * INTO hold FROM holds WHERE operation = p_operation FOR UPDATE;
    IF NOT FOUND OR hold.state <> 'captured' THEN
        RAISE EXCEPTION 'operation % has no charge', p_operation USING ERRCODE = 'PS012';
    END IF;
    RETURN wallet_post(hold.user_id, hold.captured, 'refund', 'refund:' || p_operation, 'revenue:' || hold.service, p_reason);
END $$;

-- One row per broken rule of the ledger alone; wallet_faults (0005) adds what concerns jobs.
CREATE VIEW ledger_faults AS
    SELECT 'balance is not the sum of its rows' AS fault, b.user_id, b.coins::text || ' <> ' || coalesce(t.total, 0)::text AS detail
    FROM user_balances b LEFT JOIN (SELECT user_id, sum(amount) AS total FROM transactions GROUP BY user_id) t USING (user_id)
    WHERE b.coins <> coalesce(t.total, 0)
UNION ALL
    SELECT 'held is not the sum of open holds', b.user_id, b.held::text || ' <> ' || coalesce(h.total, 0)::text
    FROM user_balances b LEFT JOIN (SELECT user_id, sum(price) AS total FROM holds WHERE state = 'held' GROUP BY user_id) h USING (user_id)
    WHERE b.held <> coalesce(h.total, 0)
UNION ALL
    SELECT 'captured hold without its charge', h.user_id, h.operation::text
    FROM holds h LEFT JOIN transactions t ON t.operation_key = 'charge:' || h.operation
    WHERE h.state = 'captured' AND (t.id IS NULL OR t.amount <> -h.captured OR t.released <> h.price OR t.user_id <> h.user_id)
UNION ALL
    SELECT 'charge without a captured hold', t.user_id, t.operation_key
    FROM transactions t LEFT JOIN holds h ON 'charge:' || h.operation = t.operation_key
    WHERE t.type = 'charge' AND (h.operation IS NULL OR h.state <> 'captured')
UNION ALL
    SELECT 'refund without its charge', t.user_id, t.operation_key
    FROM transactions t WHERE t.operation_key LIKE 'refund:%'
      AND NOT EXISTS (SELECT FROM transactions c WHERE c.operation_key = 'charge' || substr(t.operation_key, 7) AND c.amount = -t.amount)
UNION ALL
    SELECT 'overdrawn without a refund', b.user_id, b.coins::text
    FROM user_balances b WHERE b.coins < 0 AND NOT EXISTS (SELECT FROM transactions t WHERE t.user_id = b.user_id AND t.type = 'refund' AND t.amount < 0)
UNION ALL
    SELECT 'user without a balance', u.id, '' FROM users u LEFT JOIN user_balances b ON b.user_id = u.id WHERE b.id IS NULL;

-- Registration: user, settings, balance, state, data key and welcome credit, all or none, once per Telegram id however many
-- processes try. Gives the id of the user, new or known.
CREATE FUNCTION account_register(p_id bigint, p_telegram_id bigint, p_username text, p_first text, p_last text, p_language text,
    p_wrapped bytea, p_master text, p_state bytea, p_version bigint, p_welcome numeric, p_welcome_key text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    known bigint;
BEGIN
    INSERT INTO users (id, telegram_id, username, first_name, last_name, telegram_language)
    VALUES (p_id, p_telegram_id, p_username, p_first, p_last, p_language) ON CONFLICT (telegram_id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT id INTO known FROM users WHERE telegram_id = p_telegram_id;
        RETURN known;
    END IF;
    INSERT INTO data_keys (owner, wrapped, master) VALUES (p_id, p_wrapped, p_master);
    INSERT INTO user_settings (user_id) VALUES (p_id);
    INSERT INTO user_states (user_id, state_data, version) VALUES (p_id, p_state, p_version);
    INSERT INTO user_balances (user_id) VALUES (p_id);
    IF p_welcome > 0 THEN
        PERFORM wallet_post(p_id, p_welcome, 'bonus', p_welcome_key, 'promotion', 'welcome');
    END IF;
    RETURN p_id;
END $$;
