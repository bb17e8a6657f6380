-- +goose Up
-- What a search looks in: for every word of a text, the text from there on, the first 40 signs of it. It follows from the column search_key
-- of the table that source names, by triggers, so that no write can forget it. order_key is the month of a meeting, since titles repeat from
-- cell to cell, and empty else.
CREATE TABLE search_word (
    source    text COLLATE "C" NOT NULL,
    word      text COLLATE "C" NOT NULL,
    order_key text COLLATE "C" NOT NULL,
    object_id uuid NOT NULL,
    PRIMARY KEY (source, word, order_key, object_id)
);
CREATE INDEX search_word_object ON search_word (object_id, source, word); -- one id may be that of a meeting and of a member

-- Takes a text apart. A word begins where the text does, or after a space or one of -/.,:(
-- +goose StatementBegin
CREATE FUNCTION search_words(content text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT left(array_to_string(parts[n:], ' '), 40)
    FROM (SELECT string_to_array(translate(content, '-/.,:(', '      '), ' ') AS parts) AS text, generate_subscripts(parts, 1) AS n
    WHERE parts[n] <> ''
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION search_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_word (source, word, order_key, object_id)
    SELECT TG_TABLE_NAME, w, o.key, a.id
    FROM added a, LATERAL (SELECT coalesce(to_jsonb(a) ->> 'period_month', '') AS key OFFSET 0) AS o, search_words(a.search_key) AS w;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION search_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = TG_TABLE_NAME;
    INSERT INTO search_word (source, word, order_key, object_id)
    SELECT TG_TABLE_NAME, w, coalesce(to_jsonb(NEW) ->> 'period_month', ''), NEW.id FROM search_words(NEW.search_key) AS w;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION search_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_word WHERE object_id = OLD.id AND source = TG_TABLE_NAME;
    RETURN NULL;
END $$;
-- +goose StatementEnd

INSERT INTO search_word (source, word, order_key, object_id) SELECT 'organization', w, '', id FROM organization, search_words(search_key) AS w;
CREATE TRIGGER organization_search_insert AFTER INSERT ON organization REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER organization_search_update AFTER UPDATE OF search_key ON organization FOR EACH ROW WHEN (OLD.search_key <> NEW.search_key)
    EXECUTE FUNCTION search_update();
CREATE TRIGGER organization_search_delete AFTER DELETE ON organization FOR EACH ROW EXECUTE FUNCTION search_delete();

INSERT INTO search_word (source, word, order_key, object_id) SELECT 'member', w, '', id FROM member, search_words(search_key) AS w;
CREATE TRIGGER member_search_insert AFTER INSERT ON member REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER member_search_update AFTER UPDATE OF search_key ON member FOR EACH ROW WHEN (OLD.search_key <> NEW.search_key)
    EXECUTE FUNCTION search_update();
CREATE TRIGGER member_search_delete AFTER DELETE ON member FOR EACH ROW EXECUTE FUNCTION search_delete();

INSERT INTO search_word (source, word, order_key, object_id) SELECT 'directive', w, '', id FROM directive, search_words(search_key) AS w;
CREATE TRIGGER directive_search_insert AFTER INSERT ON directive REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER directive_search_update AFTER UPDATE OF search_key ON directive FOR EACH ROW WHEN (OLD.search_key <> NEW.search_key)
    EXECUTE FUNCTION search_update();
CREATE TRIGGER directive_search_delete AFTER DELETE ON directive FOR EACH ROW EXECUTE FUNCTION search_delete();

INSERT INTO search_word (source, word, order_key, object_id) SELECT 'topic', w, '', id FROM topic, search_words(search_key) AS w;
CREATE TRIGGER topic_search_insert AFTER INSERT ON topic REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER topic_search_update AFTER UPDATE OF search_key ON topic FOR EACH ROW WHEN (OLD.search_key <> NEW.search_key)
    EXECUTE FUNCTION search_update();
CREATE TRIGGER topic_search_delete AFTER DELETE ON topic FOR EACH ROW EXECUTE FUNCTION search_delete();

INSERT INTO search_word (source, word, order_key, object_id) SELECT 'inspection', w, '', id FROM inspection, search_words(search_key) AS w;
CREATE TRIGGER inspection_search_insert AFTER INSERT ON inspection REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER inspection_search_update AFTER UPDATE OF search_key ON inspection FOR EACH ROW WHEN (OLD.search_key <> NEW.search_key)
    EXECUTE FUNCTION search_update();
CREATE TRIGGER inspection_search_delete AFTER DELETE ON inspection FOR EACH ROW EXECUTE FUNCTION search_delete();

INSERT INTO search_word (source, word, order_key, object_id) SELECT 'meeting', w, period_month, id FROM meeting, search_words(search_key) AS w;
CREATE TRIGGER meeting_search_insert AFTER INSERT ON meeting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER meeting_search_update AFTER UPDATE OF search_key, period_month ON meeting FOR EACH ROW
    WHEN (OLD.search_key <> NEW.search_key OR OLD.period_month <> NEW.period_month)
    EXECUTE FUNCTION search_update();
CREATE TRIGGER meeting_search_delete AFTER DELETE ON meeting FOR EACH ROW EXECUTE FUNCTION search_delete();

-- Names that are spelt alike but for their tones are looked for by the whole key.
CREATE INDEX member_search_key ON member (search_key);

-- +goose Down
DROP INDEX member_search_key;
DROP TRIGGER meeting_search_delete ON meeting;
DROP TRIGGER meeting_search_update ON meeting;
DROP TRIGGER meeting_search_insert ON meeting;
DROP TRIGGER inspection_search_delete ON inspection;
DROP TRIGGER inspection_search_update ON inspection;
DROP TRIGGER inspection_search_insert ON inspection;
DROP TRIGGER topic_search_delete ON topic;
DROP TRIGGER topic_search_update ON topic;
DROP TRIGGER topic_search_insert ON topic;
DROP TRIGGER directive_search_delete ON directive;
DROP TRIGGER directive_search_update ON directive;
DROP TRIGGER directive_search_insert ON directive;
DROP TRIGGER member_search_delete ON member;
DROP TRIGGER member_search_update ON member;
DROP TRIGGER member_search_insert ON member;
DROP TRIGGER organization_search_delete ON organization;
DROP TRIGGER organization_search_update ON organization;
DROP TRIGGER organization_search_insert ON organization;
DROP FUNCTION search_delete;
DROP FUNCTION search_update;
DROP FUNCTION search_insert;
DROP FUNCTION search_words;
DROP TABLE search_word;
