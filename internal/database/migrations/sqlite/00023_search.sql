-- +goose Up
-- What a search looks in: for every word of a text, the text from there on, the first 40 signs of it. It follows from the column search_key
-- of the table that source names, by triggers, so that no write can forget it. order_key is the month of a meeting, since titles repeat from
-- cell to cell, and empty else.
CREATE TABLE search_word (
    source    TEXT NOT NULL,
    word      TEXT NOT NULL,
    order_key TEXT NOT NULL,
    object_id TEXT NOT NULL,
    PRIMARY KEY (source, word, order_key, object_id)
);
CREATE INDEX search_word_object ON search_word (object_id, source, word); -- one id may be that of a meeting and of a member

-- Texts are written through this view, which takes them apart. A word begins where the text does, or after a space or one of -/.,:(
CREATE VIEW search_text AS SELECT source, order_key, object_id, word AS text FROM search_word;
-- +goose StatementBegin
CREATE TRIGGER search_text_insert INSTEAD OF INSERT ON search_text
BEGIN
    INSERT INTO search_word (source, word, order_key, object_id)
    WITH RECURSIVE rest (text) AS (
        SELECT replace(replace(replace(replace(replace(replace(NEW.text, '-', ' '), '/', ' '), '.', ' '), ',', ' '), ':', ' '), '(', ' ')
        UNION ALL
        SELECT substr(text, instr(text, ' ') + 1) FROM rest WHERE instr(text, ' ') > 0
    )
    SELECT DISTINCT NEW.source, substr(text, 1, 40), NEW.order_key, NEW.object_id FROM rest WHERE text <> '' AND substr(text, 1, 1) <> ' ';
END;
-- +goose StatementEnd

INSERT INTO search_text (source, order_key, object_id, text) SELECT 'organization', '', id, search_key FROM organization;
-- +goose StatementBegin
CREATE TRIGGER organization_search_insert AFTER INSERT ON organization
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('organization', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER organization_search_update AFTER UPDATE OF search_key ON organization WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'organization';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('organization', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER organization_search_delete AFTER DELETE ON organization
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'organization';
END;
-- +goose StatementEnd

INSERT INTO search_text (source, order_key, object_id, text) SELECT 'member', '', id, search_key FROM member;
-- +goose StatementBegin
CREATE TRIGGER member_search_insert AFTER INSERT ON member
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('member', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_search_update AFTER UPDATE OF search_key ON member WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'member';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('member', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_search_delete AFTER DELETE ON member
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'member';
END;
-- +goose StatementEnd

INSERT INTO search_text (source, order_key, object_id, text) SELECT 'directive', '', id, search_key FROM directive;
-- +goose StatementBegin
CREATE TRIGGER directive_search_insert AFTER INSERT ON directive
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('directive', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER directive_search_update AFTER UPDATE OF search_key ON directive WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'directive';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('directive', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER directive_search_delete AFTER DELETE ON directive
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'directive';
END;
-- +goose StatementEnd

INSERT INTO search_text (source, order_key, object_id, text) SELECT 'topic', '', id, search_key FROM topic;
-- +goose StatementBegin
CREATE TRIGGER topic_search_insert AFTER INSERT ON topic
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('topic', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER topic_search_update AFTER UPDATE OF search_key ON topic WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'topic';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('topic', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER topic_search_delete AFTER DELETE ON topic
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'topic';
END;
-- +goose StatementEnd

INSERT INTO search_text (source, order_key, object_id, text) SELECT 'inspection', '', id, search_key FROM inspection;
-- +goose StatementBegin
CREATE TRIGGER inspection_search_insert AFTER INSERT ON inspection
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('inspection', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER inspection_search_update AFTER UPDATE OF search_key ON inspection WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'inspection';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('inspection', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER inspection_search_delete AFTER DELETE ON inspection
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'inspection';
END;
-- +goose StatementEnd

INSERT INTO search_text (source, order_key, object_id, text) SELECT 'meeting', period_month, id, search_key FROM meeting;
-- +goose StatementBegin
CREATE TRIGGER meeting_search_insert AFTER INSERT ON meeting
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('meeting', NEW.period_month, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meeting_search_update AFTER UPDATE OF search_key, period_month ON meeting
WHEN OLD.search_key <> NEW.search_key OR OLD.period_month <> NEW.period_month
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'meeting';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('meeting', NEW.period_month, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meeting_search_delete AFTER DELETE ON meeting
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'meeting';
END;
-- +goose StatementEnd

-- A search for a common name reads through the order of names; with the key beside it, members of another name need not be fetched.
DROP INDEX member_sort;
CREATE INDEX member_sort ON member (sort_key, id, search_key);

-- Names that are spelt alike but for their tones are looked for by the whole key.
CREATE INDEX member_search_key ON member (search_key);

-- +goose Down
DROP INDEX member_search_key;
DROP INDEX member_sort;
CREATE INDEX member_sort ON member (sort_key, id);
DROP TRIGGER meeting_search_delete;
DROP TRIGGER meeting_search_update;
DROP TRIGGER meeting_search_insert;
DROP TRIGGER inspection_search_delete;
DROP TRIGGER inspection_search_update;
DROP TRIGGER inspection_search_insert;
DROP TRIGGER topic_search_delete;
DROP TRIGGER topic_search_update;
DROP TRIGGER topic_search_insert;
DROP TRIGGER directive_search_delete;
DROP TRIGGER directive_search_update;
DROP TRIGGER directive_search_insert;
DROP TRIGGER member_search_delete;
DROP TRIGGER member_search_update;
DROP TRIGGER member_search_insert;
DROP TRIGGER organization_search_delete;
DROP TRIGGER organization_search_update;
DROP TRIGGER organization_search_insert;
DROP VIEW search_text;
DROP TABLE search_word;
