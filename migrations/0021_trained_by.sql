-- A model is of use to the provider who trained it alone. It was submitted to whoever served then; the operator may have changed to
-- another while it waited, so who trained it is written when that is known.
CREATE FUNCTION avatar_trained(p_user bigint, p_id uuid, p_attempt int, p_provider text, p_model bytea, p_files text[], p_drop boolean)
    RETURNS void LANGUAGE sql AS $$
    SELECT avatar_ready(p_user, p_id, p_attempt, p_model, p_files, p_drop);
    UPDATE user_avatars SET provider = p_provider WHERE id = p_id AND user_id = p_user;
$$;
