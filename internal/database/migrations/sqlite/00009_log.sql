-- +goose Up
-- The transparency log. Leaves are numbered from 0 in the order of their commits; content is exactly what was hashed.
CREATE TABLE log_leaf (
    number      INTEGER NOT NULL PRIMARY KEY,
    recorded_at DATETIME NOT NULL,
    content     BLOB NOT NULL
);
-- +goose StatementBegin
CREATE TRIGGER log_leaf_no_update BEFORE UPDATE ON log_leaf
BEGIN
    SELECT RAISE(ABORT, 'rows of log_leaf are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_leaf_no_delete BEFORE DELETE ON log_leaf
BEGIN
    SELECT RAISE(ABORT, 'rows of log_leaf are never changed or removed');
END;
-- +goose StatementEnd

-- The nodes of the Merkle tree over the leaves, at the positions of golang.org/x/mod/sumdb/tlog.
CREATE TABLE log_hash (
    position INTEGER NOT NULL PRIMARY KEY,
    hash     BLOB NOT NULL CHECK (length(hash) = 32)
);
-- +goose StatementBegin
CREATE TRIGGER log_hash_no_update BEFORE UPDATE ON log_hash
BEGIN
    SELECT RAISE(ABORT, 'rows of log_hash are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_hash_no_delete BEFORE DELETE ON log_hash
BEGIN
    SELECT RAISE(ABORT, 'rows of log_hash are never changed or removed');
END;
-- +goose StatementEnd

-- What the log says last about each record: the salted commitment to its rows and the leaf that holds it.
-- A record that is gone has neither salt nor commitment.
CREATE TABLE log_seal (
    kind        TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    salt        BLOB CHECK (length(salt) = 32),
    commitment  BLOB CHECK (length(commitment) = 32),
    leaf_number INTEGER NOT NULL,
    PRIMARY KEY (kind, object_id)
);

-- Signed notes about the tree.
CREATE TABLE log_checkpoint (
    size       INTEGER NOT NULL,
    key_name   TEXT NOT NULL,
    note       TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (size, key_name)
);
-- +goose StatementBegin
CREATE TRIGGER log_checkpoint_no_update BEFORE UPDATE ON log_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'rows of log_checkpoint are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_checkpoint_no_delete BEFORE DELETE ON log_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'rows of log_checkpoint are never changed or removed');
END;
-- +goose StatementEnd

-- How many leaves there are; locked last and held to commit.
CREATE TABLE log_head (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    size        INTEGER NOT NULL,
    recorded_at DATETIME NOT NULL
);
INSERT INTO log_head (id, size, recorded_at) VALUES (1, 0, '1970-01-01 00:00:00+00:00');

-- +goose Down
DROP TABLE log_head;
DROP TABLE log_checkpoint;
DROP TABLE log_seal;
DROP TABLE log_hash;
DROP TABLE log_leaf;
