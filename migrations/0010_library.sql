-- The library: transcripts under names of their own, found by their words, deleted with everything that was made of them.
ALTER TABLE user_transcripts
    ADD COLUMN name_data  bytea,               -- sealed; nothing: it goes by the name of its file
    ADD COLUMN words_data bytea;               -- sealed: the stems of its words (docs/adr/0023-search.md); nothing: a release before this one wrote it
-- Sealed bytes do not compress: do not try.
ALTER TABLE user_transcripts ALTER COLUMN words_data SET STORAGE EXTERNAL;
CREATE INDEX user_documents_transcript ON user_documents (transcript_id, created_at);
CREATE INDEX user_documents_blob ON user_documents (blob) WHERE blob <> '';
CREATE INDEX recordings_blob ON recordings (blob);

-- Gives up a file that no document and no recording names any more; the sweep removes what no row names.
CREATE FUNCTION blob_release(p_user bigint, p_blob text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM blobs b WHERE b.name = p_blob AND b.owner = p_user
        AND NOT EXISTS (SELECT FROM user_documents d WHERE d.blob = p_blob) AND NOT EXISTS (SELECT FROM recordings r WHERE r.blob = p_blob)
$$;

-- A transcript with its documents and their files. If it was the current one, the newest of those left is current. Twice does nothing;
-- the ledger is not touched.
CREATE FUNCTION transcript_delete(p_user bigint, p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    freed text[];
BEGIN
    -- A document that is being added holds a share of this row: after the lock it is seen and goes too.
    PERFORM FROM user_transcripts WHERE id = p_id AND user_id = p_user FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH gone AS (DELETE FROM user_documents WHERE transcript_id = p_id RETURNING blob)
    SELECT array_agg(blob) INTO freed FROM gone WHERE blob <> '';
    DELETE FROM user_transcripts WHERE id = p_id;
    PERFORM blob_release(p_user, blob) FROM unnest(freed) AS blob;
    INSERT INTO current_transcripts (user_id, transcript_id)
        SELECT p_user, id FROM user_transcripts WHERE user_id = p_user ORDER BY created_at DESC, number DESC LIMIT 1
        ON CONFLICT (user_id) DO NOTHING;
END $$;

CREATE FUNCTION document_delete(p_user bigint, p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    freed text;
BEGIN
    DELETE FROM user_documents WHERE id = p_id AND user_id = p_user RETURNING blob INTO freed;
    PERFORM blob_release(p_user, freed) WHERE freed <> '';
END $$;
