-- +goose Up
-- Judgements of sessions, each as it was made: of the cell itself (self), and of the organisation above (confirmed). None is ever changed;
-- the last one of a stage stands. content is what it was computed from, in canonical JSON; rated_by empty = the installation.
CREATE TABLE rating (
    id              uuid PRIMARY KEY,
    meeting_id      uuid NOT NULL REFERENCES meeting,
    number          integer NOT NULL CHECK (number > 0),
    stage           text COLLATE "C" NOT NULL CHECK (stage IN ('self','confirmed')),
    record_version  integer NOT NULL CHECK (record_version > 0),
    rule_set        text COLLATE "C" NOT NULL,
    grade           text COLLATE "C" NOT NULL,
    points          integer CHECK (points >= 0),
    available       integer CHECK (available >= 0),
    votes_for       integer CHECK (votes_for >= 0),
    votes_against   integer CHECK (votes_against >= 0),
    votes_abstained integer CHECK (votes_abstained >= 0),
    vote_base       integer CHECK (vote_base >= 0),
    content         text,
    reason          text,
    rated_by        uuid REFERENCES user_account,
    created_at      timestamptz NOT NULL,
    UNIQUE (meeting_id, number),
    CHECK ((points IS NULL) = (available IS NULL))
);
CREATE TRIGGER rating_immutable BEFORE UPDATE OR DELETE ON rating FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_kept BEFORE TRUNCATE ON rating FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE rating;
