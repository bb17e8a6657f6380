-- +goose Up
-- Judgements of sessions, each as it was made: of the cell itself (self), and of the organisation above (confirmed). None is ever changed;
-- the last one of a stage stands. content is what it was computed from, in canonical JSON; rated_by empty = the installation.
CREATE TABLE rating (
    id              TEXT NOT NULL PRIMARY KEY,
    meeting_id      TEXT NOT NULL REFERENCES meeting,
    number          INTEGER NOT NULL CHECK (number > 0),
    stage           TEXT NOT NULL CHECK (stage IN ('self','confirmed')),
    record_version  INTEGER NOT NULL CHECK (record_version > 0),
    rule_set        TEXT NOT NULL,
    grade           TEXT NOT NULL,
    points          INTEGER CHECK (points >= 0),
    available       INTEGER CHECK (available >= 0),
    votes_for       INTEGER CHECK (votes_for >= 0),
    votes_against   INTEGER CHECK (votes_against >= 0),
    votes_abstained INTEGER CHECK (votes_abstained >= 0),
    vote_base       INTEGER CHECK (vote_base >= 0),
    content         TEXT,
    reason          TEXT,
    rated_by        TEXT REFERENCES user_account,
    created_at      DATETIME NOT NULL,
    UNIQUE (meeting_id, number),
    CHECK ((points IS NULL) = (available IS NULL))
);
-- +goose StatementBegin
CREATE TRIGGER rating_no_update BEFORE UPDATE ON rating
BEGIN
    SELECT RAISE(ABORT, 'rows of rating are never changed or removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rating_no_delete BEFORE DELETE ON rating
BEGIN
    SELECT RAISE(ABORT, 'rows of rating are never changed or removed');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE rating;
