-- Avatars: a draft gathers photos, a training makes a model of them, portraits are painted from it. What is said of a person (name, gender,
-- faces) is sealed; files are blobs.
CREATE TABLE user_avatars (
    id          uuid PRIMARY KEY,
    user_id     bigint NOT NULL REFERENCES users,
    number      bigint NOT NULL,
    state       text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'training', 'ready', 'failed')),
    is_main     boolean NOT NULL DEFAULT false,
    avatar_data bytea NOT NULL,                -- sealed JSON: name, gender
    attempt     int NOT NULL DEFAULT 0,        -- trainings that were submitted: each has a hold of its own
    provider    text,                          -- who trained it
    model_data  bytea,                         -- sealed: the provider's own words for what it learnt
    reason      text,                          -- class of the last failure: "photos", "refused", "late", …
    preview     text NOT NULL DEFAULT '',      -- blob; outlives the photos
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    ready_at    timestamptz,
    UNIQUE (user_id, number),
    CHECK (NOT is_main OR state <> 'draft')
);
CREATE UNIQUE INDEX user_avatars_one_draft ON user_avatars (user_id) WHERE state = 'draft';
CREATE UNIQUE INDEX user_avatars_one_main ON user_avatars (user_id) WHERE is_main;
CREATE INDEX user_avatars_user ON user_avatars (user_id, created_at DESC);
CREATE INDEX user_avatars_preview ON user_avatars (preview) WHERE preview <> '';

CREATE TABLE avatar_photos (
    id         uuid PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users,
    avatar_id  uuid NOT NULL REFERENCES user_avatars ON DELETE CASCADE,
    position   int NOT NULL,                   -- grows; gaps stay where photos were taken out
    original   text NOT NULL,                  -- blobs: as it was sent, upright at 1024 pixels, small
    picture    text NOT NULL,
    preview    text NOT NULL,
    photo_data bytea NOT NULL,                 -- sealed JSON: how it looks from afar, how clear the face is
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (avatar_id, original),
    UNIQUE (avatar_id, position)
);
CREATE INDEX avatar_photos_original ON avatar_photos (original);
CREATE INDEX avatar_photos_picture ON avatar_photos (picture);
CREATE INDEX avatar_photos_preview ON avatar_photos (preview);

-- What the engine wants back when it paints.
CREATE TABLE avatar_files (
    avatar_id uuid NOT NULL REFERENCES user_avatars ON DELETE CASCADE,
    position  int NOT NULL,
    blob      text NOT NULL,
    PRIMARY KEY (avatar_id, position)
);
CREATE INDEX avatar_files_blob ON avatar_files (blob);

-- Pictures that were made and paid for.
CREATE TABLE user_images (
    id         uuid PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users,
    avatar_id  uuid REFERENCES user_avatars ON DELETE CASCADE,   -- nothing for an enhanced photo
    style      text NOT NULL DEFAULT '',
    aspect     text NOT NULL DEFAULT '',
    operation  uuid,
    blob       text NOT NULL,
    file_name  text NOT NULL,
    kept       boolean NOT NULL DEFAULT false,                   -- as long as its owner wants; else its blob expires
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX user_images_avatar ON user_images (avatar_id, created_at DESC);
CREATE INDEX user_images_user ON user_images (user_id, created_at DESC);
CREATE INDEX user_images_operation ON user_images (operation) WHERE operation IS NOT NULL;
CREATE INDEX user_images_blob ON user_images (blob);

-- Calls to a provider that end later than they are answered. The row is there before the call: a request whose answer was lost is known by
-- the word that its webhook carries.
CREATE TABLE portrait_requests (
    id           uuid PRIMARY KEY,             -- the job
    user_id      bigint NOT NULL REFERENCES users,
    provider     text NOT NULL,
    purpose      text NOT NULL CHECK (purpose IN ('training', 'painting')),
    state        text NOT NULL DEFAULT 'submitting' CHECK (state IN ('submitting', 'submitted', 'ended')),
    request      text,                         -- the provider's id
    told         bytea,                        -- sealed with the system's key: the body of its verified webhook
    told_status  text CHECK (told_status IN ('OK', 'ERROR')),
    late         int NOT NULL DEFAULT 0,       -- webhooks that came when all was decided
    deadline_at  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    submitted_at timestamptz,
    ended_at     timestamptz,
    UNIQUE (provider, request)
);

-- Rare events that an operator is told of: they survive every process.
CREATE TABLE event_counts (
    name  text PRIMARY KEY,
    count bigint NOT NULL DEFAULT 0,
    at    timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION event_count(p_name text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO event_counts AS e (name, count) VALUES (p_name, 1) ON CONFLICT (name) DO UPDATE SET count = e.count + 1, at = now()
$$;

-- Gives up a file that nothing names any more; the sweep removes what no row names.
CREATE OR REPLACE FUNCTION blob_release(p_user bigint, p_blob text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM blobs b WHERE b.name = p_blob AND b.owner = p_user
        AND NOT EXISTS (SELECT FROM user_documents d WHERE d.blob = p_blob) AND NOT EXISTS (SELECT FROM recordings r WHERE r.blob = p_blob)
        AND NOT EXISTS (SELECT FROM avatar_photos p WHERE p.original = p_blob) AND NOT EXISTS (SELECT FROM avatar_photos p WHERE p.picture = p_blob)
        AND NOT EXISTS (SELECT FROM avatar_photos p WHERE p.preview = p_blob) AND NOT EXISTS (SELECT FROM user_avatars a WHERE a.preview = p_blob)
        AND NOT EXISTS (SELECT FROM avatar_files f WHERE f.blob = p_blob) AND NOT EXISTS (SELECT FROM user_images i WHERE i.blob = p_blob)
$$;

-- One at a time for a user: whoever counts their avatars or changes the main one.
CREATE FUNCTION avatar_lock(p_user bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users WHERE id = p_user FOR NO KEY UPDATE;
END $$;

-- The user's draft; where there is one already nothing happens. PS040: as many avatars as one may have.
CREATE FUNCTION avatar_draft(p_user bigint, p_id uuid, p_data bytea, p_most int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM avatar_lock(p_user);
    IF EXISTS (SELECT FROM user_avatars WHERE user_id = p_user AND state = 'draft') THEN
        RETURN;
    END IF;
    IF (SELECT count(*) FROM user_avatars WHERE user_id = p_user) >= p_most THEN
        RAISE EXCEPTION 'user % has % avatars', p_user, p_most USING ERRCODE = 'PS040';
    END IF;
    INSERT INTO user_avatars (id, user_id, number, avatar_data) VALUES (p_id, p_user, next_number(p_user, 'avatar'), p_data);
END $$;

-- PS041: no such draft (any more). PS042: the same photo is there. PS043: as many as there may be.
CREATE FUNCTION avatar_photo_add(p_user bigint, p_avatar uuid, p_id uuid, p_original text, p_picture text, p_preview text, p_data bytea, p_most int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last int;
BEGIN
    PERFORM FROM user_avatars WHERE id = p_avatar AND user_id = p_user AND state = 'draft' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'avatar % is no draft of user %', p_avatar, p_user USING ERRCODE = 'PS041';
    END IF;
    IF EXISTS (SELECT FROM avatar_photos WHERE avatar_id = p_avatar AND original = p_original) THEN
        RAISE EXCEPTION 'avatar % has this photo', p_avatar USING ERRCODE = 'PS042';
    END IF;
    IF (SELECT count(*) FROM avatar_photos WHERE avatar_id = p_avatar) >= p_most THEN
        RAISE EXCEPTION 'avatar % has % photos', p_avatar, p_most USING ERRCODE = 'PS043';
    END IF;
    SELECT coalesce(max(position), 0) INTO last FROM avatar_photos WHERE avatar_id = p_avatar;
    INSERT INTO avatar_photos (id, user_id, avatar_id, position, original, picture, preview, photo_data)
        VALUES (p_id, p_user, p_avatar, last + 1, p_original, p_picture, p_preview, p_data);
    UPDATE user_avatars SET updated_at = now() WHERE id = p_avatar;
END $$;

-- The files that these rows named, given up. Called after the rows are gone.
CREATE FUNCTION blobs_release(p_user bigint, p_blobs text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blob_release(p_user, blob) FROM unnest(p_blobs) AS blob WHERE blob <> '';
END $$;

-- Twice does nothing; a photo of an avatar that is no draft stays.
CREATE FUNCTION avatar_photo_remove(p_user bigint, p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gone avatar_photos;
BEGIN
    DELETE FROM avatar_photos p USING user_avatars a
        WHERE p.id = p_id AND p.user_id = p_user AND a.id = p.avatar_id AND a.state = 'draft' RETURNING p.* INTO gone;
    IF FOUND THEN
        UPDATE user_avatars SET updated_at = now() WHERE id = gone.avatar_id;
        PERFORM blobs_release(p_user, ARRAY[gone.original, gone.picture, gone.preview]);
    END IF;
END $$;

-- From a draft or a failed avatar to a training. PS044: it is not in the attempt that was shown, or somewhere else. PS045: too few photos.
CREATE FUNCTION avatar_submit(p_user bigint, p_id uuid, p_attempt int, p_provider text, p_least int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first text;
BEGIN
    PERFORM avatar_lock(p_user);
    PERFORM FROM user_avatars WHERE id = p_id AND user_id = p_user AND state IN ('draft', 'failed') AND attempt = p_attempt FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'avatar % is not to be submitted', p_id USING ERRCODE = 'PS044';
    END IF;
    IF (SELECT count(*) FROM avatar_photos WHERE avatar_id = p_id) < p_least THEN
        RAISE EXCEPTION 'avatar % has too few photos', p_id USING ERRCODE = 'PS045';
    END IF;
    SELECT preview INTO first FROM avatar_photos WHERE avatar_id = p_id ORDER BY position LIMIT 1;
    UPDATE user_avatars SET state = 'training', attempt = attempt + 1, provider = p_provider, reason = NULL, preview = first, updated_at = now(),
        is_main = is_main OR NOT EXISTS (SELECT FROM user_avatars WHERE user_id = p_user AND is_main) WHERE id = p_id;
END $$;

-- The end of a training. PS044: the avatar is gone, or in another attempt. p_drop: only the preview stays of the photos.
CREATE FUNCTION avatar_ready(p_user bigint, p_id uuid, p_attempt int, p_model bytea, p_files text[], p_drop boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    freed text[];
BEGIN
    UPDATE user_avatars SET state = 'ready', model_data = p_model, reason = NULL, ready_at = now(), updated_at = now()
        WHERE id = p_id AND user_id = p_user AND state = 'training' AND attempt = p_attempt;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'avatar % is not in training %', p_id, p_attempt USING ERRCODE = 'PS044';
    END IF;
    INSERT INTO avatar_files (avatar_id, position, blob) SELECT p_id, position, blob FROM unnest(p_files) WITH ORDINALITY AS f (blob, position);
    IF p_drop THEN
        WITH gone AS (DELETE FROM avatar_photos WHERE avatar_id = p_id RETURNING original, picture, preview)
            SELECT array_agg(blob) INTO freed FROM gone, unnest(ARRAY[original, picture, preview]) AS blob;
        PERFORM blobs_release(p_user, freed);
    END IF;
END $$;

-- Nothing happens where the avatar is gone or in another attempt.
CREATE FUNCTION avatar_failed(p_user bigint, p_id uuid, p_attempt int, p_reason text) RETURNS void LANGUAGE sql AS $$
    UPDATE user_avatars SET state = 'failed', reason = p_reason, updated_at = now()
        WHERE id = p_id AND user_id = p_user AND state = 'training' AND attempt = p_attempt
$$;

-- Exactly one is main, whoever asks at the same time. Nothing happens for a draft.
CREATE FUNCTION avatar_make_main(p_user bigint, p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM avatar_lock(p_user);
    IF EXISTS (SELECT FROM user_avatars WHERE id = p_id AND user_id = p_user AND state <> 'draft') THEN
        UPDATE user_avatars SET is_main = false WHERE user_id = p_user AND is_main AND id <> p_id;
        UPDATE user_avatars SET is_main = true WHERE id = p_id;
    END IF;
END $$;

-- With its photos, its model and what was painted of it. If it was the main one, the newest of those left is, ready ones first.
CREATE FUNCTION avatar_delete(p_user bigint, p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    freed text[];
BEGIN
    PERFORM avatar_lock(p_user);
    PERFORM FROM user_avatars WHERE id = p_id AND user_id = p_user FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT array_agg(blob) INTO freed FROM (
        SELECT unnest(ARRAY[original, picture, preview]) AS blob FROM avatar_photos WHERE avatar_id = p_id
        UNION SELECT blob FROM avatar_files WHERE avatar_id = p_id
        UNION SELECT blob FROM user_images WHERE avatar_id = p_id
        UNION SELECT preview FROM user_avatars WHERE id = p_id) AS named;
    DELETE FROM user_documents WHERE user_id = p_user AND id IN (SELECT id FROM user_images WHERE avatar_id = p_id);
    DELETE FROM user_avatars WHERE id = p_id;
    PERFORM blobs_release(p_user, freed);
    UPDATE user_avatars SET is_main = true WHERE id = (
        SELECT id FROM user_avatars WHERE user_id = p_user AND state <> 'draft' ORDER BY (state = 'ready') DESC, created_at DESC LIMIT 1)
        AND NOT EXISTS (SELECT FROM user_avatars WHERE user_id = p_user AND is_main);
END $$;

-- Drafts that nobody touched for so long.
CREATE FUNCTION avatar_forget_drafts(p_days int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old record;
    number bigint := 0;
BEGIN
    FOR old IN SELECT user_id, id FROM user_avatars WHERE state = 'draft' AND updated_at < now() - make_interval(days => p_days) LIMIT 100 LOOP
        PERFORM avatar_delete(old.user_id, old.id);
        number := number + 1;
    END LOOP;
    RETURN number;
END $$;

-- Twice does nothing.
CREATE FUNCTION image_delete(p_user bigint, p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    freed text;
BEGIN
    DELETE FROM user_images WHERE id = p_id AND user_id = p_user RETURNING blob INTO freed;
    DELETE FROM user_documents WHERE id = p_id AND user_id = p_user;
    PERFORM blob_release(p_user, freed) WHERE freed <> '';
END $$;

-- Its blob lives as long as its owner.
CREATE FUNCTION image_keep(p_user bigint, p_id uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE blobs SET expires_at = NULL WHERE owner = p_user AND name = (SELECT blob FROM user_images WHERE id = p_id AND user_id = p_user);
    UPDATE user_images SET kept = true WHERE id = p_id AND user_id = p_user
$$;

-- The call is about to be made; a second time nothing happens.
CREATE FUNCTION portrait_submitting(p_id uuid, p_user bigint, p_provider text, p_purpose text, p_deadline timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO portrait_requests (id, user_id, provider, purpose, deadline_at) VALUES (p_id, p_user, p_provider, p_purpose, p_deadline)
    ON CONFLICT (id) DO NOTHING
$$;
CREATE FUNCTION portrait_submitted(p_id uuid, p_request text) RETURNS void LANGUAGE sql AS $$
    UPDATE portrait_requests SET state = 'submitted', request = p_request, submitted_at = now() WHERE id = p_id AND state = 'submitting'
$$;

-- A verified webhook tells the end of a request. p_id: what its address named, where that was ours; so a request is found whose id never came.
-- Gives the job to wake, and what became of it: 'told', 'before' (it is told already), 'late' (all was decided), 'foreign' (its
-- address names another), 'unknown'.
CREATE FUNCTION portrait_told(p_provider text, p_request text, p_id uuid, p_status text, p_body bytea, OUT job uuid, OUT verdict text) LANGUAGE plpgsql AS $$
DECLARE
    row portrait_requests;
BEGIN
    SELECT * INTO row FROM portrait_requests WHERE provider = p_provider
        AND (request = p_request OR (id = p_id AND request IS NULL)) ORDER BY request NULLS LAST LIMIT 1 FOR UPDATE;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    IF p_id IS NOT NULL AND row.id <> p_id THEN
        verdict := 'foreign';
        RETURN;
    END IF;
    IF row.state = 'ended' THEN
        UPDATE portrait_requests SET late = late + 1, request = coalesce(request, p_request) WHERE id = row.id;
        verdict := 'late';
        RETURN;
    END IF;
    job := row.id;
    verdict := CASE WHEN row.told IS NULL THEN 'told' ELSE 'before' END;
    IF row.told IS NULL THEN
        UPDATE portrait_requests SET told = p_body, told_status = p_status, request = p_request, state = 'submitted',
            submitted_at = coalesce(submitted_at, now()) WHERE id = row.id;
    END IF;
    UPDATE jobs SET run_at = least(run_at, now()) WHERE id = row.id AND state = 'queued';
END $$;

-- All is decided; what a provider says later is only counted. What it told is forgotten.
CREATE FUNCTION portrait_ended(p_id uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE portrait_requests SET state = 'ended', told = NULL, ended_at = now() WHERE id = p_id AND state <> 'ended'
$$;
