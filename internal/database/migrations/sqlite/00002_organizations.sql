-- +goose Up
CREATE TABLE organization (
    id           TEXT NOT NULL PRIMARY KEY,
    code         TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    kind         TEXT NOT NULL CHECK (kind IN ('central','provincial','superior','base_party','sectional_party','base_cell','cell')),
    cell_type    TEXT CHECK (cell_type IN ('neighbourhood','agency','state_enterprise','private_enterprise','students','armed_forces')),
    name         TEXT NOT NULL,
    short_name   TEXT,
    search_key   TEXT NOT NULL,
    sort_key     TEXT NOT NULL,
    founded_on   TEXT,
    dissolved_on TEXT,
    version      INTEGER NOT NULL DEFAULT 1,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    CHECK (founded_on IS NULL OR dissolved_on IS NULL OR founded_on <= dissolved_on)
);
CREATE INDEX organization_sort ON organization (sort_key, id);
CREATE INDEX organization_updated ON organization (updated_at, id);

-- The dated tree. valid_to is the last day on which the row holds.
CREATE TABLE placement (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization,
    parent_id       TEXT NOT NULL REFERENCES organization,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    created_at      DATETIME NOT NULL,
    CHECK (organization_id <> parent_id),
    CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX placement_organization ON placement (organization_id, valid_from);
CREATE INDEX placement_parent ON placement (parent_id, valid_from);

-- When a committee or commission is in office. A cell exists as long as its organisation and has no row.
CREATE TABLE body_term (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization,
    body            TEXT NOT NULL CHECK (body IN ('cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    created_at      DATETIME NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX body_term_organization ON body_term (organization_id, body, valid_from);

CREATE TABLE excused_month (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization,
    body            TEXT NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    month           TEXT NOT NULL CHECK (length(month) = 7),
    reason          TEXT,
    created_at      DATETIME NOT NULL,
    UNIQUE (organization_id, body, month)
);

-- A role of a user on an organisation; organization_id empty = on the installation.
CREATE TABLE role_grant (
    id              TEXT NOT NULL PRIMARY KEY,
    user_id         TEXT NOT NULL REFERENCES user_account,
    role            TEXT NOT NULL CHECK (role IN ('member','minutes_taker','secretary','superior','administrator','auditor')),
    organization_id TEXT REFERENCES organization,
    reach           TEXT NOT NULL CHECK (reach IN ('self','subtree')),
    valid_from      TEXT NOT NULL,
    valid_to        TEXT,
    created_at      DATETIME NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX role_grant_user ON role_grant (user_id);
CREATE INDEX role_grant_organization ON role_grant (organization_id);

-- A token acts for its user within one of the user's grants. Only the SHA-256 of the token is kept.
CREATE TABLE api_token (
    id           TEXT NOT NULL PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES user_account,
    grant_id     TEXT NOT NULL REFERENCES role_grant,
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    created_at   DATETIME NOT NULL,
    expires_at   DATETIME NOT NULL,
    revoked_at   DATETIME
);
CREATE INDEX api_token_user ON api_token (user_id);

-- +goose StatementBegin
CREATE TRIGGER placement_overlap_insert BEFORE INSERT ON placement
WHEN EXISTS (SELECT 1 FROM placement o WHERE o.organization_id = NEW.organization_id AND o.id <> NEW.id
    AND o.valid_from <= coalesce(NEW.valid_to, '9999-12-31') AND NEW.valid_from <= coalesce(o.valid_to, '9999-12-31'))
BEGIN
    SELECT RAISE(ABORT, 'placement_overlap');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER placement_overlap_update BEFORE UPDATE ON placement
WHEN EXISTS (SELECT 1 FROM placement o WHERE o.organization_id = NEW.organization_id AND o.id <> NEW.id
    AND o.valid_from <= coalesce(NEW.valid_to, '9999-12-31') AND NEW.valid_from <= coalesce(o.valid_to, '9999-12-31'))
BEGIN
    SELECT RAISE(ABORT, 'placement_overlap');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER body_term_overlap_insert BEFORE INSERT ON body_term
WHEN EXISTS (SELECT 1 FROM body_term o WHERE o.organization_id = NEW.organization_id AND o.body = NEW.body AND o.id <> NEW.id
    AND o.valid_from <= coalesce(NEW.valid_to, '9999-12-31') AND NEW.valid_from <= coalesce(o.valid_to, '9999-12-31'))
BEGIN
    SELECT RAISE(ABORT, 'body_term_overlap');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER body_term_overlap_update BEFORE UPDATE ON body_term
WHEN EXISTS (SELECT 1 FROM body_term o WHERE o.organization_id = NEW.organization_id AND o.body = NEW.body AND o.id <> NEW.id
    AND o.valid_from <= coalesce(NEW.valid_to, '9999-12-31') AND NEW.valid_from <= coalesce(o.valid_to, '9999-12-31'))
BEGIN
    SELECT RAISE(ABORT, 'body_term_overlap');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE api_token;
DROP TABLE role_grant;
DROP TABLE excused_month;
DROP TABLE body_term;
DROP TABLE placement;
DROP TABLE organization;
