-- The head of each log. Its row is the lock that orders a clinic's appends: held from append until commit,
-- so position order is commit order and no reader ever sees a gap. Names are checked where append makes the row: a CHECK would be read and
-- matched again at each append.
CREATE TABLE IF NOT EXISTS dripline.logs (
    log_id      integer     NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic      text        NOT NULL,
    log         text        NOT NULL,
    size        bigint      NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (clinic, log)
) WITH (fillfactor = 20); -- updated by every append: leave room on the page, so that no index is touched
COMMENT ON TABLE dripline.logs IS 'One row for each log: its last position (size) and the last recorded_at. Only dripline.append writes it.';
