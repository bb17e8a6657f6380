-- +goose Up
-- Answers kept for a key, written in the transaction of the effect.
CREATE TABLE idempotency_key (
    principal   TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status      INTEGER,
    header      TEXT,
    body        BLOB,
    created_at  DATETIME NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

-- +goose Down
DROP TABLE idempotency_key;
