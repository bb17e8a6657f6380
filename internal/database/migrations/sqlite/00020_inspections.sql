-- +goose Up
-- What a round found: about one of its objects, or about the round as a whole where none is named.
CREATE TABLE inspection_finding (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    inspection_id   TEXT NOT NULL REFERENCES inspection,
    organization_id TEXT REFERENCES organization,
    member_id       TEXT REFERENCES member,
    meeting_id      TEXT REFERENCES meeting,
    content_item    TEXT,
    severity        TEXT NOT NULL CHECK (severity IN ('strength','shortcoming','violation')),
    text            TEXT NOT NULL,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    CHECK (organization_id IS NULL OR member_id IS NULL)
);
CREATE INDEX inspection_finding_inspection ON inspection_finding (inspection_id, created_at, id);
CREATE INDEX inspection_finding_meeting ON inspection_finding (meeting_id);

-- What an organisation has to do about a finding, by when, and what became of it as it was reported last.
CREATE TABLE remedy (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    finding_id      TEXT NOT NULL REFERENCES inspection_finding,
    organization_id TEXT NOT NULL REFERENCES organization,
    text            TEXT NOT NULL,
    due_on          TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('open','done','dropped')),
    done_on         TEXT,
    outcome         TEXT,
    reported_by     TEXT REFERENCES user_account,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    CHECK ((status = 'done') = (done_on IS NOT NULL))
);
CREATE INDEX remedy_finding ON remedy (finding_id);
CREATE INDEX remedy_organization ON remedy (organization_id, due_on, id);
CREATE INDEX remedy_due ON remedy (due_on, id);

-- A re-check says what the inspecting side found of a remedy on a day. It is never changed.
CREATE TABLE remedy_check (
    id         TEXT NOT NULL PRIMARY KEY,
    remedy_id  TEXT NOT NULL REFERENCES remedy,
    checked_on TEXT NOT NULL,
    result     TEXT NOT NULL CHECK (result IN ('remedied','partly','not_remedied')),
    text       TEXT,
    checked_by TEXT REFERENCES user_account,
    created_at DATETIME NOT NULL,
    UNIQUE (remedy_id, checked_on)
);
-- +goose StatementBegin
CREATE TRIGGER remedy_check_no_update BEFORE UPDATE ON remedy_check
BEGIN
    SELECT RAISE(ABORT, 'rows of remedy_check are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_check_no_delete BEFORE DELETE ON remedy_check
BEGIN
    SELECT RAISE(ABORT, 'rows of remedy_check are never changed or removed');
END;
-- +goose StatementEnd

-- Meetings drawn at random for a round, with everything that drawing them again takes. It is never changed.
CREATE TABLE inspection_sample (
    id            TEXT NOT NULL PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection,
    seed          TEXT NOT NULL CHECK (length(seed) BETWEEN 1 AND 64),
    seed_given    BOOLEAN NOT NULL,
    from_month    TEXT NOT NULL CHECK (length(from_month) = 7),
    to_month      TEXT NOT NULL CHECK (length(to_month) = 7),
    body          TEXT,
    entry         INTEGER NOT NULL REFERENCES ledger_entry,
    wanted        INTEGER NOT NULL,
    population    INTEGER NOT NULL,
    drawn_by      TEXT REFERENCES user_account,
    created_at    DATETIME NOT NULL,
    CHECK (from_month <= to_month)
);
CREATE INDEX inspection_sample_inspection ON inspection_sample (inspection_id, created_at, id);
-- +goose StatementBegin
CREATE TRIGGER inspection_sample_no_update BEFORE UPDATE ON inspection_sample
BEGIN
    SELECT RAISE(ABORT, 'rows of inspection_sample are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER inspection_sample_no_delete BEFORE DELETE ON inspection_sample
BEGIN
    SELECT RAISE(ABORT, 'rows of inspection_sample are never changed or removed');
END;
-- +goose StatementEnd

-- The organisations from whose meetings, and from those below, a sample was drawn.
CREATE TABLE inspection_sample_organization (
    sample_id       TEXT NOT NULL REFERENCES inspection_sample,
    organization_id TEXT NOT NULL REFERENCES organization,
    PRIMARY KEY (sample_id, organization_id)
);
-- +goose StatementBegin
CREATE TRIGGER inspection_sample_organization_no_update BEFORE UPDATE ON inspection_sample_organization
BEGIN
    SELECT RAISE(ABORT, 'rows of inspection_sample_organization are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER inspection_sample_organization_no_delete BEFORE DELETE ON inspection_sample_organization
BEGIN
    SELECT RAISE(ABORT, 'rows of inspection_sample_organization are never changed or removed');
END;
-- +goose StatementEnd

CREATE TABLE inspection_sample_meeting (
    sample_id  TEXT NOT NULL REFERENCES inspection_sample,
    position   INTEGER NOT NULL,
    meeting_id TEXT NOT NULL REFERENCES meeting,
    PRIMARY KEY (sample_id, position)
);
CREATE INDEX inspection_sample_meeting_meeting ON inspection_sample_meeting (meeting_id);
-- +goose StatementBegin
CREATE TRIGGER inspection_sample_meeting_no_update BEFORE UPDATE ON inspection_sample_meeting
BEGIN
    SELECT RAISE(ABORT, 'rows of inspection_sample_meeting are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER inspection_sample_meeting_no_delete BEFORE DELETE ON inspection_sample_meeting
BEGIN
    SELECT RAISE(ABORT, 'rows of inspection_sample_meeting are never changed or removed');
END;
-- +goose StatementEnd

-- A grant that is tied to a round opens the records of its objects for these months, and nothing else, while the round lasts.
ALTER TABLE role_grant ADD COLUMN inspection_id TEXT REFERENCES inspection;
ALTER TABLE role_grant ADD COLUMN from_month TEXT;
ALTER TABLE role_grant ADD COLUMN to_month TEXT;

-- +goose Down
ALTER TABLE role_grant DROP COLUMN to_month;
ALTER TABLE role_grant DROP COLUMN from_month;
ALTER TABLE role_grant DROP COLUMN inspection_id;
DROP TABLE inspection_sample_meeting;
DROP TABLE inspection_sample_organization;
DROP TABLE inspection_sample;
DROP TABLE remedy_check;
DROP TABLE remedy;
DROP TABLE inspection_finding;
