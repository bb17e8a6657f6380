-- +goose Up
-- When the user last proved again to be the one who acts in the session; opening it was the first proof.
ALTER TABLE login_session ADD COLUMN confirmed_at DATETIME;

-- An erasure that waits can be taken back by who asked for it, or rejected with a reason by who might have confirmed it.
-- SQLite cannot widen a CHECK: the table is written anew. Members and record versions point at it, so foreign keys are looked at when
-- the migration ends.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE erasure_before AS SELECT * FROM erasure;
DROP TABLE erasure;
CREATE TABLE erasure (
    id             TEXT NOT NULL PRIMARY KEY,
    status         TEXT NOT NULL CHECK (status IN ('requested','confirmed','rejected','withdrawn')),
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
    ended_by       TEXT REFERENCES user_account,
    ended_at       DATETIME,
    decision_reason TEXT,
    CHECK ((member_id IS NULL) = (meeting_id IS NOT NULL)),
    CHECK ((meeting_id IS NULL) = (version_number IS NULL)),
    CHECK ((status = 'confirmed') = (confirmed_at IS NOT NULL)),
    CHECK (requested_by IS NULL OR confirmed_by IS NULL OR requested_by <> confirmed_by),
    CHECK ((status IN ('rejected','withdrawn')) = (ended_at IS NOT NULL)),
    CHECK ((status = 'rejected') = (decision_reason IS NOT NULL)),
    CHECK (status <> 'rejected' OR requested_by IS NULL OR ended_by IS NULL OR requested_by <> ended_by),
    FOREIGN KEY (meeting_id, version_number) REFERENCES record_version (meeting_id, number)
);
INSERT INTO erasure (id, status, member_id, meeting_id, version_number, organization_id, legal_basis, explanation, basis_number, basis_date,
    pseudonym, requested_by, requested_at, confirmed_by, confirmed_at, version)
    SELECT id, status, member_id, meeting_id, version_number, organization_id, legal_basis, explanation, basis_number, basis_date,
    pseudonym, requested_by, requested_at, confirmed_by, confirmed_at, version FROM erasure_before;
DROP TABLE erasure_before;
CREATE INDEX erasure_organization ON erasure (organization_id);
CREATE UNIQUE INDEX erasure_member ON erasure (member_id) WHERE status = 'requested' AND member_id IS NOT NULL;
CREATE UNIQUE INDEX erasure_version ON erasure (meeting_id, version_number) WHERE status = 'requested' AND meeting_id IS NOT NULL;

-- A decision that was taken stays as it is.
-- +goose StatementBegin
CREATE TRIGGER erasure_no_update BEFORE UPDATE ON erasure WHEN OLD.status <> 'requested'
BEGIN
    SELECT RAISE(ABORT, 'rows of erasure are never changed once decided');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
BEGIN
    SELECT RAISE(ABORT, 'rows of erasure are never removed');
END;
-- +goose StatementEnd

-- +goose Down
PRAGMA defer_foreign_keys = ON;
CREATE TABLE erasure_before AS SELECT * FROM erasure;
DROP TABLE erasure;
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
INSERT INTO erasure (id, status, member_id, meeting_id, version_number, organization_id, legal_basis, explanation, basis_number, basis_date,
    pseudonym, requested_by, requested_at, confirmed_by, confirmed_at, version)
    SELECT id, status, member_id, meeting_id, version_number, organization_id, legal_basis, explanation, basis_number, basis_date,
    pseudonym, requested_by, requested_at, confirmed_by, confirmed_at, version FROM erasure_before
    WHERE status IN ('requested','confirmed');
DROP TABLE erasure_before;
CREATE INDEX erasure_organization ON erasure (organization_id);
CREATE UNIQUE INDEX erasure_member ON erasure (member_id) WHERE status = 'requested' AND member_id IS NOT NULL;
CREATE UNIQUE INDEX erasure_version ON erasure (meeting_id, version_number) WHERE status = 'requested' AND meeting_id IS NOT NULL;
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
ALTER TABLE login_session DROP COLUMN confirmed_at;
