-- +goose Up
-- What a round found: about one of its objects, or about the round as a whole where none is named.
CREATE TABLE inspection_finding (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    inspection_id   uuid NOT NULL REFERENCES inspection,
    organization_id uuid REFERENCES organization,
    member_id       uuid REFERENCES member,
    meeting_id      uuid REFERENCES meeting,
    content_item    text COLLATE "C",
    severity        text COLLATE "C" NOT NULL CHECK (severity IN ('strength','shortcoming','violation')),
    text            text NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (organization_id IS NULL OR member_id IS NULL)
);
CREATE INDEX inspection_finding_inspection ON inspection_finding (inspection_id, created_at, id);
CREATE INDEX inspection_finding_meeting ON inspection_finding (meeting_id);

-- What an organisation has to do about a finding, by when, and what became of it as it was reported last.
CREATE TABLE remedy (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    finding_id      uuid NOT NULL REFERENCES inspection_finding,
    organization_id uuid NOT NULL REFERENCES organization,
    text            text NOT NULL,
    due_on          date NOT NULL,
    status          text COLLATE "C" NOT NULL CHECK (status IN ('open','done','dropped')),
    done_on         date,
    outcome         text,
    reported_by     uuid REFERENCES user_account,
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK ((status = 'done') = (done_on IS NOT NULL))
);
CREATE INDEX remedy_finding ON remedy (finding_id);
CREATE INDEX remedy_organization ON remedy (organization_id, due_on, id);
CREATE INDEX remedy_due ON remedy (due_on, id);

-- A re-check says what the inspecting side found of a remedy on a day. It is never changed.
CREATE TABLE remedy_check (
    id         uuid PRIMARY KEY,
    remedy_id  uuid NOT NULL REFERENCES remedy,
    checked_on date NOT NULL,
    result     text COLLATE "C" NOT NULL CHECK (result IN ('remedied','partly','not_remedied')),
    text       text,
    checked_by uuid REFERENCES user_account,
    created_at timestamptz NOT NULL,
    UNIQUE (remedy_id, checked_on)
);
CREATE TRIGGER remedy_check_immutable BEFORE UPDATE OR DELETE ON remedy_check FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER remedy_check_kept BEFORE TRUNCATE ON remedy_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Meetings drawn at random for a round, with everything that drawing them again takes. It is never changed.
CREATE TABLE inspection_sample (
    id            uuid PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspection,
    seed          text COLLATE "C" NOT NULL CHECK (length(seed) BETWEEN 1 AND 64),
    seed_given    boolean NOT NULL,
    from_month    text COLLATE "C" NOT NULL CHECK (length(from_month) = 7),
    to_month      text COLLATE "C" NOT NULL CHECK (length(to_month) = 7),
    body          text COLLATE "C",
    entry         bigint NOT NULL REFERENCES ledger_entry,
    wanted        bigint NOT NULL,
    population    bigint NOT NULL,
    drawn_by      uuid REFERENCES user_account,
    created_at    timestamptz NOT NULL,
    CHECK (from_month <= to_month)
);
CREATE INDEX inspection_sample_inspection ON inspection_sample (inspection_id, created_at, id);
CREATE TRIGGER inspection_sample_immutable BEFORE UPDATE OR DELETE ON inspection_sample FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER inspection_sample_kept BEFORE TRUNCATE ON inspection_sample FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The organisations from whose meetings, and from those below, a sample was drawn.
CREATE TABLE inspection_sample_organization (
    sample_id       uuid NOT NULL REFERENCES inspection_sample,
    organization_id uuid NOT NULL REFERENCES organization,
    PRIMARY KEY (sample_id, organization_id)
);
CREATE TRIGGER inspection_sample_organization_immutable BEFORE UPDATE OR DELETE ON inspection_sample_organization FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER inspection_sample_organization_kept BEFORE TRUNCATE ON inspection_sample_organization FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE inspection_sample_meeting (
    sample_id  uuid NOT NULL REFERENCES inspection_sample,
    position   bigint NOT NULL,
    meeting_id uuid NOT NULL REFERENCES meeting,
    PRIMARY KEY (sample_id, position)
);
CREATE INDEX inspection_sample_meeting_meeting ON inspection_sample_meeting (meeting_id);
CREATE TRIGGER inspection_sample_meeting_immutable BEFORE UPDATE OR DELETE ON inspection_sample_meeting FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER inspection_sample_meeting_kept BEFORE TRUNCATE ON inspection_sample_meeting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A grant that is tied to a round opens the records of its objects for these months, and nothing else, while the round lasts.
ALTER TABLE role_grant ADD COLUMN inspection_id uuid REFERENCES inspection;
ALTER TABLE role_grant ADD COLUMN from_month text COLLATE "C";
ALTER TABLE role_grant ADD COLUMN to_month text COLLATE "C";

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
