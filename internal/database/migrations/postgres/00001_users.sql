-- +goose Up
CREATE TABLE user_account (
    id          uuid PRIMARY KEY,
    name        text COLLATE "C" NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    full_name   text NOT NULL,
    disabled_at timestamptz,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

-- +goose Down
DROP TABLE user_account;
