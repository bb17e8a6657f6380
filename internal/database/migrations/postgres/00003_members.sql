-- +goose Up
CREATE TABLE member (
    id          uuid PRIMARY KEY,
    code        text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    full_name   text NOT NULL,
    search_key  text COLLATE "C" NOT NULL,
    sort_key    text COLLATE "C" NOT NULL,
    gender      text COLLATE "C" CHECK (gender IN ('male','female')),
    born_on     date,
    admitted_on date,
    official_on date,
    card_number text COLLATE "C",
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CHECK (admitted_on IS NULL OR official_on IS NULL OR admitted_on <= official_on)
);
CREATE INDEX member_sort ON member (sort_key, id);
CREATE INDEX member_updated ON member (updated_at, id);

-- The home cell, dated. valid_to is the last day.
CREATE TABLE membership (
    id              uuid PRIMARY KEY,
    member_id       uuid NOT NULL REFERENCES member,
    organization_id uuid NOT NULL REFERENCES organization,
    valid_from      date NOT NULL,
    valid_to        date,
    created_at      timestamptz NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT membership_overlap EXCLUDE USING gist (member_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX membership_member ON membership (member_id, valid_from);
CREATE INDEX membership_organization ON membership (organization_id, valid_from);

CREATE TABLE member_status (
    id              uuid PRIMARY KEY,
    member_id       uuid NOT NULL REFERENCES member,
    status          text COLLATE "C" NOT NULL CHECK (status IN ('exempt','temporarily_away','temporarily_here','suspended','detained','special_duty')),
    organization_id uuid REFERENCES organization,
    valid_from      date NOT NULL,
    valid_to        date,
    basis           text,
    created_at      timestamptz NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CHECK ((status = 'temporarily_here') = (organization_id IS NOT NULL))
);
CREATE INDEX member_status_member ON member_status (member_id, valid_from);
CREATE INDEX member_status_organization ON member_status (organization_id, valid_from);

CREATE TABLE office (
    id              uuid PRIMARY KEY,
    member_id       uuid NOT NULL REFERENCES member,
    organization_id uuid NOT NULL REFERENCES organization,
    body            text COLLATE "C" NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    office          text COLLATE "C" NOT NULL CHECK (office IN ('secretary','deputy_secretary','committee_member','commission_head','commission_deputy_head','commission_member')),
    valid_from      date NOT NULL,
    valid_to        date,
    created_at      timestamptz NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    UNIQUE (member_id, organization_id, body, office, valid_from)
);
CREATE INDEX office_organization ON office (organization_id, body, valid_from);
CREATE INDEX office_member ON office (member_id, valid_from);

-- +goose Down
DROP TABLE office;
DROP TABLE member_status;
DROP TABLE membership;
DROP TABLE member;
