-- +goose Up
-- The dated tree unrolled: every organisation with each one at or above it, and the days on which it stands there. It follows from
-- placement, by triggers, so that a list asks one row where it would walk.
CREATE TABLE organization_above (
    organization_id TEXT NOT NULL REFERENCES organization ON DELETE CASCADE,
    above_id        TEXT NOT NULL REFERENCES organization ON DELETE CASCADE,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT NOT NULL,
    PRIMARY KEY (organization_id, above_id, valid_from)
);
CREATE INDEX organization_above_below ON organization_above (above_id, organization_id, valid_from, valid_to);

-- Organisations are written through this view, which unrolls what stands at or below them on any day.
CREATE VIEW organization_moved AS SELECT organization_id FROM placement;
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

INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to)
WITH RECURSIVE up (organization_id, above_id, valid_from, valid_to) AS (
    SELECT id, id, '0001-01-01', '9999-12-31' FROM organization
    UNION
    SELECT u.organization_id, p.parent_id, max(u.valid_from, p.valid_from), min(u.valid_to, coalesce(p.valid_to, '9999-12-31'))
    FROM up u JOIN placement p ON p.organization_id = u.above_id
    WHERE p.valid_from <= u.valid_to AND coalesce(p.valid_to, '9999-12-31') >= u.valid_from AND p.parent_id <> u.organization_id
)
SELECT organization_id, above_id, valid_from, max(valid_to) FROM up GROUP BY organization_id, above_id, valid_from;

-- +goose StatementBegin
CREATE TRIGGER organization_above_insert AFTER INSERT ON organization
BEGIN
    INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to) VALUES (NEW.id, NEW.id, '0001-01-01', '9999-12-31');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER placement_above_insert AFTER INSERT ON placement
BEGIN
    INSERT INTO organization_moved (organization_id) VALUES (NEW.organization_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER placement_above_update AFTER UPDATE ON placement
BEGIN
    INSERT INTO organization_moved (organization_id) VALUES (OLD.organization_id);
    INSERT INTO organization_moved (organization_id) VALUES (NEW.organization_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER placement_above_delete AFTER DELETE ON placement
BEGIN
    INSERT INTO organization_moved (organization_id) VALUES (OLD.organization_id);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER placement_above_delete;
DROP TRIGGER placement_above_update;
DROP TRIGGER placement_above_insert;
DROP TRIGGER organization_above_insert;
DROP VIEW organization_moved;
DROP TABLE organization_above;
