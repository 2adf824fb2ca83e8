-- Tells every process that credentials have changed: what it keeps of them is no good any more.
CREATE OR REPLACE FUNCTION dripline.tell_credentials() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('dripline_credentials', '');
    RETURN NULL;
END
$$;
