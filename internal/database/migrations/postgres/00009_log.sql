-- +goose Up
-- The transparency log. Leaves are numbered from 0 in the order of their commits; content is exactly what was hashed.
CREATE TABLE log_leaf (
    number      bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    content     bytea NOT NULL
);
CREATE TRIGGER log_leaf_immutable BEFORE UPDATE OR DELETE ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_leaf_kept BEFORE TRUNCATE ON log_leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The nodes of the Merkle tree over the leaves, at the positions of golang.org/x/mod/sumdb/tlog.
CREATE TABLE log_hash (
    position bigint PRIMARY KEY,
    hash     bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE TRIGGER log_hash_immutable BEFORE UPDATE OR DELETE ON log_hash FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_hash_kept BEFORE TRUNCATE ON log_hash FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the log says last about each record: the salted commitment to its rows and the leaf that holds it.
-- A record that is gone has neither salt nor commitment.
CREATE TABLE log_seal (
    kind        text COLLATE "C" NOT NULL,
    object_id   text COLLATE "C" NOT NULL,
    salt        bytea CHECK (length(salt) = 32),
    commitment  bytea CHECK (length(commitment) = 32),
    leaf_number bigint NOT NULL,
    PRIMARY KEY (kind, object_id)
);

-- Signed notes about the tree.
CREATE TABLE log_checkpoint (
    size       bigint NOT NULL,
    key_name   text COLLATE "C" NOT NULL,
    note       text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (size, key_name)
);
CREATE TRIGGER log_checkpoint_immutable BEFORE UPDATE OR DELETE ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoint_kept BEFORE TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How many leaves there are; locked last and held to commit.
CREATE TABLE log_head (
    id          integer PRIMARY KEY CHECK (id = 1),
    size        bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);
INSERT INTO log_head (id, size, recorded_at) VALUES (1, 0, '1970-01-01 00:00:00+00:00');

-- +goose Down
DROP TABLE log_head;
DROP TABLE log_checkpoint;
DROP TABLE log_seal;
DROP TABLE log_hash;
DROP TABLE log_leaf;
