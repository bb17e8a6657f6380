-- +goose Up
CREATE TABLE directive (
    id         TEXT NOT NULL PRIMARY KEY,
    code       TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    number     TEXT NOT NULL,
    issuer     TEXT,
    issued_on  TEXT NOT NULL,
    title      TEXT,
    search_key TEXT NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX directive_issued ON directive (issued_on, id);

CREATE TABLE topic (
    id           TEXT NOT NULL PRIMARY KEY,
    code         TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    category     TEXT NOT NULL CHECK (category IN ('ho_chi_minh_study','cell_building','party_building','session_quality','political_task','other')),
    title        TEXT NOT NULL,
    directive_id TEXT REFERENCES directive,
    search_key   TEXT NOT NULL,
    sort_key     TEXT NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX topic_sort ON topic (sort_key, id);

-- +goose Down
DROP TABLE topic;
DROP TABLE directive;
