-- Whether a text is the name of a stream: kind, or kind/uuid in lower case. As cheap as it can be said: see is_well_formed.
CREATE OR REPLACE FUNCTION dripline.is_stream(in_name text) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
    SELECT in_name ~ '^[a-z][a-z0-9_]*(/[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+)?$'
        AND CASE WHEN in_name LIKE '%/%' THEN in_name LIKE '%/________-____-____-____-____________' AND octet_length(in_name) <= 69
            ELSE octet_length(in_name) <= 32 END
$$;
