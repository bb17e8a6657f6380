-- +goose Up
-- Who read data of persons in a privileged role: ids and the route, no names and no query. day is that of recorded_at in the
-- installation's zone; sha256 is of the row's canonical bytes.
CREATE TABLE access_entry (
    id              TEXT NOT NULL PRIMARY KEY,
    day             TEXT NOT NULL,
    recorded_at     DATETIME NOT NULL,
    user_id         TEXT NOT NULL REFERENCES user_account,
    token_id        TEXT,
    session_id      TEXT,
    request_id      TEXT NOT NULL,
    method          TEXT NOT NULL,
    route           TEXT NOT NULL,
    organization_id TEXT,
    member_id       TEXT,
    meeting_id      TEXT,
    object_id       TEXT,
    row_count       INTEGER,
    sha256          BLOB NOT NULL CHECK (length(sha256) = 32)
);
CREATE INDEX access_entry_day ON access_entry (day, id);
CREATE INDEX access_entry_member ON access_entry (member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX access_entry_user ON access_entry (user_id, id);

-- The digest of an ended day's accesses, to which a leaf commits. The rows go after 24 months, the digest stays.
CREATE TABLE access_day (
    day        TEXT NOT NULL PRIMARY KEY,
    format     TEXT NOT NULL,
    row_count  INTEGER NOT NULL,
    sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
    created_at DATETIME NOT NULL,
    pruned_at  DATETIME
);

-- Accesses of a day that has its digest are complete; they are never changed, and removed only once the day says that they were.
-- +goose StatementBegin
CREATE TRIGGER access_entry_closed BEFORE INSERT ON access_entry WHEN EXISTS (SELECT 1 FROM access_day d WHERE d.day = NEW.day)
BEGIN
    SELECT RAISE(ABORT, 'the day of the access is closed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER access_entry_no_update BEFORE UPDATE ON access_entry
BEGIN
    SELECT RAISE(ABORT, 'rows of access_entry are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER access_entry_no_delete BEFORE DELETE ON access_entry
WHEN NOT EXISTS (SELECT 1 FROM access_day d WHERE d.day = OLD.day AND d.pruned_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'rows of access_entry are never changed or removed');
END;
-- +goose StatementEnd

-- The one change of a digest there is: it says, after 24 months, that its rows were removed.
-- +goose StatementBegin
CREATE TRIGGER access_day_no_update BEFORE UPDATE ON access_day
WHEN NOT coalesce(
    NEW.day = OLD.day AND NEW.format = OLD.format AND NEW.row_count = OLD.row_count AND NEW.sha256 = OLD.sha256
    AND NEW.created_at = OLD.created_at AND OLD.pruned_at IS NULL AND NEW.pruned_at >= date(OLD.day, '+24 months'), FALSE)
BEGIN
    SELECT RAISE(ABORT, 'rows of access_day are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER access_day_no_delete BEFORE DELETE ON access_day
BEGIN
    SELECT RAISE(ABORT, 'rows of access_day are never changed or removed');
END;
-- +goose StatementEnd

-- The keys of the log that took the place of others. note names both, and both have signed it; leaf_number is the leaf that tells.
CREATE TABLE log_rotation (
    public_key  TEXT NOT NULL PRIMARY KEY,
    leaf_number INTEGER NOT NULL UNIQUE,
    note        TEXT NOT NULL,
    created_at  DATETIME NOT NULL
);
-- +goose StatementBegin
CREATE TRIGGER log_rotation_no_update BEFORE UPDATE ON log_rotation
BEGIN
    SELECT RAISE(ABORT, 'rows of log_rotation are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_rotation_no_delete BEFORE DELETE ON log_rotation
BEGIN
    SELECT RAISE(ABORT, 'rows of log_rotation are never changed or removed');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE log_rotation;
DROP TABLE access_entry;
DROP TABLE access_day;
