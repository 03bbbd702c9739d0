-- PostgreSQL reads the text of every CHECK and of every trigger's WHEN anew for each statement that writes such a row, and asks a
-- foreign key by a query of its own: together about a third of what a hold and its capture cost. The same rules now stand in
-- triggers, whose plans are kept, and a hold moves `held` by itself as a transaction moves `coins`, whoever writes the row.

-- A balance stays: the ledger and the holds name it. This and the two triggers below are what the foreign keys said.
CREATE FUNCTION balances_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a balance stays' USING ERRCODE = 'PS015';
END $$;
CREATE TRIGGER balances_stay BEFORE DELETE OR UPDATE OF user_id ON user_balances FOR EACH ROW EXECUTE FUNCTION balances_stay();
CREATE TRIGGER balances_are_not_truncated BEFORE TRUNCATE ON user_balances FOR EACH STATEMENT EXECUTE FUNCTION balances_stay();

ALTER TABLE transactions
    DROP CONSTRAINT transactions_user_id_fkey, DROP CONSTRAINT transactions_amount_check, DROP CONSTRAINT transactions_type_check,
    DROP CONSTRAINT transactions_check, DROP CONSTRAINT transactions_check1, DROP CONSTRAINT transactions_check2;

CREATE OR REPLACE FUNCTION transactions_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free numeric;
BEGIN
    IF NEW.amount = 0 OR NEW.released < 0
       OR (CASE NEW.type WHEN 'charge' THEN NEW.amount > 0 OR (NEW.released <> 0 AND NEW.released < -NEW.amount)
            WHEN 'topup' THEN NEW.amount < 0 OR NEW.released <> 0
            WHEN 'bonus' THEN NEW.amount < 0 OR NEW.released <> 0
            WHEN 'promo' THEN NEW.amount < 0 OR NEW.released <> 0
            ELSE NEW.released <> 0 OR NEW.type NOT IN ('refund', 'adjustment', 'migration') END) THEN
        RAISE EXCEPTION 'no such transaction: % %', NEW.type, NEW.amount USING ERRCODE = 'check_violation';
    END IF;
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

ALTER TABLE holds
    DROP CONSTRAINT holds_user_id_fkey, DROP CONSTRAINT holds_price_check, DROP CONSTRAINT holds_state_check, DROP CONSTRAINT holds_check,
    DROP CONSTRAINT holds_check1, DROP CONSTRAINT holds_check2;
DROP TRIGGER holds_are_decided_once ON holds;

-- A hold begins open and sets its price aside. PS010: not enough coins. PS014: the user has no balance.
CREATE FUNCTION holds_set_aside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.price <= 0 OR NEW.state <> 'held' OR NEW.captured IS NOT NULL OR NEW.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'a hold begins open and has a price' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE user_balances SET held = held + NEW.price, updated_at = now() WHERE user_id = NEW.user_id AND coins - held >= NEW.price;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM user_balances WHERE user_id = NEW.user_id) THEN
            RAISE EXCEPTION 'user % has not % coins', NEW.user_id, NEW.price USING ERRCODE = 'PS010';
        END IF;
        RAISE EXCEPTION 'user % has no balance', NEW.user_id USING ERRCODE = 'PS014';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds_set_aside BEFORE INSERT ON holds FOR EACH ROW EXECUTE FUNCTION holds_set_aside();

-- A decided hold stays decided, and none is deleted. Voided, it gives back what it set aside; captured, the charge's row does.
CREATE OR REPLACE FUNCTION holds_are_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'held' OR NEW.operation <> OLD.operation OR NEW.user_id <> OLD.user_id OR NEW.price <> OLD.price THEN
        RAISE EXCEPTION 'hold % is already %', OLD.operation, OLD.state USING ERRCODE = 'PS012';
    END IF;
    IF NEW.decided_at IS NULL OR NOT coalesce(CASE NEW.state WHEN 'captured' THEN NEW.captured > 0 AND NEW.captured <= NEW.price
                                                              WHEN 'voided' THEN NEW.captured IS NULL END, false) THEN
        RAISE EXCEPTION 'a hold is captured or voided' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'voided' THEN
        UPDATE user_balances SET held = held - OLD.price, updated_at = now() WHERE user_id = OLD.user_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds_are_decided_once BEFORE UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION holds_are_decided_once();

-- PS010: not enough coins. PS011: the operation was already used for something else. PS014: the user has no balance.
-- Repeating the same hold does nothing while it is open; PS012 once it is decided, or work would be done without pay.
CREATE OR REPLACE FUNCTION wallet_hold(p_user bigint, p_operation uuid, p_price numeric, p_service text) RETURNS void LANGUAGE plpgsql AS $$
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
    INSERT INTO holds (operation, user_id, price, service) VALUES (p_operation, p_user, p_price, p_service) ON CONFLICT (operation) DO NOTHING;
    IF NOT FOUND THEN  -- a rival with the same operation committed since we looked: the caller's pool runs it again
        RAISE EXCEPTION 'operation % was held meanwhile', p_operation USING ERRCODE = '40001';
    END IF;
END $$;

-- Takes p_amount of the hold as a charge and releases the rest. Repeating it does nothing. PS012: the hold was voided, or
-- captured with another amount, or is smaller. PS013: not an amount. PS016: no such hold.
CREATE OR REPLACE FUNCTION wallet_capture(p_operation uuid, p_amount numeric, p_description text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    hold holds;
BEGIN
    IF NOT is_amount(p_amount) THEN
        RAISE EXCEPTION 'not an amount: %', p_amount USING ERRCODE = 'PS013';
    END IF;
    UPDATE holds SET state = 'captured', captured = p_amount, decided_at = now()
    WHERE operation = p_operation AND state = 'held' AND price >= p_amount RETURNING * INTO hold;
    IF FOUND THEN
        INSERT INTO transactions (user_id, amount, released, type, operation_key, counter_account, description, balance_after)
        VALUES (hold.user_id, -p_amount, hold.price, 'charge', 'charge:' || p_operation, 'revenue:' || hold.service, p_description, 0);
        RETURN;
    END IF;
    SELECT * INTO hold FROM holds WHERE operation = p_operation;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no hold %', p_operation USING ERRCODE = 'PS016';
    END IF;
    IF hold.state <> 'captured' OR hold.captured <> p_amount THEN
        RAISE EXCEPTION 'hold % is % and cannot be captured with %', p_operation, hold.state, p_amount USING ERRCODE = 'PS012';
    END IF;
END $$;

-- Releases a hold: no ledger row. True when this call or an earlier one voided it, false when it was captured.
CREATE OR REPLACE FUNCTION wallet_void(p_operation uuid, p_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    known text;
BEGIN
    UPDATE holds SET state = 'voided', reason = p_reason, decided_at = now() WHERE operation = p_operation AND state = 'held';
    IF FOUND THEN
        RETURN true;
    END IF;
    SELECT state INTO known FROM holds WHERE operation = p_operation;
    RETURN coalesce(known <> 'captured', true);
END $$;

CREATE DOMAIN outbox_state AS text CHECK (VALUE IN ('ready', 'sent', 'replaced', 'dead', 'uncertain'));
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check, ALTER COLUMN state TYPE outbox_state;
