-- From 1 to 2: each event says which version of its type it is written in. What was recorded until now is of version 1, as its entry says.
ALTER TABLE dripline.events ADD COLUMN v smallint NOT NULL DEFAULT 1 CHECK (v > 0);

-- They take one argument more now: a function of the same name with other arguments would stand beside them.
DROP FUNCTION dripline.append(
    text, text, uuid[], text[], timestamptz[], integer[], text[], bigint[], integer[], uuid[], text[], text[], timestamptz[], text[],
    text[], text[], bytea[], bytea[], text[], bytea[]);
DROP FUNCTION dripline.check_append(
    uuid[], text[], timestamptz[], integer[], text[], bigint[], integer[], uuid[], text[], text[], timestamptz[], text[],
    text[], text[], bytea[], bytea[], text[], bytea[]);
