-- +goose Up
CREATE TABLE inspection (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id TEXT NOT NULL REFERENCES organization,
    body            TEXT NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    kind            TEXT NOT NULL CHECK (kind IN ('compliance_inspection','violation_sign_inspection','thematic_supervision','regular_supervision')),
    from_on         TEXT NOT NULL,
    to_on           TEXT,
    title           TEXT,
    search_key      TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    CHECK (to_on IS NULL OR from_on <= to_on)
);
CREATE INDEX inspection_organization ON inspection (organization_id, from_on);
CREATE INDEX inspection_from ON inspection (from_on, id);

CREATE TABLE inspection_object (
    id              TEXT NOT NULL PRIMARY KEY,
    inspection_id   TEXT NOT NULL REFERENCES inspection,
    object_type     TEXT NOT NULL CHECK (object_type IN ('organization','member')),
    organization_id TEXT REFERENCES organization,
    member_id       TEXT REFERENCES member,
    created_at      DATETIME NOT NULL,
    CHECK ((object_type = 'organization') = (organization_id IS NOT NULL)),
    CHECK ((object_type = 'member') = (member_id IS NOT NULL)),
    UNIQUE (inspection_id, organization_id),
    UNIQUE (inspection_id, member_id)
);

-- +goose Down
DROP TABLE inspection_object;
DROP TABLE inspection;
