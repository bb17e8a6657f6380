-- +goose Up
-- What a search finds comes in an order that search_word keeps. order_key is, of organisations and members, the whole text, which orders those in
-- which the word goes on alike; of meetings, month and day, the order of their list.
DROP TRIGGER meeting_search_update;
DROP TRIGGER meeting_search_insert;
DROP TRIGGER member_search_update;
DROP TRIGGER member_search_insert;
DROP TRIGGER organization_search_update;
DROP TRIGGER organization_search_insert;
-- +goose StatementBegin
CREATE TRIGGER organization_search_insert AFTER INSERT ON organization
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('organization', NEW.search_key, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER organization_search_update AFTER UPDATE OF search_key ON organization
WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'organization';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('organization', NEW.search_key, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_search_insert AFTER INSERT ON member
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('member', NEW.search_key, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_search_update AFTER UPDATE OF search_key ON member
WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'member';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('member', NEW.search_key, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meeting_search_insert AFTER INSERT ON meeting
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('meeting', NEW.period_month || ' ' || NEW.held_on, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meeting_search_update AFTER UPDATE OF search_key, period_month, held_on ON meeting
WHEN OLD.search_key <> NEW.search_key OR OLD.period_month <> NEW.period_month OR OLD.held_on <> NEW.held_on
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'meeting';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('meeting', NEW.period_month || ' ' || NEW.held_on, NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
DELETE FROM search_word WHERE source IN ('organization', 'member', 'meeting');
INSERT INTO search_text (source, order_key, object_id, text) SELECT 'organization', search_key, id, search_key FROM organization;
INSERT INTO search_text (source, order_key, object_id, text) SELECT 'member', search_key, id, search_key FROM member;
INSERT INTO search_text (source, order_key, object_id, text) SELECT 'meeting', period_month || ' ' || held_on, id, search_key FROM meeting;

-- With the order beside them, the words of one row are read from the index alone.
DROP INDEX search_word_object;
CREATE INDEX search_word_object ON search_word (object_id, source, word, order_key);

-- What decides whether a row belongs to a list, beside its order: by the index alone.
DROP INDEX meeting_period;
CREATE INDEX meeting_period ON meeting (period_month, held_on, id, organization_id);

-- Lists that are narrowed to what waits, and the order of codes.
CREATE INDEX meeting_status ON meeting (status, period_month, held_on, id);
CREATE INDEX organization_sort_code ON organization (coalesce(code, ''), id);

-- +goose Down
DROP INDEX organization_sort_code;
DROP INDEX meeting_status;
DROP INDEX meeting_period;
CREATE INDEX meeting_period ON meeting (period_month, held_on, id);
DROP INDEX search_word_object;
CREATE INDEX search_word_object ON search_word (object_id, source, word);
DROP TRIGGER meeting_search_update;
DROP TRIGGER meeting_search_insert;
DROP TRIGGER member_search_update;
DROP TRIGGER member_search_insert;
DROP TRIGGER organization_search_update;
DROP TRIGGER organization_search_insert;
-- +goose StatementBegin
CREATE TRIGGER organization_search_insert AFTER INSERT ON organization
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('organization', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER organization_search_update AFTER UPDATE OF search_key ON organization
WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'organization';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('organization', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_search_insert AFTER INSERT ON member
BEGIN
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('member', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_search_update AFTER UPDATE OF search_key ON member
WHEN OLD.search_key <> NEW.search_key
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = 'member';
    INSERT INTO search_text (source, order_key, object_id, text) VALUES ('member', '', NEW.id, NEW.search_key);
END;
-- +goose StatementEnd
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
DELETE FROM search_word WHERE source IN ('organization', 'member', 'meeting');
INSERT INTO search_text (source, order_key, object_id, text) SELECT 'organization', '', id, search_key FROM organization;
INSERT INTO search_text (source, order_key, object_id, text) SELECT 'member', '', id, search_key FROM member;
INSERT INTO search_text (source, order_key, object_id, text) SELECT 'meeting', period_month, id, search_key FROM meeting;
