-- +goose Up
-- The interned chain of an organisation and its ancestors, from itself up to the root, joined by '/'.
-- The id is derived from the chain, so that the same chain always has the same id.
CREATE TABLE ledger_path (
    id    TEXT NOT NULL PRIMARY KEY,
    chain TEXT NOT NULL UNIQUE
);

-- One row for each organisation of a chain; via_id is the child through which it is reached (the organisation itself at depth 0).
CREATE TABLE ledger_path_step (
    path_id         TEXT NOT NULL REFERENCES ledger_path,
    depth           INTEGER NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization,
    via_id          TEXT NOT NULL REFERENCES organization,
    PRIMARY KEY (path_id, depth)
);
CREATE INDEX ledger_path_step_organization ON ledger_path_step (organization_id, via_id, path_id);

-- Entries are numbered in the order of their commits. source names the table that source_id belongs to;
-- obligations have the organisation as their source. day is the day of the tree that
-- the path follows. basis is submitted, accepted, or both (facts that no record decides).
CREATE TABLE ledger_entry (
    number                  INTEGER NOT NULL PRIMARY KEY,
    recorded_at             DATETIME NOT NULL,
    cause                   TEXT NOT NULL,
    source                  TEXT NOT NULL CHECK (source IN ('meeting','obligation','inspection','inspection_object')),
    source_id               TEXT NOT NULL,
    version_number          INTEGER,
    reverses                INTEGER REFERENCES ledger_entry,
    path_id                 TEXT NOT NULL REFERENCES ledger_path,
    organization_id         TEXT NOT NULL REFERENCES organization,
    day                     TEXT NOT NULL,
    month                   TEXT NOT NULL CHECK (length(month) = 7),
    body                    TEXT NOT NULL,
    basis                   TEXT NOT NULL CHECK (basis IN ('submitted','accepted','both')),
    regular                 INTEGER NOT NULL DEFAULT 0,
    thematic                INTEGER NOT NULL DEFAULT 0,
    extraordinary           INTEGER NOT NULL DEFAULT 0,
    sittings                INTEGER NOT NULL DEFAULT 0,
    roster                  INTEGER NOT NULL DEFAULT 0,
    roster_present          INTEGER NOT NULL DEFAULT 0,
    roster_excused          INTEGER NOT NULL DEFAULT 0,
    roster_unexcused        INTEGER NOT NULL DEFAULT 0,
    eligible                INTEGER NOT NULL DEFAULT 0,
    eligible_present        INTEGER NOT NULL DEFAULT 0,
    eligible_excused        INTEGER NOT NULL DEFAULT 0,
    eligible_unexcused      INTEGER NOT NULL DEFAULT 0,
    temporary               INTEGER NOT NULL DEFAULT 0,
    guests                  INTEGER NOT NULL DEFAULT 0,
    speakers                INTEGER NOT NULL DEFAULT 0,
    minutes                 INTEGER NOT NULL DEFAULT 0,
    timed                   INTEGER NOT NULL DEFAULT 0,
    due                     INTEGER NOT NULL DEFAULT 0,
    excused                 INTEGER NOT NULL DEFAULT 0,
    covered                 INTEGER NOT NULL DEFAULT 0,
    reported                INTEGER NOT NULL DEFAULT 0,
    quarters_due1           INTEGER NOT NULL DEFAULT 0,
    quarters_due2           INTEGER NOT NULL DEFAULT 0,
    quarters_due            INTEGER NOT NULL DEFAULT 0,
    quarters_covered1       INTEGER NOT NULL DEFAULT 0,
    quarters_covered2       INTEGER NOT NULL DEFAULT 0,
    quarters_covered        INTEGER NOT NULL DEFAULT 0,
    rounds                  INTEGER NOT NULL DEFAULT 0,
    inspected_organizations INTEGER NOT NULL DEFAULT 0,
    inspected_members       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX ledger_entry_source ON ledger_entry (source_id, source, month);
CREATE INDEX ledger_entry_recorded ON ledger_entry (recorded_at, number);
CREATE INDEX ledger_entry_path ON ledger_entry (path_id, number);
CREATE UNIQUE INDEX ledger_entry_reverses ON ledger_entry (reverses) WHERE reverses IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'rows of ledger_entry are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'rows of ledger_entry are never changed or removed');
END;
-- +goose StatementEnd

-- What the entries add up to. via_id is the zero id for the total, a child for the part that came through it,
-- the organisation itself for its own part.
CREATE TABLE balance (
    organization_id         TEXT NOT NULL REFERENCES organization,
    via_id                  TEXT NOT NULL,
    month                   TEXT NOT NULL,
    body                    TEXT NOT NULL,
    basis                   TEXT NOT NULL,
    regular                 INTEGER NOT NULL DEFAULT 0,
    thematic                INTEGER NOT NULL DEFAULT 0,
    extraordinary           INTEGER NOT NULL DEFAULT 0,
    sittings                INTEGER NOT NULL DEFAULT 0,
    roster                  INTEGER NOT NULL DEFAULT 0,
    roster_present          INTEGER NOT NULL DEFAULT 0,
    roster_excused          INTEGER NOT NULL DEFAULT 0,
    roster_unexcused        INTEGER NOT NULL DEFAULT 0,
    eligible                INTEGER NOT NULL DEFAULT 0,
    eligible_present        INTEGER NOT NULL DEFAULT 0,
    eligible_excused        INTEGER NOT NULL DEFAULT 0,
    eligible_unexcused      INTEGER NOT NULL DEFAULT 0,
    temporary               INTEGER NOT NULL DEFAULT 0,
    guests                  INTEGER NOT NULL DEFAULT 0,
    speakers                INTEGER NOT NULL DEFAULT 0,
    minutes                 INTEGER NOT NULL DEFAULT 0,
    timed                   INTEGER NOT NULL DEFAULT 0,
    due                     INTEGER NOT NULL DEFAULT 0,
    excused                 INTEGER NOT NULL DEFAULT 0,
    covered                 INTEGER NOT NULL DEFAULT 0,
    reported                INTEGER NOT NULL DEFAULT 0,
    quarters_due1           INTEGER NOT NULL DEFAULT 0,
    quarters_due2           INTEGER NOT NULL DEFAULT 0,
    quarters_due            INTEGER NOT NULL DEFAULT 0,
    quarters_covered1       INTEGER NOT NULL DEFAULT 0,
    quarters_covered2       INTEGER NOT NULL DEFAULT 0,
    quarters_covered        INTEGER NOT NULL DEFAULT 0,
    rounds                  INTEGER NOT NULL DEFAULT 0,
    inspected_organizations INTEGER NOT NULL DEFAULT 0,
    inspected_members       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, via_id, month, body, basis)
);

-- The number of the last entry; locked last and held to commit.
CREATE TABLE ledger_head (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number      INTEGER NOT NULL,
    recorded_at DATETIME NOT NULL
);
INSERT INTO ledger_head (id, number, recorded_at) VALUES (1, 0, '1970-01-01 00:00:00+00:00');

-- +goose Down
DROP TABLE ledger_head;
DROP TABLE balance;
DROP TABLE ledger_entry;
DROP TABLE ledger_path_step;
DROP TABLE ledger_path;
