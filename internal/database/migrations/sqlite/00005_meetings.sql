-- +goose Up
-- One sitting with its record. forms is one of the words of the exchange format; held_on is the local day of started_at.
CREATE TABLE meeting (
    id               TEXT NOT NULL PRIMARY KEY,
    code             TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id  TEXT NOT NULL REFERENCES organization,
    body             TEXT NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    forms            TEXT NOT NULL CHECK (forms IN ('regular','thematic','extraordinary','regular;thematic','congress','other')),
    period_month     TEXT NOT NULL CHECK (length(period_month) = 7),
    held_on          TEXT NOT NULL,
    started_at       DATETIME NOT NULL,
    ended_at         DATETIME,
    break_minutes    INTEGER CHECK (break_minutes >= 0),
    mode             TEXT CHECK (mode IN ('in_person','online','hybrid')),
    place            TEXT,
    status           TEXT NOT NULL CHECK (status IN ('scheduled','held','submitted','accepted','cancelled')),
    title            TEXT,
    search_key       TEXT NOT NULL,
    chair_id         TEXT REFERENCES member,
    minutes_taker_id TEXT REFERENCES member,
    topic_id         TEXT REFERENCES topic,
    guests           INTEGER CHECK (guests >= 0),
    prepared_by_id   TEXT REFERENCES meeting,
    self_score       INTEGER CHECK (self_score BETWEEN 0 AND 100),
    cancelled_reason TEXT,
    returned_reason  TEXT,
    postponed        BOOLEAN NOT NULL DEFAULT FALSE,
    record_version   INTEGER NOT NULL DEFAULT 0,
    version          INTEGER NOT NULL DEFAULT 1,
    created_at       DATETIME NOT NULL,
    updated_at       DATETIME NOT NULL,
    CHECK (ended_at IS NULL OR started_at <= ended_at)
);
CREATE INDEX meeting_organization ON meeting (organization_id, period_month, body);
CREATE INDEX meeting_period ON meeting (period_month, held_on, id);
CREATE INDEX meeting_held ON meeting (held_on, id);
CREATE INDEX meeting_updated ON meeting (updated_at, id);
CREATE INDEX meeting_topic ON meeting (topic_id);
CREATE INDEX meeting_prepared_by ON meeting (prepared_by_id);

CREATE TABLE meeting_content_item (
    meeting_id TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    item       TEXT NOT NULL,
    PRIMARY KEY (meeting_id, position),
    UNIQUE (meeting_id, item)
);

CREATE TABLE meeting_directive (
    meeting_id   TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    directive_id TEXT NOT NULL REFERENCES directive,
    PRIMARY KEY (meeting_id, position),
    UNIQUE (meeting_id, directive_id)
);
CREATE INDEX meeting_directive_directive ON meeting_directive (directive_id);

-- The roll. In a draft it holds what was recorded; submission completes it with everybody on the roster
-- (not_recorded where nothing was said) and gives each row the standing of the day.
CREATE TABLE attendance (
    meeting_id  TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    member_id   TEXT NOT NULL REFERENCES member,
    status      TEXT NOT NULL CHECK (status IN ('present','excused','unexcused','not_recorded')),
    reason_kind TEXT CHECK (reason_kind IN ('business_trip','sick','study','leave','family','other')),
    reason      TEXT,
    late        BOOLEAN,
    left_early  BOOLEAN,
    remote      BOOLEAN,
    spoke       BOOLEAN,
    standing    TEXT CHECK (standing IN ('base','roster','temporary')),
    PRIMARY KEY (meeting_id, member_id)
);
CREATE INDEX attendance_member ON attendance (member_id, meeting_id);

CREATE TABLE minutes_line (
    meeting_id   TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    part         TEXT NOT NULL CHECK (part IN ('agenda','opinion','conclusion')),
    content_item TEXT,
    member_id    TEXT REFERENCES member,
    text         TEXT,
    PRIMARY KEY (meeting_id, position)
);

CREATE TABLE resolution (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    meeting_id      TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    number          TEXT,
    adopted_on      TEXT,
    title           TEXT,
    votes_for       INTEGER CHECK (votes_for >= 0),
    votes_against   INTEGER CHECK (votes_against >= 0),
    votes_abstained INTEGER CHECK (votes_abstained >= 0),
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL
);
CREATE INDEX resolution_meeting ON resolution (meeting_id);

CREATE TABLE task (
    id          TEXT NOT NULL PRIMARY KEY,
    code        TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    meeting_id  TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    title       TEXT,
    assignee_id TEXT REFERENCES member,
    due_on      TEXT,
    status      TEXT NOT NULL CHECK (status IN ('open','done','dropped')),
    done_on     TEXT,
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME NOT NULL
);
CREATE INDEX task_meeting ON task (meeting_id);
CREATE INDEX task_due ON task (due_on, id);

-- Everybody who ever changed the draft; none of them may accept the record.
CREATE TABLE meeting_editor (
    meeting_id TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES user_account,
    edited_at  DATETIME NOT NULL,
    PRIMARY KEY (meeting_id, user_id)
);

-- What was handed in: the exact canonical bytes of record and roll. Never changed, never removed.
CREATE TABLE record_version (
    meeting_id   TEXT NOT NULL REFERENCES meeting,
    number       INTEGER NOT NULL,
    content      BLOB NOT NULL,
    sha256       BLOB NOT NULL,
    submitted_by TEXT REFERENCES user_account,
    recorded_at  DATETIME NOT NULL,
    PRIMARY KEY (meeting_id, number)
);

-- What was done with a meeting, by whom and why. user_id empty = the installation (command line, import).
CREATE TABLE meeting_event (
    id             TEXT NOT NULL PRIMARY KEY,
    meeting_id     TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    act            TEXT NOT NULL CHECK (act IN ('submitted','withdrawn','returned','accepted','cancelled','postponed')),
    version_number INTEGER,
    user_id        TEXT REFERENCES user_account,
    reason         TEXT,
    recorded_at    DATETIME NOT NULL
);
CREATE INDEX meeting_event_meeting ON meeting_event (meeting_id, id);

-- Removed drafts, so that a list by updated_since can tell of them.
CREATE TABLE tombstone (
    kind            TEXT NOT NULL,
    id              TEXT NOT NULL,
    organization_id TEXT REFERENCES organization,
    removed_at      DATETIME NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX tombstone_removed ON tombstone (kind, removed_at, id);

-- +goose StatementBegin
CREATE TRIGGER record_version_no_update BEFORE UPDATE ON record_version
BEGIN
    SELECT RAISE(ABORT, 'rows of record_version are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER record_version_no_delete BEFORE DELETE ON record_version
BEGIN
    SELECT RAISE(ABORT, 'rows of record_version are never changed or removed');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE tombstone;
DROP TABLE meeting_event;
DROP TABLE record_version;
DROP TABLE meeting_editor;
DROP TABLE task;
DROP TABLE resolution;
DROP TABLE minutes_line;
DROP TABLE attendance;
DROP TABLE meeting_directive;
DROP TABLE meeting_content_item;
DROP TABLE meeting;
