-- +goose Up
-- Who gave a grant and on what basis, and that it was revoked: the days of a grant stay as they were given.
ALTER TABLE role_grant ADD COLUMN granted_by TEXT REFERENCES user_account;
ALTER TABLE role_grant ADD COLUMN basis TEXT;
ALTER TABLE role_grant ADD COLUMN revoked_at DATETIME;
ALTER TABLE role_grant ADD COLUMN revoked_by TEXT REFERENCES user_account;
ALTER TABLE role_grant ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE role_grant DROP COLUMN version;
ALTER TABLE role_grant DROP COLUMN revoked_by;
ALTER TABLE role_grant DROP COLUMN revoked_at;
ALTER TABLE role_grant DROP COLUMN basis;
ALTER TABLE role_grant DROP COLUMN granted_by;
