-- +goose Up
-- The owner offers the topic to itself and to all below; without one it is offered to everybody.
ALTER TABLE topic ADD COLUMN organization_id TEXT REFERENCES organization;
ALTER TABLE topic ADD COLUMN outline TEXT;
-- From this day on the topic is offered no longer.
ALTER TABLE topic ADD COLUMN retired_on TEXT;
CREATE INDEX topic_organization ON topic (organization_id);

CREATE TABLE topic_link (
    topic_id TEXT NOT NULL REFERENCES topic,
    position INTEGER NOT NULL,
    title    TEXT NOT NULL,
    address  TEXT NOT NULL,
    PRIMARY KEY (topic_id, position)
);

-- An organisation asks all below to study a directive by a day.
CREATE TABLE study_requirement (
    id              TEXT NOT NULL PRIMARY KEY,
    directive_id    TEXT NOT NULL REFERENCES directive,
    organization_id TEXT NOT NULL REFERENCES organization,
    study_by        TEXT NOT NULL,
    created_at      DATETIME NOT NULL,
    UNIQUE (directive_id, organization_id)
);
CREATE INDEX study_requirement_organization ON study_requirement (organization_id);

-- The plan by which an organisation carries out a directive.
CREATE TABLE implementing_plan (
    id              TEXT NOT NULL PRIMARY KEY,
    directive_id    TEXT NOT NULL REFERENCES directive,
    organization_id TEXT NOT NULL REFERENCES organization,
    number          TEXT NOT NULL,
    issued_on       TEXT NOT NULL,
    title           TEXT,
    address         TEXT,
    created_at      DATETIME NOT NULL,
    UNIQUE (directive_id, organization_id, number, issued_on)
);
CREATE INDEX implementing_plan_organization ON implementing_plan (organization_id);

-- What a superior asks the meetings of a month to take up.
CREATE TABLE briefing (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id TEXT NOT NULL REFERENCES organization,
    month           TEXT NOT NULL CHECK (length(month) = 7),
    title           TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL
);
CREATE INDEX briefing_organization ON briefing (organization_id, month);

CREATE TABLE briefing_line (
    briefing_id  TEXT NOT NULL REFERENCES briefing,
    position     INTEGER NOT NULL,
    content_item TEXT,
    text         TEXT NOT NULL,
    directive_id TEXT REFERENCES directive,
    address      TEXT,
    PRIMARY KEY (briefing_id, position)
);

CREATE TABLE briefing_use (
    id          TEXT NOT NULL PRIMARY KEY,
    briefing_id TEXT NOT NULL REFERENCES briefing,
    meeting_id  TEXT NOT NULL REFERENCES meeting,
    created_at  DATETIME NOT NULL,
    UNIQUE (briefing_id, meeting_id)
);
CREATE INDEX briefing_use_meeting ON briefing_use (meeting_id);

-- One key that links the sessions which several organisations hold together; each keeps its own session and roll.
CREATE TABLE joint_session (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id TEXT NOT NULL REFERENCES organization,
    title           TEXT NOT NULL,
    topic_id        TEXT REFERENCES topic,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL
);
CREATE INDEX joint_session_organization ON joint_session (organization_id);

CREATE TABLE joint_session_meeting (
    meeting_id       TEXT NOT NULL PRIMARY KEY REFERENCES meeting,
    joint_session_id TEXT NOT NULL REFERENCES joint_session
);
CREATE INDEX joint_session_meeting_joint ON joint_session_meeting (joint_session_id);

-- What an organisation means to hold in a quarter: a topic, or any of a category.
CREATE TABLE topic_plan (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id TEXT NOT NULL REFERENCES organization,
    quarter         TEXT NOT NULL CHECK (length(quarter) = 7),
    planned_month   TEXT CHECK (length(planned_month) = 7),
    topic_id        TEXT REFERENCES topic,
    category        TEXT CHECK (category IN ('ho_chi_minh_study','cell_building','party_building','session_quality','political_task','other')),
    note            TEXT,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    CHECK ((topic_id IS NULL) <> (category IS NULL))
);
CREATE INDEX topic_plan_organization ON topic_plan (organization_id, quarter);

-- +goose Down
DROP TABLE topic_plan;
DROP TABLE joint_session_meeting;
DROP TABLE joint_session;
DROP TABLE briefing_use;
DROP TABLE briefing_line;
DROP TABLE briefing;
DROP TABLE implementing_plan;
DROP TABLE study_requirement;
DROP TABLE topic_link;
DROP INDEX topic_organization;
ALTER TABLE topic DROP COLUMN retired_on;
ALTER TABLE topic DROP COLUMN outline;
ALTER TABLE topic DROP COLUMN organization_id;
