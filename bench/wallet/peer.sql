\set user random(1, 1000)
BEGIN;
SELECT coins - held AS available FROM user_balances WHERE user_id = :user FOR UPDATE;
INSERT INTO holds (operation, user_id, price, service) VALUES (gen_random_uuid(), :user, 5.00, 'bench') RETURNING operation \gset
COMMIT;
BEGIN;
SELECT user_id, price FROM holds WHERE operation = (:operation)::uuid AND state = 'held' FOR UPDATE;
UPDATE holds SET state = 'captured', captured = 5.00, decided_at = now() WHERE operation = (:operation)::uuid;
INSERT INTO transactions (user_id, amount, released, type, operation_key, counter_account, description, balance_after) VALUES (:user, -5.00, 5.00, 'charge', 'charge:' || (:operation)::text, 'revenue-bench', 'bench', 0);
COMMIT;
