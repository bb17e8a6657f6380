-- +goose Up
-- Every organisation with the members who belong, on any day, to it or to one that stands below it: at home, temporarily or by an office. They
-- are in the order of their names, so that a list of the members of an organisation begins there with the first. It follows from memberships,
-- statuses, offices and the unrolled tree, by triggers.
CREATE TABLE organization_member (
    organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
    sort_key        text COLLATE "C" NOT NULL,
    member_id       uuid NOT NULL REFERENCES member ON DELETE CASCADE,
    PRIMARY KEY (organization_id, sort_key, member_id)
);
CREATE INDEX organization_member_member ON organization_member (member_id);

-- To which organisations members belong by themselves.
CREATE VIEW member_belongs AS
SELECT organization_id, member_id FROM membership
UNION
SELECT organization_id, member_id FROM member_status WHERE organization_id IS NOT NULL
UNION
SELECT organization_id, member_id FROM office;

-- What organization_member is to have, some of it more than once.
CREATE VIEW member_below AS
SELECT a.above_id AS organization_id, m.sort_key, b.member_id
FROM member_belongs b JOIN organization_above a ON a.organization_id = b.organization_id JOIN member m ON m.id = b.member_id;

INSERT INTO organization_member (organization_id, sort_key, member_id) SELECT DISTINCT organization_id, sort_key, member_id FROM member_below;

-- Says again to what members belong.
-- +goose StatementBegin
CREATE FUNCTION member_place(moved uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM organization_member WHERE member_id = ANY (moved);
    INSERT INTO organization_member (organization_id, sort_key, member_id)
    SELECT DISTINCT organization_id, sort_key, member_id FROM member_below WHERE member_id = ANY (moved);
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION member_place_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO organization_member (organization_id, sort_key, member_id)
    SELECT a.above_id, m.sort_key, m.id
    FROM added b JOIN organization_above a ON a.organization_id = b.organization_id JOIN member m ON m.id = b.member_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION member_place_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM member_place(ARRAY[OLD.member_id]);
    IF TG_OP = 'UPDATE' AND NEW.member_id <> OLD.member_id THEN
        PERFORM member_place(ARRAY[NEW.member_id]);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION member_place_rename() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organization_member SET sort_key = NEW.sort_key WHERE member_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER member_place_rename AFTER UPDATE OF sort_key ON member
    FOR EACH ROW WHEN (OLD.sort_key <> NEW.sort_key) EXECUTE FUNCTION member_place_rename();
CREATE TRIGGER membership_place_insert AFTER INSERT ON membership REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION member_place_insert();
CREATE TRIGGER membership_place_change AFTER DELETE OR UPDATE OF member_id, organization_id ON membership
    FOR EACH ROW EXECUTE FUNCTION member_place_change();
CREATE TRIGGER member_status_place_insert AFTER INSERT ON member_status REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION member_place_insert();
CREATE TRIGGER member_status_place_change AFTER DELETE OR UPDATE OF member_id, organization_id ON member_status
    FOR EACH ROW EXECUTE FUNCTION member_place_change();
CREATE TRIGGER office_place_insert AFTER INSERT ON office REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION member_place_insert();
CREATE TRIGGER office_place_change AFTER DELETE OR UPDATE OF member_id, organization_id ON office
    FOR EACH ROW EXECUTE FUNCTION member_place_change();

-- What stands below an organisation that is moved belongs elsewhere with its members.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION organization_unroll(moved uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    below uuid[];
BEGIN
    WITH RECURSIVE b (id) AS (
        SELECT unnest(moved)
        UNION
        SELECT p.organization_id FROM b JOIN placement p ON p.parent_id = b.id
    )
    SELECT array_agg(id) INTO below FROM b;
    DELETE FROM organization_above WHERE organization_id = ANY (below);
    INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to)
    WITH RECURSIVE up (organization_id, above_id, valid_from, valid_to) AS (
        SELECT id, id, date '0001-01-01', date '9999-12-31' FROM organization WHERE id = ANY (below)
        UNION
        SELECT u.organization_id, p.parent_id, greatest(u.valid_from, p.valid_from), least(u.valid_to, coalesce(p.valid_to, date '9999-12-31'))
        FROM up u JOIN placement p ON p.organization_id = u.above_id
        WHERE p.valid_from <= u.valid_to AND coalesce(p.valid_to, date '9999-12-31') >= u.valid_from AND p.parent_id <> u.organization_id
    )
    SELECT organization_id, above_id, valid_from, max(valid_to) FROM up GROUP BY organization_id, above_id, valid_from;
    PERFORM member_place(array_agg(DISTINCT member_id)) FROM member_belongs WHERE organization_id = ANY (below);
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION organization_unroll(moved uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    below uuid[];
BEGIN
    WITH RECURSIVE b (id) AS (
        SELECT unnest(moved)
        UNION
        SELECT p.organization_id FROM b JOIN placement p ON p.parent_id = b.id
    )
    SELECT array_agg(id) INTO below FROM b;
    DELETE FROM organization_above WHERE organization_id = ANY (below);
    INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to)
    WITH RECURSIVE up (organization_id, above_id, valid_from, valid_to) AS (
        SELECT id, id, date '0001-01-01', date '9999-12-31' FROM organization WHERE id = ANY (below)
        UNION
        SELECT u.organization_id, p.parent_id, greatest(u.valid_from, p.valid_from), least(u.valid_to, coalesce(p.valid_to, date '9999-12-31'))
        FROM up u JOIN placement p ON p.organization_id = u.above_id
        WHERE p.valid_from <= u.valid_to AND coalesce(p.valid_to, date '9999-12-31') >= u.valid_from AND p.parent_id <> u.organization_id
    )
    SELECT organization_id, above_id, valid_from, max(valid_to) FROM up GROUP BY organization_id, above_id, valid_from;
END $$;
-- +goose StatementEnd
DROP TRIGGER office_place_change ON office;
DROP TRIGGER office_place_insert ON office;
DROP TRIGGER member_status_place_change ON member_status;
DROP TRIGGER member_status_place_insert ON member_status;
DROP TRIGGER membership_place_change ON membership;
DROP TRIGGER membership_place_insert ON membership;
DROP TRIGGER member_place_rename ON member;
DROP FUNCTION member_place_rename;
DROP FUNCTION member_place_change;
DROP FUNCTION member_place_insert;
DROP FUNCTION member_place;
DROP VIEW member_below;
DROP VIEW member_belongs;
DROP TABLE organization_member;
