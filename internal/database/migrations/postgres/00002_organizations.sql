-- +goose Up
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE organization (
    id           uuid PRIMARY KEY,
    code         text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    kind         text COLLATE "C" NOT NULL CHECK (kind IN ('central','provincial','superior','base_party','sectional_party','base_cell','cell')),
    cell_type    text COLLATE "C" CHECK (cell_type IN ('neighbourhood','agency','state_enterprise','private_enterprise','students','armed_forces')),
    name         text NOT NULL,
    short_name   text,
    search_key   text COLLATE "C" NOT NULL,
    sort_key     text COLLATE "C" NOT NULL,
    founded_on   date,
    dissolved_on date,
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK (founded_on IS NULL OR dissolved_on IS NULL OR founded_on <= dissolved_on)
);
CREATE INDEX organization_sort ON organization (sort_key, id);
CREATE INDEX organization_updated ON organization (updated_at, id);

-- The dated tree. valid_to is the last day on which the row holds.
CREATE TABLE placement (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization,
    parent_id       uuid NOT NULL REFERENCES organization,
    valid_from      date NOT NULL,
    valid_to        date,
    created_at      timestamptz NOT NULL,
    CHECK (organization_id <> parent_id),
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT placement_overlap EXCLUDE USING gist (organization_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX placement_organization ON placement (organization_id, valid_from);
CREATE INDEX placement_parent ON placement (parent_id, valid_from);

-- When a committee or commission is in office. A cell exists as long as its organisation and has no row.
CREATE TABLE body_term (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization,
    body            text COLLATE "C" NOT NULL CHECK (body IN ('cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    valid_from      date NOT NULL,
    valid_to        date,
    created_at      timestamptz NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT body_term_overlap EXCLUDE USING gist (organization_id WITH =, body WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX body_term_organization ON body_term (organization_id, body, valid_from);

CREATE TABLE excused_month (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization,
    body            text COLLATE "C" NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    month           text COLLATE "C" NOT NULL CHECK (length(month) = 7),
    reason          text,
    created_at      timestamptz NOT NULL,
    UNIQUE (organization_id, body, month)
);

-- A role of a user on an organisation; organization_id empty = on the installation.
CREATE TABLE role_grant (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL REFERENCES user_account,
    role            text COLLATE "C" NOT NULL CHECK (role IN ('member','minutes_taker','secretary','superior','administrator','auditor')),
    organization_id uuid REFERENCES organization,
    reach           text COLLATE "C" NOT NULL CHECK (reach IN ('self','subtree')),
    valid_from      date NOT NULL,
    valid_to        date,
    created_at      timestamptz NOT NULL,
    CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX role_grant_user ON role_grant (user_id);
CREATE INDEX role_grant_organization ON role_grant (organization_id);

-- A token acts for its user within one of the user's grants. Only the SHA-256 of the token is kept.
CREATE TABLE api_token (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES user_account,
    grant_id     uuid NOT NULL REFERENCES role_grant,
    name         text NOT NULL,
    hash         bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX api_token_user ON api_token (user_id);

-- +goose Down
DROP TABLE api_token;
DROP TABLE role_grant;
DROP TABLE excused_month;
DROP TABLE body_term;
DROP TABLE placement;
DROP TABLE organization;
DROP EXTENSION btree_gist;
