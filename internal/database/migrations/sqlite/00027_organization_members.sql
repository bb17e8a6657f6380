-- +goose Up
-- Every organisation with the members who belong, on any day, to it or to one that stands below it: at home, temporarily or by an office. They
-- are in the order of their names, so that a list of the members of an organisation begins there with the first. It follows from memberships,
-- statuses, offices and the unrolled tree, by triggers.
CREATE TABLE organization_member (
    organization_id TEXT NOT NULL REFERENCES organization ON DELETE CASCADE,
    sort_key        TEXT NOT NULL,
    member_id       TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
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

-- Members are written through this view, which says again to what they belong.
CREATE VIEW member_moved AS SELECT id AS member_id FROM member;
-- +goose StatementBegin
CREATE TRIGGER member_moved_insert INSTEAD OF INSERT ON member_moved
BEGIN
    DELETE FROM organization_member WHERE member_id = NEW.member_id;
    INSERT INTO organization_member (organization_id, sort_key, member_id)
    SELECT DISTINCT organization_id, sort_key, member_id FROM member_below WHERE member_id = NEW.member_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_place_rename AFTER UPDATE OF sort_key ON member WHEN OLD.sort_key <> NEW.sort_key
BEGIN
    UPDATE organization_member SET sort_key = NEW.sort_key WHERE member_id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER membership_place_insert AFTER INSERT ON membership
BEGIN
    INSERT INTO organization_member (organization_id, sort_key, member_id)
    SELECT a.above_id, m.sort_key, m.id FROM organization_above a CROSS JOIN member m
    WHERE a.organization_id = NEW.organization_id AND m.id = NEW.member_id
    ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER membership_place_update AFTER UPDATE OF member_id, organization_id ON membership
BEGIN
    INSERT INTO member_moved (member_id) VALUES (OLD.member_id);
    INSERT INTO member_moved (member_id) VALUES (NEW.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER membership_place_delete AFTER DELETE ON membership
BEGIN
    INSERT INTO member_moved (member_id) VALUES (OLD.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_status_place_insert AFTER INSERT ON member_status WHEN NEW.organization_id IS NOT NULL
BEGIN
    INSERT INTO organization_member (organization_id, sort_key, member_id)
    SELECT a.above_id, m.sort_key, m.id FROM organization_above a CROSS JOIN member m
    WHERE a.organization_id = NEW.organization_id AND m.id = NEW.member_id
    ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_status_place_update AFTER UPDATE OF member_id, organization_id ON member_status
BEGIN
    INSERT INTO member_moved (member_id) VALUES (OLD.member_id);
    INSERT INTO member_moved (member_id) VALUES (NEW.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER member_status_place_delete AFTER DELETE ON member_status WHEN OLD.organization_id IS NOT NULL
BEGIN
    INSERT INTO member_moved (member_id) VALUES (OLD.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER office_place_insert AFTER INSERT ON office
BEGIN
    INSERT INTO organization_member (organization_id, sort_key, member_id)
    SELECT a.above_id, m.sort_key, m.id FROM organization_above a CROSS JOIN member m
    WHERE a.organization_id = NEW.organization_id AND m.id = NEW.member_id
    ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER office_place_update AFTER UPDATE OF member_id, organization_id ON office
BEGIN
    INSERT INTO member_moved (member_id) VALUES (OLD.member_id);
    INSERT INTO member_moved (member_id) VALUES (NEW.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER office_place_delete AFTER DELETE ON office
BEGIN
    INSERT INTO member_moved (member_id) VALUES (OLD.member_id);
END;
-- +goose StatementEnd

-- What stands below an organisation that is moved belongs elsewhere with its members.
DROP TRIGGER organization_moved_insert;
-- +goose StatementBegin
CREATE TRIGGER organization_moved_insert INSTEAD OF INSERT ON organization_moved
BEGIN
    DELETE FROM organization_above WHERE organization_id IN (
        WITH RECURSIVE below (id) AS (
            SELECT NEW.organization_id
            UNION
            SELECT p.organization_id FROM below b JOIN placement p ON p.parent_id = b.id
        ) SELECT id FROM below
    );
    INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to)
    WITH RECURSIVE below (id) AS (
        SELECT NEW.organization_id
        UNION
        SELECT p.organization_id FROM below b JOIN placement p ON p.parent_id = b.id
    ), up (organization_id, above_id, valid_from, valid_to) AS (
        SELECT id, id, '0001-01-01', '9999-12-31' FROM below
        UNION
        SELECT u.organization_id, p.parent_id, max(u.valid_from, p.valid_from), min(u.valid_to, coalesce(p.valid_to, '9999-12-31'))
        FROM up u JOIN placement p ON p.organization_id = u.above_id
        WHERE p.valid_from <= u.valid_to AND coalesce(p.valid_to, '9999-12-31') >= u.valid_from AND p.parent_id <> u.organization_id
    )
    SELECT organization_id, above_id, valid_from, max(valid_to) FROM up GROUP BY organization_id, above_id, valid_from;
    INSERT INTO member_moved (member_id)
    SELECT member_id FROM member_belongs WHERE organization_id IN (SELECT organization_id FROM organization_above WHERE above_id = NEW.organization_id);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER organization_moved_insert;
-- +goose StatementBegin
CREATE TRIGGER organization_moved_insert INSTEAD OF INSERT ON organization_moved
BEGIN
    DELETE FROM organization_above WHERE organization_id IN (
        WITH RECURSIVE below (id) AS (
            SELECT NEW.organization_id
            UNION
            SELECT p.organization_id FROM below b JOIN placement p ON p.parent_id = b.id
        ) SELECT id FROM below
    );
    INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to)
    WITH RECURSIVE below (id) AS (
        SELECT NEW.organization_id
        UNION
        SELECT p.organization_id FROM below b JOIN placement p ON p.parent_id = b.id
    ), up (organization_id, above_id, valid_from, valid_to) AS (
        SELECT id, id, '0001-01-01', '9999-12-31' FROM below
        UNION
        SELECT u.organization_id, p.parent_id, max(u.valid_from, p.valid_from), min(u.valid_to, coalesce(p.valid_to, '9999-12-31'))
        FROM up u JOIN placement p ON p.organization_id = u.above_id
        WHERE p.valid_from <= u.valid_to AND coalesce(p.valid_to, '9999-12-31') >= u.valid_from AND p.parent_id <> u.organization_id
    )
    SELECT organization_id, above_id, valid_from, max(valid_to) FROM up GROUP BY organization_id, above_id, valid_from;
END;
-- +goose StatementEnd
DROP TRIGGER office_place_delete;
DROP TRIGGER office_place_update;
DROP TRIGGER office_place_insert;
DROP TRIGGER member_status_place_delete;
DROP TRIGGER member_status_place_update;
DROP TRIGGER member_status_place_insert;
DROP TRIGGER membership_place_delete;
DROP TRIGGER membership_place_update;
DROP TRIGGER membership_place_insert;
DROP TRIGGER member_place_rename;
DROP TRIGGER member_moved_insert;
DROP VIEW member_moved;
DROP VIEW member_below;
DROP VIEW member_belongs;
DROP TABLE organization_member;
