-- +goose Up
CREATE TABLE member (
    id          TEXT NOT NULL PRIMARY KEY,
    code        TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    full_name   TEXT NOT NULL,
    search_key  TEXT NOT NULL,
    sort_key    TEXT NOT NULL,
    gender      TEXT CHECK (gender IN ('male','female')),
    born_on     TEXT,
    admitted_on TEXT,
    official_on TEXT,
    card_number TEXT,
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME NOT NULL,
    CHECK (admitted_on IS NULL OR official_on IS NULL OR admitted_on <= official_on)
);
CREATE INDEX member_sort ON member (sort_key, id);
CREATE INDEX member_updated ON member (updated_at, id);

-- The home cell, dated. valid_to is the last day.
CREATE TABLE membership (
    id              TEXT NOT NULL PRIMARY KEY,
    member_id       TEXT NOT NULL REFERENCES member,
    organization_id TEXT NOT NULL REFERENCES organization,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    created_at      DATETIME NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX membership_member ON membership (member_id, valid_from);
CREATE INDEX membership_organization ON membership (organization_id, valid_from);

CREATE TABLE member_status (
    id              TEXT NOT NULL PRIMARY KEY,
    member_id       TEXT NOT NULL REFERENCES member,
    status          TEXT NOT NULL CHECK (status IN ('exempt','temporarily_away','temporarily_here','suspended','detained','special_duty')),
    organization_id TEXT REFERENCES organization,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    basis           TEXT,
    created_at      DATETIME NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CHECK ((status = 'temporarily_here') = (organization_id IS NOT NULL))
);
CREATE INDEX member_status_member ON member_status (member_id, valid_from);
CREATE INDEX member_status_organization ON member_status (organization_id, valid_from);

CREATE TABLE office (
    id              TEXT NOT NULL PRIMARY KEY,
    member_id       TEXT NOT NULL REFERENCES member,
    organization_id TEXT NOT NULL REFERENCES organization,
    body            TEXT NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    office          TEXT NOT NULL CHECK (office IN ('secretary','deputy_secretary','committee_member','commission_head','commission_deputy_head','commission_member')),
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    created_at      DATETIME NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    UNIQUE (member_id, organization_id, body, office, valid_from)
);
CREATE INDEX office_organization ON office (organization_id, body, valid_from);
CREATE INDEX office_member ON office (member_id, valid_from);

-- +goose StatementBegin
CREATE TRIGGER membership_overlap_insert BEFORE INSERT ON membership
WHEN EXISTS (SELECT 1 FROM membership o WHERE o.member_id = NEW.member_id AND o.id <> NEW.id
    AND o.valid_from <= coalesce(NEW.valid_to, '9999-12-31') AND NEW.valid_from <= coalesce(o.valid_to, '9999-12-31'))
BEGIN
    SELECT RAISE(ABORT, 'membership_overlap');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER membership_overlap_update BEFORE UPDATE ON membership
WHEN EXISTS (SELECT 1 FROM membership o WHERE o.member_id = NEW.member_id AND o.id <> NEW.id
    AND o.valid_from <= coalesce(NEW.valid_to, '9999-12-31') AND NEW.valid_from <= coalesce(o.valid_to, '9999-12-31'))
BEGIN
    SELECT RAISE(ABORT, 'membership_overlap');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE office;
DROP TABLE member_status;
DROP TABLE membership;
DROP TABLE member;
