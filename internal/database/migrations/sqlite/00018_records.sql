-- +goose Up
-- Whether the party fees of the month were reported, and where the text of a session stands that is kept on paper for secrecy.
-- totals_only marks a session of which no roll is known, only the numbers in meeting_totals.
ALTER TABLE meeting ADD COLUMN fees_reported BOOLEAN;
ALTER TABLE meeting ADD COLUMN paper_book TEXT;
ALTER TABLE meeting ADD COLUMN paper_page TEXT CHECK ((paper_book IS NULL) = (paper_page IS NULL));
ALTER TABLE meeting ADD COLUMN totals_only BOOLEAN NOT NULL DEFAULT FALSE;

-- What was voted on, with the counts. Base, needed number and outcome are computed from the roll and kept in the record version.
CREATE TABLE meeting_vote (
    meeting_id      TEXT NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    subject         TEXT,
    votes_for       INTEGER NOT NULL CHECK (votes_for >= 0),
    votes_against   INTEGER CHECK (votes_against >= 0),
    votes_abstained INTEGER CHECK (votes_abstained >= 0),
    method          TEXT CHECK (method IN ('show_of_hands','party_card','secret_ballot')),
    threshold       TEXT NOT NULL CHECK (threshold IN ('more_than_half','two_thirds')),
    stated_base     INTEGER CHECK (stated_base >= 0),
    PRIMARY KEY (meeting_id, position)
);

-- The numbers of a session whose roll is not known, and why it is not. official and probationary empty = not known either.
CREATE TABLE meeting_totals (
    meeting_id   TEXT NOT NULL PRIMARY KEY REFERENCES meeting ON DELETE CASCADE,
    roster       INTEGER NOT NULL CHECK (roster >= 0),
    official     INTEGER CHECK (official >= 0),
    probationary INTEGER CHECK (probationary >= 0),
    expected     INTEGER NOT NULL CHECK (expected BETWEEN 0 AND roster),
    present      INTEGER NOT NULL CHECK (present >= 0),
    excused      INTEGER NOT NULL CHECK (excused >= 0),
    unexcused    INTEGER NOT NULL CHECK (unexcused >= 0),
    temporary    INTEGER NOT NULL CHECK (temporary >= 0),
    reason       TEXT NOT NULL,
    CHECK (present + excused + unexcused <= expected)
);

-- Which part of what is counted rests on totals alone, under each attendance base, and how many sittings are kept on paper.
ALTER TABLE ledger_entry ADD COLUMN totals_sittings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN totals_roster INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN totals_eligible INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN totals_excused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN paper_sittings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_sittings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_roster INTEGER NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_eligible INTEGER NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_excused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN paper_sittings INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE balance DROP COLUMN paper_sittings;
ALTER TABLE balance DROP COLUMN totals_excused;
ALTER TABLE balance DROP COLUMN totals_eligible;
ALTER TABLE balance DROP COLUMN totals_roster;
ALTER TABLE balance DROP COLUMN totals_sittings;
ALTER TABLE ledger_entry DROP COLUMN paper_sittings;
ALTER TABLE ledger_entry DROP COLUMN totals_excused;
ALTER TABLE ledger_entry DROP COLUMN totals_eligible;
ALTER TABLE ledger_entry DROP COLUMN totals_roster;
ALTER TABLE ledger_entry DROP COLUMN totals_sittings;
DROP TABLE meeting_totals;
DROP TABLE meeting_vote;
ALTER TABLE meeting DROP COLUMN totals_only;
ALTER TABLE meeting DROP COLUMN paper_page;
ALTER TABLE meeting DROP COLUMN paper_book;
ALTER TABLE meeting DROP COLUMN fees_reported;
