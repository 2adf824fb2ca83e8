-- Trigger on dripline.logs: a head moves forward and keeps its name. Whether it does is the trigger's own condition, so that an append does not
-- come here.
CREATE OR REPLACE FUNCTION dripline.refuse_rewind() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'A log''s head only moves forward: UPDATE on dripline.logs is refused.' USING ERRCODE = 'DL009';
END
$$;
