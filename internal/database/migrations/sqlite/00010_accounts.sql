-- +goose Up
-- What a user can prove to be that user with. Passwords are argon2id in PHC form; codes are kept as SHA-256; the secret of one-time
-- passwords is encrypted with a key that is not in the store.
CREATE TABLE user_credential (
    user_id           TEXT NOT NULL PRIMARY KEY REFERENCES user_account,
    password          TEXT,
    password_set_at   DATETIME,
    code_hash         BLOB CHECK (length(code_hash) = 32),
    code_expires_at   DATETIME,
    totp_secret       BLOB,
    totp_confirmed_at DATETIME,
    totp_step         INTEGER NOT NULL DEFAULT 0,
    last_login_at     DATETIME
);

-- Codes that stand in for a one-time password, each once.
CREATE TABLE recovery_code (
    user_id TEXT NOT NULL REFERENCES user_account,
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    used_at DATETIME,
    PRIMARY KEY (user_id, hash)
);

-- Where a user has logged in before; strangers' failures do not count against these.
CREATE TABLE known_device (
    id         TEXT NOT NULL PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES user_account,
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL
);
CREATE INDEX known_device_user ON known_device (user_id);

-- A user who is logged in. Only the SHA-256 of the session's token is kept.
CREATE TABLE login_session (
    id            TEXT NOT NULL PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES user_account,
    hash          BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    second_factor BOOLEAN NOT NULL,
    created_at    DATETIME NOT NULL,
    last_used_at  DATETIME NOT NULL,
    expires_at    DATETIME NOT NULL,
    ended_at      DATETIME
);
CREATE INDEX login_session_user ON login_session (user_id);

-- Attempts of the last hour, and failures in a row; a subject is a hash of what is counted, never a name or an address.
CREATE TABLE login_attempt (
    id      TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    at      DATETIME NOT NULL
);
CREATE INDEX login_attempt_subject ON login_attempt (subject, at);
CREATE TABLE login_failure (
    subject    TEXT NOT NULL PRIMARY KEY,
    failures   INTEGER NOT NULL,
    not_before DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);

-- +goose Down
DROP TABLE login_failure;
DROP TABLE login_attempt;
DROP TABLE login_session;
DROP TABLE known_device;
DROP TABLE recovery_code;
DROP TABLE user_credential;
