CREATE TABLE user_transcripts (
    id              uuid PRIMARY KEY,
    user_id         bigint NOT NULL REFERENCES users,
    number          bigint NOT NULL,
    source          text NOT NULL CHECK (source IN ('audio', 'text', 'migration')),
    language        text NOT NULL,
    duration_ms     bigint,
    transcript_data bytea NOT NULL,            -- sealed JSON: name, text, pieces with times
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, number)
);
CREATE INDEX user_transcripts_user ON user_transcripts (user_id, created_at DESC);

CREATE TABLE current_transcripts (
    user_id       bigint PRIMARY KEY REFERENCES users,
    transcript_id uuid NOT NULL REFERENCES user_transcripts ON DELETE CASCADE
);

-- A recording that was downloaded and measured; its price is fixed. Its file is a blob that expires.
CREATE TABLE recordings (
    id          uuid PRIMARY KEY,              -- the id of the job that measured it
    user_id     bigint NOT NULL REFERENCES users,
    blob        text NOT NULL,
    duration_ms bigint NOT NULL,
    price       numeric(18, 2) NOT NULL CHECK (price > 0),
    message_id  bigint,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX recordings_expire ON recordings (expires_at);

-- Files that were delivered, for /history.
CREATE TABLE user_documents (
    id            uuid PRIMARY KEY,
    user_id       bigint NOT NULL REFERENCES users,
    transcript_id uuid REFERENCES user_transcripts ON DELETE SET NULL,
    kind          text NOT NULL,
    file_name     text NOT NULL,
    blob          text,
    operation     uuid,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX user_documents_user ON user_documents (user_id, created_at DESC);

-- A blob is written and fsynced first and named here by the transaction that needs it; files without a name are swept.
CREATE TABLE blobs (
    name       text PRIMARY KEY,
    owner      bigint NOT NULL,
    bytes      bigint NOT NULL,
    expires_at timestamptz,                    -- nothing: as long as its owner
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX blobs_expire ON blobs (expires_at) WHERE expires_at IS NOT NULL;
