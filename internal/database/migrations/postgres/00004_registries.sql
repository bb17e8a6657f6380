-- +goose Up
CREATE TABLE directive (
    id         uuid PRIMARY KEY,
    code       text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    number     text NOT NULL,
    issuer     text,
    issued_on  date NOT NULL,
    title      text,
    search_key text COLLATE "C" NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX directive_issued ON directive (issued_on, id);

CREATE TABLE topic (
    id           uuid PRIMARY KEY,
    code         text COLLATE "C" UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    category     text COLLATE "C" NOT NULL CHECK (category IN ('ho_chi_minh_study','cell_building','party_building','session_quality','political_task','other')),
    title        text NOT NULL,
    directive_id uuid REFERENCES directive,
    search_key   text COLLATE "C" NOT NULL,
    sort_key     text COLLATE "C" NOT NULL,
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX topic_sort ON topic (sort_key, id);

-- +goose Down
DROP TABLE topic;
DROP TABLE directive;
