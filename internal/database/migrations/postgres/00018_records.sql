-- +goose Up
-- Whether the party fees of the month were reported, and where the text of a session stands that is kept on paper for secrecy.
-- totals_only marks a session of which no roll is known, only the numbers in meeting_totals.
ALTER TABLE meeting ADD COLUMN fees_reported boolean;
ALTER TABLE meeting ADD COLUMN paper_book text;
ALTER TABLE meeting ADD COLUMN paper_page text;
ALTER TABLE meeting ADD COLUMN totals_only boolean NOT NULL DEFAULT FALSE;
ALTER TABLE meeting ADD CONSTRAINT meeting_paper CHECK ((paper_book IS NULL) = (paper_page IS NULL));

-- What was voted on, with the counts. Base, needed number and outcome are computed from the roll and kept in the record version.
CREATE TABLE meeting_vote (
    meeting_id      uuid NOT NULL REFERENCES meeting ON DELETE CASCADE,
    position        integer NOT NULL,
    subject         text,
    votes_for       integer NOT NULL CHECK (votes_for >= 0),
    votes_against   integer CHECK (votes_against >= 0),
    votes_abstained integer CHECK (votes_abstained >= 0),
    method          text COLLATE "C" CHECK (method IN ('show_of_hands','party_card','secret_ballot')),
    threshold       text COLLATE "C" NOT NULL CHECK (threshold IN ('more_than_half','two_thirds')),
    stated_base     integer CHECK (stated_base >= 0),
    PRIMARY KEY (meeting_id, position)
);

-- The numbers of a session whose roll is not known, and why it is not. official and probationary empty = not known either.
CREATE TABLE meeting_totals (
    meeting_id   uuid PRIMARY KEY REFERENCES meeting ON DELETE CASCADE,
    roster       integer NOT NULL CHECK (roster >= 0),
    official     integer CHECK (official >= 0),
    probationary integer CHECK (probationary >= 0),
    expected     integer NOT NULL CHECK (expected BETWEEN 0 AND roster),
    present      integer NOT NULL CHECK (present >= 0),
    excused      integer NOT NULL CHECK (excused >= 0),
    unexcused    integer NOT NULL CHECK (unexcused >= 0),
    temporary    integer NOT NULL CHECK (temporary >= 0),
    reason       text NOT NULL,
    CHECK (present + excused + unexcused <= expected)
);

-- Which part of what is counted rests on totals alone, under each attendance base, and how many sittings are kept on paper.
ALTER TABLE ledger_entry ADD COLUMN totals_sittings integer NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN totals_roster integer NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN totals_eligible integer NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN totals_excused integer NOT NULL DEFAULT 0;
ALTER TABLE ledger_entry ADD COLUMN paper_sittings integer NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_sittings bigint NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_roster bigint NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_eligible bigint NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN totals_excused bigint NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN paper_sittings bigint NOT NULL DEFAULT 0;

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
ALTER TABLE meeting DROP CONSTRAINT meeting_paper;
ALTER TABLE meeting DROP COLUMN totals_only;
ALTER TABLE meeting DROP COLUMN paper_page;
ALTER TABLE meeting DROP COLUMN paper_book;
ALTER TABLE meeting DROP COLUMN fees_reported;
