-- +goose Up
-- Answers kept for a key, written in the transaction of the effect.
CREATE TABLE idempotency_key (
    principal   text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status      integer,
    header      text,
    body        bytea,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

-- +goose Down
DROP TABLE idempotency_key;
