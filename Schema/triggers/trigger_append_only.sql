-- ENABLE ALWAYS: they fire in every replication role too. Statement triggers, so that even a statement that touches no row is refused.
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON dripline.events
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.events ENABLE ALWAYS TRIGGER append_only;

-- An erasure is the one UPDATE that is borne: dripline.erase, and nothing but taking away.
CREATE OR REPLACE TRIGGER no_update BEFORE UPDATE ON dripline.events
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_update();
ALTER TABLE dripline.events ENABLE ALWAYS TRIGGER no_update;
CREATE OR REPLACE TRIGGER only_erasure BEFORE UPDATE ON dripline.events
    FOR EACH ROW EXECUTE FUNCTION dripline.refuse_alteration();
ALTER TABLE dripline.events ENABLE ALWAYS TRIGGER only_erasure;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dripline.commands
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.commands ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dripline.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.checkpoints ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dripline.cosignatures
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.cosignatures ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON dripline.logs
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.logs ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER only_forward BEFORE UPDATE ON dripline.logs
    FOR EACH ROW EXECUTE FUNCTION dripline.refuse_rewind();
ALTER TABLE dripline.logs ENABLE ALWAYS TRIGGER only_forward;
