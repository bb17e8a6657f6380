-- +goose Up
-- What a user can prove to be that user with. Passwords are argon2id in PHC form; codes are kept as SHA-256; the secret of one-time
-- passwords is encrypted with a key that is not in the store.
CREATE TABLE user_credential (
    user_id           uuid PRIMARY KEY REFERENCES user_account,
    password          text COLLATE "C",
    password_set_at   timestamptz,
    code_hash         bytea CHECK (length(code_hash) = 32),
    code_expires_at   timestamptz,
    totp_secret       bytea,
    totp_confirmed_at timestamptz,
    totp_step         bigint NOT NULL DEFAULT 0,
    last_login_at     timestamptz
);

-- Codes that stand in for a one-time password, each once.
CREATE TABLE recovery_code (
    user_id uuid NOT NULL REFERENCES user_account,
    hash    bytea NOT NULL CHECK (length(hash) = 32),
    used_at timestamptz,
    PRIMARY KEY (user_id, hash)
);

-- Where a user has logged in before; strangers' failures do not count against these.
CREATE TABLE known_device (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES user_account,
    hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX known_device_user ON known_device (user_id);

-- A user who is logged in. Only the SHA-256 of the session's token is kept.
CREATE TABLE login_session (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES user_account,
    hash          bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    second_factor boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz
);
CREATE INDEX login_session_user ON login_session (user_id);

-- Attempts of the last hour, and failures in a row; a subject is a hash of what is counted, never a name or an address.
CREATE TABLE login_attempt (
    id      uuid PRIMARY KEY,
    subject text COLLATE "C" NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX login_attempt_subject ON login_attempt (subject, at);
CREATE TABLE login_failure (
    subject    text COLLATE "C" PRIMARY KEY,
    failures   integer NOT NULL,
    not_before timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE login_failure;
DROP TABLE login_attempt;
DROP TABLE login_session;
DROP TABLE known_device;
DROP TABLE recovery_code;
DROP TABLE user_credential;
