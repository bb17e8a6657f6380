-- +goose Up
-- The interned chain of an organisation and its ancestors, from itself up to the root, joined by '/'.
-- The id is derived from the chain, so that the same chain always has the same id.
CREATE TABLE ledger_path (
    id    uuid PRIMARY KEY,
    chain text COLLATE "C" NOT NULL UNIQUE
);

-- One row for each organisation of a chain; via_id is the child through which it is reached (the organisation itself at depth 0).
CREATE TABLE ledger_path_step (
    path_id         uuid NOT NULL REFERENCES ledger_path,
    depth           integer NOT NULL,
    organization_id uuid NOT NULL REFERENCES organization,
    via_id          uuid NOT NULL REFERENCES organization,
    PRIMARY KEY (path_id, depth)
);
CREATE INDEX ledger_path_step_organization ON ledger_path_step (organization_id, via_id, path_id);

-- Entries are numbered in the order of their commits. source names the table that source_id belongs to;
-- obligations have the organisation as their source. day is the day of the tree that
-- the path follows. basis is submitted, accepted, or both (facts that no record decides).
CREATE TABLE ledger_entry (
    number                  bigint PRIMARY KEY,
    recorded_at             timestamptz NOT NULL,
    cause                   text COLLATE "C" NOT NULL,
    source                  text COLLATE "C" NOT NULL CHECK (source IN ('meeting','obligation','inspection','inspection_object')),
    source_id               uuid NOT NULL,
    version_number          integer,
    reverses                bigint REFERENCES ledger_entry,
    path_id                 uuid NOT NULL REFERENCES ledger_path,
    organization_id         uuid NOT NULL REFERENCES organization,
    day                     date NOT NULL,
    month                   text COLLATE "C" NOT NULL CHECK (length(month) = 7),
    body                    text COLLATE "C" NOT NULL,
    basis                   text COLLATE "C" NOT NULL CHECK (basis IN ('submitted','accepted','both')),
    regular                 integer NOT NULL DEFAULT 0,
    thematic                integer NOT NULL DEFAULT 0,
    extraordinary           integer NOT NULL DEFAULT 0,
    sittings                integer NOT NULL DEFAULT 0,
    roster                  integer NOT NULL DEFAULT 0,
    roster_present          integer NOT NULL DEFAULT 0,
    roster_excused          integer NOT NULL DEFAULT 0,
    roster_unexcused        integer NOT NULL DEFAULT 0,
    eligible                integer NOT NULL DEFAULT 0,
    eligible_present        integer NOT NULL DEFAULT 0,
    eligible_excused        integer NOT NULL DEFAULT 0,
    eligible_unexcused      integer NOT NULL DEFAULT 0,
    temporary               integer NOT NULL DEFAULT 0,
    guests                  integer NOT NULL DEFAULT 0,
    speakers                integer NOT NULL DEFAULT 0,
    minutes                 integer NOT NULL DEFAULT 0,
    timed                   integer NOT NULL DEFAULT 0,
    due                     integer NOT NULL DEFAULT 0,
    excused                 integer NOT NULL DEFAULT 0,
    covered                 integer NOT NULL DEFAULT 0,
    reported                integer NOT NULL DEFAULT 0,
    quarters_due1           integer NOT NULL DEFAULT 0,
    quarters_due2           integer NOT NULL DEFAULT 0,
    quarters_due            integer NOT NULL DEFAULT 0,
    quarters_covered1       integer NOT NULL DEFAULT 0,
    quarters_covered2       integer NOT NULL DEFAULT 0,
    quarters_covered        integer NOT NULL DEFAULT 0,
    rounds                  integer NOT NULL DEFAULT 0,
    inspected_organizations integer NOT NULL DEFAULT 0,
    inspected_members       integer NOT NULL DEFAULT 0
);
CREATE INDEX ledger_entry_source ON ledger_entry (source_id, source, month);
CREATE INDEX ledger_entry_recorded ON ledger_entry (recorded_at, number);
CREATE INDEX ledger_entry_path ON ledger_entry (path_id, number);
CREATE UNIQUE INDEX ledger_entry_reverses ON ledger_entry (reverses) WHERE reverses IS NOT NULL;
CREATE TRIGGER ledger_entry_immutable BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_kept BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the entries add up to. via_id is the zero id for the total, a child for the part that came through it,
-- the organisation itself for its own part.
CREATE TABLE balance (
    organization_id         uuid NOT NULL REFERENCES organization,
    via_id                  uuid NOT NULL,
    month                   text COLLATE "C" NOT NULL,
    body                    text COLLATE "C" NOT NULL,
    basis                   text COLLATE "C" NOT NULL,
    regular                 bigint NOT NULL DEFAULT 0,
    thematic                bigint NOT NULL DEFAULT 0,
    extraordinary           bigint NOT NULL DEFAULT 0,
    sittings                bigint NOT NULL DEFAULT 0,
    roster                  bigint NOT NULL DEFAULT 0,
    roster_present          bigint NOT NULL DEFAULT 0,
    roster_excused          bigint NOT NULL DEFAULT 0,
    roster_unexcused        bigint NOT NULL DEFAULT 0,
    eligible                bigint NOT NULL DEFAULT 0,
    eligible_present        bigint NOT NULL DEFAULT 0,
    eligible_excused        bigint NOT NULL DEFAULT 0,
    eligible_unexcused      bigint NOT NULL DEFAULT 0,
    temporary               bigint NOT NULL DEFAULT 0,
    guests                  bigint NOT NULL DEFAULT 0,
    speakers                bigint NOT NULL DEFAULT 0,
    minutes                 bigint NOT NULL DEFAULT 0,
    timed                   bigint NOT NULL DEFAULT 0,
    due                     bigint NOT NULL DEFAULT 0,
    excused                 bigint NOT NULL DEFAULT 0,
    covered                 bigint NOT NULL DEFAULT 0,
    reported                bigint NOT NULL DEFAULT 0,
    quarters_due1           bigint NOT NULL DEFAULT 0,
    quarters_due2           bigint NOT NULL DEFAULT 0,
    quarters_due            bigint NOT NULL DEFAULT 0,
    quarters_covered1       bigint NOT NULL DEFAULT 0,
    quarters_covered2       bigint NOT NULL DEFAULT 0,
    quarters_covered        bigint NOT NULL DEFAULT 0,
    rounds                  bigint NOT NULL DEFAULT 0,
    inspected_organizations bigint NOT NULL DEFAULT 0,
    inspected_members       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, via_id, month, body, basis)
);

-- The number of the last entry; locked last and held to commit.
CREATE TABLE ledger_head (
    id          integer PRIMARY KEY CHECK (id = 1),
    number      bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);
INSERT INTO ledger_head (id, number, recorded_at) VALUES (1, 0, '1970-01-01 00:00:00+00:00');

-- +goose Down
DROP TABLE ledger_head;
DROP TABLE balance;
DROP TABLE ledger_entry;
DROP TABLE ledger_path_step;
DROP TABLE ledger_path;
