-- The epoch is renewed by every restore: keys in Redis carry it, so that a cache from before never wins.
CREATE TABLE system_epoch (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO system_epoch DEFAULT VALUES;

-- One data key per user, wrapped by a master key; owner 0 is the system's own. Destroying a person's data is setting wrapped to NULL.
CREATE TABLE data_keys (
    owner      bigint PRIMARY KEY,
    wrapped    bytea,
    master     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- A sealed constant: opens only with the right master key.
CREATE TABLE vault_canary (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    sealed bytea NOT NULL
);

-- Who may do a thing that only one process may do (poll, send, sweep). The fence grows with every change of holder.
CREATE TABLE leases (
    name   text PRIMARY KEY,
    holder uuid NOT NULL,
    fence  bigint NOT NULL,
    until  timestamptz NOT NULL
);

-- Takes or renews; gives the fence, or nothing where another holds it.
CREATE FUNCTION lease_take(p_name text, p_holder uuid, p_seconds double precision) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO leases AS l (name, holder, fence, until) VALUES (p_name, p_holder, 1, now() + make_interval(secs => p_seconds))
    ON CONFLICT (name) DO UPDATE SET holder = p_holder, until = excluded.until,
        fence = CASE WHEN l.holder = p_holder THEN l.fence ELSE l.fence + 1 END
        WHERE l.holder = p_holder OR l.until < now()
    RETURNING fence
$$;

CREATE FUNCTION lease_release(p_name text, p_holder uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE leases SET until = '-infinity' WHERE name = p_name AND holder = p_holder
$$;
