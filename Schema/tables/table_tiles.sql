-- The tiles of each log's Merkle tree (C2SP tlog-tiles): hashes of 32 bytes side by side, 256 in a full tile. A tile grows until it is full.
CREATE TABLE IF NOT EXISTS dripline.tiles (
    log_id integer  NOT NULL REFERENCES dripline.logs,
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    number bigint   NOT NULL CHECK (number >= 0),
    hashes bytea    NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    PRIMARY KEY (log_id, level, number)
);
-- Hashes do not compress.
ALTER TABLE dripline.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE dripline.tiles IS 'Tree hashes of the sealed part of each log; derived from the entries, and checked against them by verify.';
COMMENT ON COLUMN dripline.tiles.level IS 'Hash i of tile n at level l is that of the subtree over leaves [(n*256+i)*256^l, (n*256+i+1)*256^l).';
