-- Every command that was taken in, so that a repeated one answers with its first result.
CREATE TABLE IF NOT EXISTS dripline.commands (
    log_id         integer NOT NULL,
    command        uuid    NOT NULL,
    first_position bigint  NOT NULL,
    events         integer NOT NULL,
    PRIMARY KEY (log_id, command)
);
COMMENT ON TABLE dripline.commands IS 'Idempotency: the positions that each command''s events were given.';
