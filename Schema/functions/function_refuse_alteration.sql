-- Trigger on dripline.events, for each row: an UPDATE takes payload, salt and the reason of an override away, and touches nothing else.
CREATE OR REPLACE FUNCTION dripline.refuse_alteration() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rest dripline.events := OLD;
BEGIN
    rest.payload := NULL;
    rest.salt := NULL;
    rest.override_reason := NULL;
    -- Compared as text: json has no equality.
    IF NEW::text <> rest::text THEN
        RAISE EXCEPTION 'The log is append-only: UPDATE on dripline.events is refused, but for an erasure.'
            USING ERRCODE = 'DL009', HINT = 'Record an EventAmended or EventVoided instead.';
    END IF;
    RETURN NEW;
END
$$;
