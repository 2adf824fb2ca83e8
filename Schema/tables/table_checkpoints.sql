-- Every checkpoint that was signed (C2SP tlog-checkpoint, signed-note). Never changed; witnesses' cosignatures stand beside them.
CREATE TABLE IF NOT EXISTS dripline.checkpoints (
    log_id    integer     NOT NULL REFERENCES dripline.logs,
    size      bigint      NOT NULL CHECK (size >= 0),
    root      bytea       NOT NULL CHECK (octet_length(root) = 32),
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log_id, size)
);
COMMENT ON TABLE dripline.checkpoints IS 'The signed states of each log: how many events, and the root of their tree.';

CREATE TABLE IF NOT EXISTS dripline.cosignatures (
    log_id      integer     NOT NULL,
    size        bigint      NOT NULL,
    witness     text        NOT NULL,
    line        text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log_id, size, witness),
    FOREIGN KEY (log_id, size) REFERENCES dripline.checkpoints
);
COMMENT ON TABLE dripline.cosignatures IS 'Signature lines of witnesses (C2SP tlog-cosignature): each says that the checkpoint only grew from the one before.';
