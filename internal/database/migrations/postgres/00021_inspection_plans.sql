-- +goose Up
-- What a body of an organisation means to inspect in a year, with the document that approves it.
CREATE TABLE inspection_plan (
    id              uuid PRIMARY KEY,
    code            text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    organization_id uuid NOT NULL REFERENCES organization,
    body            text COLLATE "C" NOT NULL CHECK (body IN ('cell','cell_committee','party_committee','standing_committee','conference','inspection_commission')),
    year            bigint NOT NULL,
    number          text NOT NULL,
    approved_on     date NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    UNIQUE (organization_id, body, year)
);

-- A round that a plan foresees for a quarter.
CREATE TABLE inspection_plan_item (
    id            uuid PRIMARY KEY,
    code          text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    plan_id       uuid NOT NULL REFERENCES inspection_plan,
    kind          text COLLATE "C" NOT NULL CHECK (kind IN ('compliance_inspection','violation_sign_inspection','thematic_supervision','regular_supervision')),
    quarter       text COLLATE "C" NOT NULL CHECK (length(quarter) = 7),
    planned_month text COLLATE "C" CHECK (length(planned_month) = 7),
    title         text,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX inspection_plan_item_plan ON inspection_plan_item (plan_id);
CREATE INDEX inspection_plan_item_quarter ON inspection_plan_item (quarter);

-- An organisation that a planned round is to look at.
CREATE TABLE inspection_plan_object (
    id              uuid PRIMARY KEY,
    item_id         uuid NOT NULL REFERENCES inspection_plan_item,
    organization_id uuid NOT NULL REFERENCES organization,
    created_at      timestamptz NOT NULL,
    UNIQUE (item_id, organization_id)
);

-- The planned round that a round carries out.
ALTER TABLE inspection ADD COLUMN plan_item_id uuid REFERENCES inspection_plan_item;
CREATE INDEX inspection_plan_item_carried ON inspection (plan_item_id);

-- +goose Down
DROP INDEX inspection_plan_item_carried;
ALTER TABLE inspection DROP COLUMN plan_item_id;
DROP TABLE inspection_plan_object;
DROP TABLE inspection_plan_item;
DROP TABLE inspection_plan;
