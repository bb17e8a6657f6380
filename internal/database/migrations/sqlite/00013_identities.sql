-- +goose Up
-- Whom an identity provider vouches for: issuer and subject name a person there, and the user is who that is here. created_by empty =
-- the installation.
CREATE TABLE user_identity (
    id         TEXT NOT NULL PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES user_account,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    created_by TEXT REFERENCES user_account,
    created_at DATETIME NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX user_identity_user ON user_identity (user_id, id);

-- A login that has been sent to the identity provider and has not come back. Of its state and of the browser's cookie only the SHA-256
-- is kept. It is good once, for ten minutes.
CREATE TABLE login_exchange (
    id           TEXT NOT NULL PRIMARY KEY,
    state_hash   BLOB NOT NULL UNIQUE CHECK (length(state_hash) = 32),
    browser_hash BLOB NOT NULL CHECK (length(browser_hash) = 32),
    nonce        TEXT NOT NULL,
    verifier     TEXT NOT NULL,
    return_to    TEXT NOT NULL,
    created_at   DATETIME NOT NULL,
    expires_at   DATETIME NOT NULL,
    used_at      DATETIME
);
CREATE INDEX login_exchange_expiry ON login_exchange (expires_at);

-- +goose Down
DROP TABLE login_exchange;
DROP TABLE user_identity;
