-- +goose Up
-- What a cell registered for a month with its superior, and what the superior said to it. The last one of a month counts.
-- registered_by, decided_by empty = the installation.
CREATE TABLE registration (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id uuid NOT NULL REFERENCES organization,
    month           text COLLATE "C" NOT NULL CHECK (length(month) = 7),
    status          text COLLATE "C" NOT NULL CHECK (status IN ('registered','agreed','returned')),
    registered_by   uuid REFERENCES user_account,
    registered_at   timestamptz NOT NULL,
    decided_by      uuid REFERENCES user_account,
    decided_at      timestamptz,
    reason          text,
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK ((status = 'registered') = (decided_at IS NULL)),
    CHECK ((status = 'returned') = (reason IS NOT NULL))
);
CREATE INDEX registration_organization ON registration (organization_id, month, registered_at, id);

-- A session as it was registered; what became of it is in meeting.
CREATE TABLE registered_session (
    id              uuid PRIMARY KEY,
    registration_id uuid NOT NULL REFERENCES registration,
    meeting_id      uuid NOT NULL REFERENCES meeting,
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    place           text,
    created_at      timestamptz NOT NULL,
    UNIQUE (registration_id, meeting_id),
    CHECK (ended_at IS NULL OR started_at <= ended_at)
);
CREATE INDEX registered_session_meeting ON registered_session (meeting_id);

-- The notice of a meeting and the documents posted with it, each with the instant at which it was posted.
CREATE TABLE meeting_notice (
    id          uuid PRIMARY KEY,
    meeting_id  uuid NOT NULL REFERENCES meeting,
    position    integer NOT NULL CHECK (position >= 1),
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('notice','document')),
    title       text NOT NULL,
    link        text,
    posted_at   timestamptz NOT NULL,
    recorded_by uuid REFERENCES user_account,
    created_at  timestamptz NOT NULL,
    UNIQUE (meeting_id, position)
);

-- A member who follows an organisation for the one above it, from a day to a day.
CREATE TABLE delegate (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id uuid NOT NULL REFERENCES organization,
    superior_id     uuid NOT NULL REFERENCES organization,
    member_id       uuid NOT NULL REFERENCES member,
    valid_from      date NOT NULL,
    valid_to        date,
    basis           text,
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CHECK (organization_id <> superior_id)
);
CREATE INDEX delegate_organization ON delegate (organization_id, valid_from, id);
CREATE INDEX delegate_member ON delegate (member_id);

CREATE TABLE delegate_attendance (
    id          uuid PRIMARY KEY,
    delegate_id uuid NOT NULL REFERENCES delegate,
    meeting_id  uuid NOT NULL REFERENCES meeting,
    attended    boolean NOT NULL,
    observation text,
    recorded_by uuid REFERENCES user_account,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz,
    UNIQUE (delegate_id, meeting_id)
);
CREATE INDEX delegate_attendance_meeting ON delegate_attendance (meeting_id);

-- A private address at which a program reads a schedule; of its secret the hash alone is kept.
CREATE TABLE calendar_feed (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL REFERENCES user_account,
    grant_id        uuid NOT NULL REFERENCES role_grant,
    organization_id uuid NOT NULL REFERENCES organization,
    scope           text COLLATE "C" NOT NULL CHECK (scope IN ('subtree','own')),
    name            text NOT NULL,
    hash            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz
);
CREATE INDEX calendar_feed_user ON calendar_feed (user_id, id);

-- +goose Down
DROP TABLE calendar_feed;
DROP TABLE delegate_attendance;
DROP TABLE delegate;
DROP TABLE meeting_notice;
DROP TABLE registered_session;
DROP TABLE registration;
