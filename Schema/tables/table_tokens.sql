-- Bearer tokens of programs. They act under an account, in its roles or fewer.
CREATE TABLE IF NOT EXISTS dripline.tokens (
    token        uuid        NOT NULL PRIMARY KEY,
    secret       bytea       NOT NULL UNIQUE CHECK (octet_length(secret) = 32),
    account      uuid        NOT NULL REFERENCES dripline.accounts,
    name         text        NOT NULL,
    roles        text[]      NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX IF NOT EXISTS tokens_account ON dripline.tokens (account);
COMMENT ON TABLE dripline.tokens IS 'Bearer tokens; kept after they end, so that a listing tells what there was.';
COMMENT ON COLUMN dripline.tokens.secret IS 'SHA-256 of the token.';
COMMENT ON COLUMN dripline.tokens.roles IS 'The most that the token may do; what its account may not do any more, it may not either.';

-- One-time links by which the first administrator of an installation is made.
CREATE TABLE IF NOT EXISTS dripline.setup_links (
    link       uuid        NOT NULL PRIMARY KEY,
    secret     bytea       NOT NULL UNIQUE CHECK (octet_length(secret) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    claimed_at timestamptz,
    used_at    timestamptz
);
COMMENT ON TABLE dripline.setup_links IS 'One-time links, by SHA-256 of their secret; good while no account exists.';
COMMENT ON COLUMN dripline.setup_links.claimed_at IS 'Somebody is using it at this moment; void after a minute.';
