-- +goose Up
-- What a cell registered for a month with its superior, and what the superior said to it. The last one of a month counts.
-- registered_by, decided_by empty = the installation.
CREATE TABLE registration (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id TEXT NOT NULL REFERENCES organization,
    month           TEXT NOT NULL CHECK (length(month) = 7),
    status          TEXT NOT NULL CHECK (status IN ('registered','agreed','returned')),
    registered_by   TEXT REFERENCES user_account,
    registered_at   DATETIME NOT NULL,
    decided_by      TEXT REFERENCES user_account,
    decided_at      DATETIME,
    reason          TEXT,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    CHECK ((status = 'registered') = (decided_at IS NULL)),
    CHECK ((status = 'returned') = (reason IS NOT NULL))
);
CREATE INDEX registration_organization ON registration (organization_id, month, registered_at, id);

-- A session as it was registered; what became of it is in meeting.
CREATE TABLE registered_session (
    id              TEXT NOT NULL PRIMARY KEY,
    registration_id TEXT NOT NULL REFERENCES registration,
    meeting_id      TEXT NOT NULL REFERENCES meeting,
    started_at      DATETIME NOT NULL,
    ended_at        DATETIME,
    place           TEXT,
    created_at      DATETIME NOT NULL,
    UNIQUE (registration_id, meeting_id),
    CHECK (ended_at IS NULL OR started_at <= ended_at)
);
CREATE INDEX registered_session_meeting ON registered_session (meeting_id);

-- The notice of a meeting and the documents posted with it, each with the instant at which it was posted.
CREATE TABLE meeting_notice (
    id          TEXT NOT NULL PRIMARY KEY,
    meeting_id  TEXT NOT NULL REFERENCES meeting,
    position    INTEGER NOT NULL CHECK (position >= 1),
    kind        TEXT NOT NULL CHECK (kind IN ('notice','document')),
    title       TEXT NOT NULL,
    link        TEXT,
    posted_at   DATETIME NOT NULL,
    recorded_by TEXT REFERENCES user_account,
    created_at  DATETIME NOT NULL,
    UNIQUE (meeting_id, position)
);

-- A member who follows an organisation for the one above it, from a day to a day.
CREATE TABLE delegate (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id TEXT NOT NULL REFERENCES organization,
    superior_id     TEXT NOT NULL REFERENCES organization,
    member_id       TEXT NOT NULL REFERENCES member,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    basis           TEXT,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CHECK (organization_id <> superior_id)
);
CREATE INDEX delegate_organization ON delegate (organization_id, valid_from, id);
CREATE INDEX delegate_member ON delegate (member_id);

CREATE TABLE delegate_attendance (
    id          TEXT NOT NULL PRIMARY KEY,
    delegate_id TEXT NOT NULL REFERENCES delegate,
    meeting_id  TEXT NOT NULL REFERENCES meeting,
    attended    BOOLEAN NOT NULL,
    observation TEXT,
    recorded_by TEXT REFERENCES user_account,
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME,
    UNIQUE (delegate_id, meeting_id)
);
CREATE INDEX delegate_attendance_meeting ON delegate_attendance (meeting_id);

-- A private address at which a program reads a schedule; of its secret the hash alone is kept.
CREATE TABLE calendar_feed (
    id              TEXT NOT NULL PRIMARY KEY,
    user_id         TEXT NOT NULL REFERENCES user_account,
    grant_id        TEXT NOT NULL REFERENCES role_grant,
    organization_id TEXT NOT NULL REFERENCES organization,
    scope           TEXT NOT NULL CHECK (scope IN ('subtree','own')),
    name            TEXT NOT NULL,
    hash            BLOB NOT NULL,
    created_at      DATETIME NOT NULL,
    expires_at      DATETIME NOT NULL,
    revoked_at      DATETIME
);
CREATE INDEX calendar_feed_user ON calendar_feed (user_id, id);

-- +goose Down
DROP TABLE calendar_feed;
DROP TABLE delegate_attendance;
DROP TABLE delegate;
DROP TABLE meeting_notice;
DROP TABLE registered_session;
DROP TABLE registration;
