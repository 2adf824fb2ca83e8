-- Erases the payloads, salts and reasons of the events that a PayloadErased event names, in its own log. Their entries, and so every proof, stay.
--
--   in_clinic, in_log   which log
--   in_position         where the PayloadErased event stands; it was appended in this transaction
--
-- Answers how many events lost something. Raises DL004 where there is no such event, where it names an event that does not stand before it, or one
-- that tells of an erasure itself; then nothing is erased.
CREATE OR REPLACE FUNCTION dripline.erase(in_clinic text, in_log text, in_position bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    number    integer;
    named     json;
    positions bigint[];
    found     bigint;
    erased    bigint;
BEGIN
    SELECT e.log_id, e.payload -> 'positions' INTO number, named
    FROM dripline.events e JOIN dripline.logs l USING (log_id)
    WHERE l.clinic = in_clinic AND l.log = in_log AND e.position = in_position AND e.type = 'PayloadErased';
    IF named IS NULL THEN
        RAISE EXCEPTION 'erase: position % of the log holds no PayloadErased event.', in_position USING ERRCODE = 'DL004';
    END IF;
    SELECT array_agg(p) INTO positions
    FROM json_array_elements(named) AS s (stretch), generate_series((s.stretch ->> 'from')::bigint, (s.stretch ->> 'to')::bigint) AS p;
    SELECT count(*) INTO found FROM dripline.events e
    WHERE e.log_id = number AND e.position = ANY (positions) AND e.position < in_position AND e.type <> 'PayloadErased';
    IF found IS DISTINCT FROM cardinality(positions) THEN -- also where it names none
        RAISE EXCEPTION 'erase: the event at position % names events that do not stand before it, or erasures.', in_position
            USING ERRCODE = 'DL004';
    END IF;
    -- Only this lets the triggers of dripline.events bear an UPDATE, and then only one that takes away.
    PERFORM set_config('dripline.erasing', 'on', true);
    UPDATE dripline.events e SET payload = NULL, salt = NULL, override_reason = NULL
    WHERE e.log_id = number AND e.position = ANY (positions) AND e.payload IS NOT NULL;
    GET DIAGNOSTICS erased = ROW_COUNT;
    PERFORM set_config('dripline.erasing', '', true);
    RETURN erased;
END
$$;
