-- From 2 to 3: what dripline.append checks once and verify finds is no constraint any more, because each cost every append (see table_events).
ALTER TABLE dripline.events
    DROP CONSTRAINT IF EXISTS events_log_id_fkey,
    DROP CONSTRAINT IF EXISTS events_position_check,
    DROP CONSTRAINT IF EXISTS events_version_check,
    DROP CONSTRAINT IF EXISTS events_payload_digest_check,
    DROP CONSTRAINT IF EXISTS events_leaf_check,
    DROP CONSTRAINT IF EXISTS events_entry_check,
    DROP CONSTRAINT IF EXISTS events_salt_check,
    DROP CONSTRAINT IF EXISTS events_v_check,
    DROP CONSTRAINT IF EXISTS events_check;
ALTER TABLE dripline.commands DROP CONSTRAINT IF EXISTS commands_log_id_fkey, DROP CONSTRAINT IF EXISTS commands_events_check;
ALTER TABLE dripline.logs
    DROP CONSTRAINT IF EXISTS logs_clinic_check, DROP CONSTRAINT IF EXISTS logs_log_check, DROP CONSTRAINT IF EXISTS logs_size_check;
