-- Who may come in. Unlike the log, these tables are changed in place: they hold no record of care, only the means to prove who asks. What people did
-- with them (sign-ins, failures, sign-outs) stands in the clinic's access log. Roles are not here: the record's StaffEnrolled and StaffRevoked give them.
CREATE TABLE IF NOT EXISTS dripline.accounts (
    account             uuid        NOT NULL PRIMARY KEY,
    clinic              text        NOT NULL CHECK (clinic ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    staff               text        NOT NULL CHECK (octet_length(staff) BETWEEN 1 AND 64),
    password            text,
    password_changed_at timestamptz,
    totp_secret         bytea,
    totp_pending        bytea,
    totp_last_step      bigint      NOT NULL DEFAULT 0,
    disabled_at         timestamptz,
    created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (clinic, staff),
    CHECK ((password IS NULL) = (password_changed_at IS NULL))
);
COMMENT ON TABLE dripline.accounts IS 'One row for each member of staff who may sign in, or in whose name programs do.';
COMMENT ON COLUMN dripline.accounts.password IS 'scrypt: $scrypt$ln=…,r=…,p=…$salt$hash, base64; NULL for an account of programs alone.';
COMMENT ON COLUMN dripline.accounts.totp_secret IS 'The shared secret of RFC 6238, once it was confirmed by a code.';
COMMENT ON COLUMN dripline.accounts.totp_pending IS 'A secret that has been shown and not been confirmed yet.';
COMMENT ON COLUMN dripline.accounts.totp_last_step IS 'The time step of the last code that was taken: none is taken twice.';
