-- +goose Up
-- One sitting with its record. forms is one of the words of the exchange format; held_on is the local day of started_at.
CREATE TABLE meeting (
    id               uuid PRIMARY KEY,
    code             text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id  uuid NOT NULL REFERENCES organization,
    body             text COLLATE "C" NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    forms            text COLLATE "C" NOT NULL CHECK (forms IN ('regular','thematic','extraordinary','regular;thematic','congress','other')),
    period_month     text COLLATE "C" NOT NULL CHECK (length(period_month) = 7),
    held_on          date NOT NULL,
    started_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    break_minutes    integer CHECK (break_minutes >= 0),
    mode             text COLLATE "C" CHECK (mode IN ('in_person','online','hybrid')),
    place            text,
    status           text COLLATE "C" NOT NULL CHECK (status IN ('scheduled','held','submitted','accepted','cancelled')),
    title            text,
    search_key       text COLLATE "C" NOT NULL,
    chair_id         uuid REFERENCES member,
    minutes_taker_id uuid REFERENCES member,
    topic_id         uuid REFERENCES topic,
    guests           integer CHECK (guests >= 0),
    prepared_by_id   uuid REFERENCES meeting,
    self_score       integer CHECK (self_score BETWEEN 0 AND 100),
    cancelled_reason text,
    returned_reason  text,
    postponed        boolean NOT NULL DEFAULT FALSE,
    record_version   integer NOT NULL DEFAULT 0,
    version          bigint NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CHECK (ended_at IS NULL OR started_at <= ended_at)
);
CREATE INDEX meeting_organization ON meeting (organization_id, period_month, body);
CREATE INDEX meeting_period ON meeting (period_month, held_on, id);
CREATE INDEX meeting_held ON meeting (held_on, id);
CREATE INDEX meeting_updated ON meeting (updated_at, id);
CREATE INDEX meeting_topic ON meeting (topic_id);
CREATE INDEX meeting_prepared_by ON meeting (prepared_by_id);

CREATE TABLE meeting_content_item (
    meeting_id uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position   integer NOT NULL,
    item       text COLLATE "C" NOT NULL,
    PRIMARY KEY (meeting_id, position),
    UNIQUE (meeting_id, item)
);

CREATE TABLE meeting_directive (
    meeting_id   uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position     integer NOT NULL,
    directive_id uuid NOT NULL REFERENCES directive,
    PRIMARY KEY (meeting_id, position),
    UNIQUE (meeting_id, directive_id)
);
CREATE INDEX meeting_directive_directive ON meeting_directive (directive_id);

-- The roll. In a draft it holds what was recorded; submission completes it with everybody on the roster
-- (not_recorded where nothing was said) and gives each row the standing of the day.
CREATE TABLE attendance (
    meeting_id  uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    member_id   uuid NOT NULL REFERENCES member,
    status      text COLLATE "C" NOT NULL CHECK (status IN ('present','excused','unexcused','not_recorded')),
    reason_kind text COLLATE "C" CHECK (reason_kind IN ('business_trip','sick','study','leave','family','other')),
    reason      text,
    late        boolean,
    left_early  boolean,
    remote      boolean,
    spoke       boolean,
    standing    text COLLATE "C" CHECK (standing IN ('base','roster','temporary')),
    PRIMARY KEY (meeting_id, member_id)
);
CREATE INDEX attendance_member ON attendance (member_id, meeting_id);

CREATE TABLE minutes_line (
    meeting_id   uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position     integer NOT NULL,
    part         text COLLATE "C" NOT NULL CHECK (part IN ('agenda','opinion','conclusion')),
    content_item text COLLATE "C",
    member_id    uuid REFERENCES member,
    text         text,
    PRIMARY KEY (meeting_id, position)
);

CREATE TABLE resolution (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    meeting_id      uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    number          text,
    adopted_on      date,
    title           text,
    votes_for       integer CHECK (votes_for >= 0),
    votes_against   integer CHECK (votes_against >= 0),
    votes_abstained integer CHECK (votes_abstained >= 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX resolution_meeting ON resolution (meeting_id);

CREATE TABLE task (
    id          uuid PRIMARY KEY,
    code        text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    meeting_id  uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    title       text,
    assignee_id uuid REFERENCES member,
    due_on      date,
    status      text COLLATE "C" NOT NULL CHECK (status IN ('open','done','dropped')),
    done_on     date,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE INDEX task_meeting ON task (meeting_id);
CREATE INDEX task_due ON task (due_on, id);

-- Everybody who ever changed the draft; none of them may accept the record.
CREATE TABLE meeting_editor (
    meeting_id uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    user_id    uuid NOT NULL REFERENCES user_account,
    edited_at  timestamptz NOT NULL,
    PRIMARY KEY (meeting_id, user_id)
);

-- What was handed in: the exact canonical bytes of record and roll. Never changed, never removed.
CREATE TABLE record_version (
    meeting_id   uuid NOT NULL REFERENCES meeting,
    number       integer NOT NULL,
    content      bytea NOT NULL,
    sha256       bytea NOT NULL,
    submitted_by uuid REFERENCES user_account,
    recorded_at  timestamptz NOT NULL,
    PRIMARY KEY (meeting_id, number)
);

-- What was done with a meeting, by whom and why. user_id empty = the installation (command line, import).
CREATE TABLE meeting_event (
    id             uuid PRIMARY KEY,
    meeting_id     uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    act            text COLLATE "C" NOT NULL CHECK (act IN ('submitted','withdrawn','returned','accepted','cancelled','postponed')),
    version_number integer,
    user_id        uuid REFERENCES user_account,
    reason         text,
    recorded_at    timestamptz NOT NULL
);
CREATE INDEX meeting_event_meeting ON meeting_event (meeting_id, id);

-- Removed drafts, so that a list by updated_since can tell of them.
CREATE TABLE tombstone (
    kind            text COLLATE "C" NOT NULL,
    id              uuid NOT NULL,
    organization_id uuid REFERENCES organization,
    removed_at      timestamptz NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX tombstone_removed ON tombstone (kind, removed_at, id);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER record_version_immutable BEFORE UPDATE OR DELETE ON record_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER record_version_kept BEFORE TRUNCATE ON record_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE tombstone;
DROP TABLE meeting_event;
DROP TABLE record_version;
DROP FUNCTION refuse_change;
DROP TABLE meeting_editor;
DROP TABLE task;
DROP TABLE resolution;
DROP TABLE minutes_line;
DROP TABLE attendance;
DROP TABLE meeting_directive;
DROP TABLE meeting_content_item;
DROP TABLE meeting;
