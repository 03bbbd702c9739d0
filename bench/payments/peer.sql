\set user random(1, :users)
BEGIN;
INSERT INTO orders (id, user_id, provider, coins, price, currency, expires_at) VALUES (gen_random_uuid(), :user, 'stars', 100, 80, 'XTR', now() + interval '1 hour') RETURNING id AS bought \gset
COMMIT;
BEGIN;
INSERT INTO provider_events (provider, object, event) VALUES ('stars', (:bought)::text, 'paid') ON CONFLICT DO NOTHING;
SELECT user_id, coins, price FROM orders WHERE id = (:bought)::uuid AND state = 'open' FOR UPDATE;
INSERT INTO charges (provider, charge, order_id, user_id, amount, coins, bonus) VALUES ('stars', (:bought)::text, (:bought)::uuid, :user, 80, 100, 0);
INSERT INTO transactions (user_id, amount, type, operation_key, counter_account, description, balance_after) VALUES (:user, 100, 'topup', translate('topup/stars/', '/', chr(58)) || (:bought)::text, translate('provider/stars', '/', chr(58)), 'top-up', 0);
UPDATE orders SET state = 'paid', decided_at = now() WHERE id = (:bought)::uuid;
INSERT INTO notices (user_id, kind, key, data) VALUES (:user, 'credited', translate('credited/stars/', '/', chr(58)) || (:bought)::text, '{"coins": "100.00"}');
COMMIT;
