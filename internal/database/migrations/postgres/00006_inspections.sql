-- +goose Up
CREATE TABLE inspection (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id uuid NOT NULL REFERENCES organization,
    body            text COLLATE "C" NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    kind            text COLLATE "C" NOT NULL CHECK (kind IN ('compliance_inspection','violation_sign_inspection','thematic_supervision','regular_supervision')),
    from_on         date NOT NULL,
    to_on           date,
    title           text,
    search_key      text COLLATE "C" NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (to_on IS NULL OR from_on <= to_on)
);
CREATE INDEX inspection_organization ON inspection (organization_id, from_on);
CREATE INDEX inspection_from ON inspection (from_on, id);

CREATE TABLE inspection_object (
    id              uuid PRIMARY KEY,
    inspection_id   uuid NOT NULL REFERENCES inspection,
    object_type     text COLLATE "C" NOT NULL CHECK (object_type IN ('organization','member')),
    organization_id uuid REFERENCES organization,
    member_id       uuid REFERENCES member,
    created_at      timestamptz NOT NULL,
    CHECK ((object_type = 'organization') = (organization_id IS NOT NULL)),
    CHECK ((object_type = 'member') = (member_id IS NOT NULL)),
    UNIQUE (inspection_id, organization_id),
    UNIQUE (inspection_id, member_id)
);

-- +goose Down
DROP TABLE inspection_object;
DROP TABLE inspection;
