-- The language that a person's recordings are in, as they said; null: it is found in each.
ALTER TABLE user_settings ADD COLUMN recording_language text CHECK (recording_language IN ('ru', 'en'));
