-- That a credential was used changes nothing of what it is good for.
CREATE OR REPLACE TRIGGER tell_credentials
    AFTER UPDATE OF ended_at, expires_at, secret, account, authenticated_at OR DELETE OR TRUNCATE ON dripline.sessions
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.tell_credentials();
CREATE OR REPLACE TRIGGER tell_credentials
    AFTER UPDATE OF revoked_at, expires_at, secret, account, roles OR DELETE OR TRUNCATE ON dripline.tokens
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.tell_credentials();
CREATE OR REPLACE TRIGGER tell_credentials
    AFTER UPDATE OF disabled_at, clinic, staff OR DELETE OR TRUNCATE ON dripline.accounts
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.tell_credentials();
