-- +goose Up
-- Whom an identity provider vouches for: issuer and subject name a person there, and the user is who that is here. created_by empty =
-- the installation.
CREATE TABLE user_identity (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES user_account,
    issuer     text COLLATE "C" NOT NULL,
    subject    text COLLATE "C" NOT NULL,
    created_by uuid REFERENCES user_account,
    created_at timestamptz NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX user_identity_user ON user_identity (user_id, id);

-- A login that has been sent to the identity provider and has not come back. Of its state and of the browser's cookie only the SHA-256
-- is kept. It is good once, for ten minutes.
CREATE TABLE login_exchange (
    id           uuid PRIMARY KEY,
    state_hash   bytea NOT NULL UNIQUE CHECK (length(state_hash) = 32),
    browser_hash bytea NOT NULL CHECK (length(browser_hash) = 32),
    nonce        text COLLATE "C" NOT NULL,
    verifier     text COLLATE "C" NOT NULL,
    return_to    text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX login_exchange_expiry ON login_exchange (expires_at);

-- +goose Down
DROP TABLE login_exchange;
DROP TABLE user_identity;
