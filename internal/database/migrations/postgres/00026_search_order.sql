-- +goose Up
-- What a search finds comes in an order that search_word keeps. order_key is, of organisations and members, the whole text, which orders those in
-- which the word goes on alike; of meetings, month and day, the order of their list.
-- +goose StatementBegin
CREATE FUNCTION search_order(source text, content jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE source
        WHEN 'meeting' THEN (content ->> 'period_month') || ' ' || (content ->> 'held_on')
        WHEN 'organization' THEN content ->> 'search_key'
        WHEN 'member' THEN content ->> 'search_key'
        ELSE ''
    END;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_word (source, word, order_key, object_id)
    SELECT TG_TABLE_NAME, w, o.key, a.id
    FROM added a, LATERAL (SELECT search_order(TG_TABLE_NAME, to_jsonb(a)) AS key OFFSET 0) AS o, search_words(a.search_key) AS w;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = TG_TABLE_NAME;
    INSERT INTO search_word (source, word, order_key, object_id)
    SELECT TG_TABLE_NAME, w, search_order(TG_TABLE_NAME, to_jsonb(NEW)), NEW.id FROM search_words(NEW.search_key) AS w;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER meeting_search_update ON meeting;
CREATE TRIGGER meeting_search_update AFTER UPDATE OF search_key, period_month, held_on ON meeting FOR EACH ROW
    WHEN (OLD.search_key <> NEW.search_key OR OLD.period_month <> NEW.period_month OR OLD.held_on <> NEW.held_on)
    EXECUTE FUNCTION search_update();
DELETE FROM search_word WHERE source IN ('organization', 'member', 'meeting');
INSERT INTO search_word (source, word, order_key, object_id) SELECT 'organization', w, search_key, id FROM organization, search_words(search_key) AS w;
INSERT INTO search_word (source, word, order_key, object_id) SELECT 'member', w, search_key, id FROM member, search_words(search_key) AS w;
INSERT INTO search_word (source, word, order_key, object_id)
SELECT 'meeting', w, period_month || ' ' || to_char(held_on, 'YYYY-MM-DD'), id FROM meeting, search_words(search_key) AS w;

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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_word (source, word, order_key, object_id)
    SELECT TG_TABLE_NAME, w, o.key, a.id
    FROM added a, LATERAL (SELECT coalesce(to_jsonb(a) ->> 'period_month', '') AS key OFFSET 0) AS o, search_words(a.search_key) AS w;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = TG_TABLE_NAME;
    INSERT INTO search_word (source, word, order_key, object_id)
    SELECT TG_TABLE_NAME, w, coalesce(to_jsonb(NEW) ->> 'period_month', ''), NEW.id FROM search_words(NEW.search_key) AS w;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER meeting_search_update ON meeting;
CREATE TRIGGER meeting_search_update AFTER UPDATE OF search_key, period_month ON meeting FOR EACH ROW
    WHEN (OLD.search_key <> NEW.search_key OR OLD.period_month <> NEW.period_month)
    EXECUTE FUNCTION search_update();
DROP FUNCTION search_order;
DELETE FROM search_word WHERE source IN ('organization', 'member', 'meeting');
INSERT INTO search_word (source, word, order_key, object_id) SELECT 'organization', w, '', id FROM organization, search_words(search_key) AS w;
INSERT INTO search_word (source, word, order_key, object_id) SELECT 'member', w, '', id FROM member, search_words(search_key) AS w;
INSERT INTO search_word (source, word, order_key, object_id)
SELECT 'meeting', w, period_month, id FROM meeting, search_words(search_key) AS w;
