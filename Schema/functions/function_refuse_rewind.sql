-- Trigger on dripline.logs: a head moves forward and keeps its name.
CREATE OR REPLACE FUNCTION dripline.refuse_rewind() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.clinic <> OLD.clinic OR NEW.log <> OLD.log
        OR NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at THEN
        RAISE EXCEPTION 'A log''s head only moves forward: UPDATE on dripline.logs is refused.' USING ERRCODE = 'DL009';
    END IF;
    RETURN NEW;
END
$$;
