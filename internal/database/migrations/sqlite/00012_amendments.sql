-- +goose Up
-- A change of an accepted record that was asked for. content is the record as it would be, in canonical bytes; codes are the senders'
-- keys of its resolutions and tasks, which are no part of a record. requested_by empty = the installation.
CREATE TABLE amendment (
    id              TEXT NOT NULL PRIMARY KEY,
    meeting_id      TEXT NOT NULL REFERENCES meeting,
    base_version    INTEGER NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('requested','confirmed','rejected','withdrawn')),
    reason_code     TEXT NOT NULL CHECK (reason_code IN ('clerical_error','missing_fact','wrong_roll','wrong_person','other')),
    explanation     TEXT NOT NULL,
    basis_number    TEXT NOT NULL,
    basis_date      TEXT NOT NULL,
    content         BLOB NOT NULL,
    codes           TEXT NOT NULL,
    requested_by    TEXT REFERENCES user_account,
    requested_at    DATETIME NOT NULL,
    decided_by      TEXT REFERENCES user_account,
    decided_at      DATETIME,
    decision_reason TEXT,
    CHECK ((status = 'requested') = (decided_at IS NULL))
);
CREATE INDEX amendment_meeting ON amendment (meeting_id, requested_at, id);
CREATE UNIQUE INDEX amendment_open ON amendment (meeting_id) WHERE status = 'requested';

-- A decision to erase, on legal grounds, what is kept about a member, or the texts of one record version. It counts once a second
-- person has confirmed it.
CREATE TABLE erasure (
    id             TEXT NOT NULL PRIMARY KEY,
    status         TEXT NOT NULL CHECK (status IN ('requested','confirmed')),
    member_id      TEXT REFERENCES member,
    meeting_id     TEXT REFERENCES meeting,
    version_number INTEGER,
    organization_id TEXT REFERENCES organization,
    legal_basis    TEXT NOT NULL,
    explanation    TEXT NOT NULL,
    basis_number   TEXT NOT NULL,
    basis_date     TEXT NOT NULL,
    pseudonym      TEXT,
    requested_by   TEXT REFERENCES user_account,
    requested_at   DATETIME NOT NULL,
    confirmed_by   TEXT REFERENCES user_account,
    confirmed_at   DATETIME,
    version        INTEGER NOT NULL DEFAULT 1,
    CHECK ((member_id IS NULL) = (meeting_id IS NOT NULL)),
    CHECK ((meeting_id IS NULL) = (version_number IS NULL)),
    CHECK ((status = 'confirmed') = (confirmed_at IS NOT NULL)),
    CHECK (requested_by IS NULL OR confirmed_by IS NULL OR requested_by <> confirmed_by),
    FOREIGN KEY (meeting_id, version_number) REFERENCES record_version (meeting_id, number)
);
CREATE INDEX erasure_organization ON erasure (organization_id);
CREATE UNIQUE INDEX erasure_member ON erasure (member_id) WHERE status = 'requested' AND member_id IS NOT NULL;
CREATE UNIQUE INDEX erasure_version ON erasure (meeting_id, version_number) WHERE status = 'requested' AND meeting_id IS NOT NULL;

-- A decision that was taken stays as it is.
-- +goose StatementBegin
CREATE TRIGGER erasure_no_update BEFORE UPDATE ON erasure WHEN OLD.status = 'confirmed'
BEGIN
    SELECT RAISE(ABORT, 'rows of erasure are never changed once confirmed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
BEGIN
    SELECT RAISE(ABORT, 'rows of erasure are never removed');
END;
-- +goose StatementEnd

ALTER TABLE member ADD COLUMN erasure_id TEXT REFERENCES erasure;

-- What made the version: an amendment, or none where it was submitted; and what erased texts of it, last.
ALTER TABLE record_version ADD COLUMN amendment_id TEXT REFERENCES amendment;
ALTER TABLE record_version ADD COLUMN erasure_id TEXT REFERENCES erasure;

-- The one change of a version there is: its bytes give way to a tombstone that names a confirmed erasure which has not yet touched it.
DROP TRIGGER record_version_no_update;
-- +goose StatementBegin
CREATE TRIGGER record_version_no_update BEFORE UPDATE ON record_version
WHEN NOT coalesce(
    NEW.meeting_id = OLD.meeting_id AND NEW.number = OLD.number AND NEW.submitted_by IS OLD.submitted_by
    AND NEW.recorded_at = OLD.recorded_at AND NEW.amendment_id IS OLD.amendment_id AND NEW.erasure_id IS NOT OLD.erasure_id
    AND json_extract(CAST(NEW.content AS TEXT), '$.format') = 'sochibo/erased/1'
    AND json_extract(CAST(NEW.content AS TEXT), '$.meeting_id') = NEW.meeting_id
    AND json_extract(CAST(NEW.content AS TEXT), '$.number') = NEW.number
    AND json_extract(CAST(NEW.content AS TEXT), '$.erasure_id') = NEW.erasure_id
    AND EXISTS (SELECT 1 FROM erasure e WHERE e.id = NEW.erasure_id AND e.status = 'confirmed'
        AND (e.member_id IS NOT NULL OR e.meeting_id = NEW.meeting_id AND e.version_number = NEW.number)), FALSE)
BEGIN
    SELECT RAISE(ABORT, 'rows of record_version are never changed or removed');
END;
-- +goose StatementEnd

-- SQLite cannot widen a CHECK: the table is written anew with the acts of amendments.
ALTER TABLE meeting_event RENAME TO meeting_event_before;
DROP INDEX meeting_event_meeting;
CREATE TABLE meeting_event (
    id             TEXT NOT NULL PRIMARY KEY,
    meeting_id     TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    act            TEXT NOT NULL CHECK (act IN ('submitted','withdrawn','returned','accepted','cancelled','postponed',
                       'amendment_requested','amended','amendment_rejected','amendment_withdrawn')),
    version_number INTEGER,
    user_id        TEXT REFERENCES user_account,
    reason         TEXT,
    recorded_at    DATETIME NOT NULL
);
INSERT INTO meeting_event (id, meeting_id, act, version_number, user_id, reason, recorded_at)
    SELECT id, meeting_id, act, version_number, user_id, reason, recorded_at FROM meeting_event_before;
DROP TABLE meeting_event_before;
CREATE INDEX meeting_event_meeting ON meeting_event (meeting_id, id);

-- +goose Down
DELETE FROM meeting_event WHERE act IN ('amendment_requested','amended','amendment_rejected','amendment_withdrawn');
ALTER TABLE meeting_event RENAME TO meeting_event_before;
DROP INDEX meeting_event_meeting;
CREATE TABLE meeting_event (
    id             TEXT NOT NULL PRIMARY KEY,
    meeting_id     TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    act            TEXT NOT NULL CHECK (act IN ('submitted','withdrawn','returned','accepted','cancelled','postponed')),
    version_number INTEGER,
    user_id        TEXT REFERENCES user_account,
    reason         TEXT,
    recorded_at    DATETIME NOT NULL
);
INSERT INTO meeting_event (id, meeting_id, act, version_number, user_id, reason, recorded_at)
    SELECT id, meeting_id, act, version_number, user_id, reason, recorded_at FROM meeting_event_before;
DROP TABLE meeting_event_before;
CREATE INDEX meeting_event_meeting ON meeting_event (meeting_id, id);
DROP TRIGGER record_version_no_update;
ALTER TABLE record_version DROP COLUMN erasure_id;
ALTER TABLE record_version DROP COLUMN amendment_id;
ALTER TABLE member DROP COLUMN erasure_id;
-- +goose StatementBegin
CREATE TRIGGER record_version_no_update BEFORE UPDATE ON record_version
BEGIN
    SELECT RAISE(ABORT, 'rows of record_version are never changed or removed');
END;
-- +goose StatementEnd
DROP TABLE erasure;
DROP TABLE amendment;
