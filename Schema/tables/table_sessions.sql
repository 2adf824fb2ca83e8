-- People who are signed in. A session that ends is marked first, so that it is over at once; its row goes when its SignedOut is in the access log.
CREATE TABLE IF NOT EXISTS dripline.sessions (
    session          uuid        NOT NULL PRIMARY KEY,
    secret           bytea       NOT NULL UNIQUE CHECK (octet_length(secret) = 32),
    account          uuid        NOT NULL REFERENCES dripline.accounts,
    method           text        NOT NULL,
    address          text,
    agent            text,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    authenticated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_used_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    end_reason       text CHECK (end_reason IN ('request', 'expired', 'revoked')),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX IF NOT EXISTS sessions_account ON dripline.sessions (account);
COMMENT ON TABLE dripline.sessions IS 'Sessions of people who signed in; the browser''s cookie holds the secret.';
COMMENT ON COLUMN dripline.sessions.secret IS 'SHA-256 of the 256 random bits that the client holds.';
COMMENT ON COLUMN dripline.sessions.authenticated_at IS 'When the password, or the identity provider, last vouched for the person.';

-- A browser in which somebody signed in before has counters of its own for wrong passwords: strangers' attempts do not keep it out.
CREATE TABLE IF NOT EXISTS dripline.devices (
    secret     bytea       NOT NULL PRIMARY KEY CHECK (octet_length(secret) = 32),
    account    uuid        NOT NULL REFERENCES dripline.accounts,
    expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS devices_account ON dripline.devices (account);
COMMENT ON TABLE dripline.devices IS 'Browsers in which an account signed in before, by SHA-256 of a cookie.';

-- Counted before a password is looked at, so that attempts made at once count too.
CREATE TABLE IF NOT EXISTS dripline.attempts (
    scope        text        NOT NULL CHECK (scope IN ('account', 'address', 'device')),
    key          bytea       NOT NULL CHECK (octet_length(key) = 32),
    failures     integer     NOT NULL,
    last_at      timestamptz NOT NULL,
    locked_until timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX IF NOT EXISTS attempts_last ON dripline.attempts (last_at);
COMMENT ON TABLE dripline.attempts IS 'Sign-ins that failed lately, by account, address and known browser; existing accounts or not.';
COMMENT ON COLUMN dripline.attempts.key IS 'SHA-256 of the account''s clinic and handle, of the address, or the browser''s.';
