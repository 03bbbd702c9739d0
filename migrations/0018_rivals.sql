-- Two callers with one id at the same time, and coins for one of them: whoever came second waited for the first's commit, found the coins
-- gone and was told PS010, although the hold or the row that it asked for was there. Asked only where coins are short, it costs the rest
-- nothing.

CREATE OR REPLACE FUNCTION holds_set_aside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.price <= 0 OR NEW.state <> 'held' OR NEW.captured IS NOT NULL OR NEW.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'a hold begins open and has a price' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE user_balances SET held = held + NEW.price, updated_at = now() WHERE user_id = NEW.user_id AND coins - held >= NEW.price;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM holds WHERE operation = NEW.operation) THEN  -- the caller's pool runs it again, and finds it
            RAISE EXCEPTION 'operation % was held meanwhile', NEW.operation USING ERRCODE = '40001';
        END IF;
        IF EXISTS (SELECT FROM user_balances WHERE user_id = NEW.user_id) THEN
            RAISE EXCEPTION 'user % has not % coins', NEW.user_id, NEW.price USING ERRCODE = 'PS010';
        END IF;
        RAISE EXCEPTION 'user % has no balance', NEW.user_id USING ERRCODE = 'PS014';
    END IF;
    RETURN NEW;
END $$;

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
        IF EXISTS (SELECT FROM transactions WHERE operation_key = NEW.operation_key) THEN  -- wallet_post answers that it is there
            RAISE EXCEPTION '% was posted meanwhile', NEW.operation_key USING ERRCODE = 'unique_violation';
        END IF;
        RAISE EXCEPTION 'user % would be overdrawn', NEW.user_id USING ERRCODE = 'PS010';
    END IF;
    RETURN NEW;
END $$;
