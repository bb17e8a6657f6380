-- +goose Up
-- The dated tree unrolled: every organisation with each one at or above it, and the days on which it stands there. It follows from
-- placement, by triggers, so that a list asks one row where it would walk.
CREATE TABLE organization_above (
    organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
    above_id        uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
    valid_from      date NOT NULL,
    valid_to        date NOT NULL,
    PRIMARY KEY (organization_id, above_id, valid_from)
);
CREATE INDEX organization_above_below ON organization_above (above_id, organization_id, valid_from, valid_to);

-- Unrolls organisations and what stands below them on any day.
-- +goose StatementBegin
CREATE FUNCTION organization_unroll(moved uuid[]) RETURNS void LANGUAGE plpgsql AS $$
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
SELECT organization_unroll(array_agg(id)) FROM organization;

-- +goose StatementBegin
CREATE FUNCTION organization_above_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO organization_above (organization_id, above_id, valid_from, valid_to)
    SELECT id, id, date '0001-01-01', date '9999-12-31' FROM added;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION placement_above_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM organization_unroll(array_agg(organization_id)) FROM added;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION placement_above_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM organization_unroll(ARRAY[OLD.organization_id]);
    IF TG_OP = 'UPDATE' AND NEW.organization_id <> OLD.organization_id THEN
        PERFORM organization_unroll(ARRAY[NEW.organization_id]);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER organization_above_insert AFTER INSERT ON organization REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION organization_above_insert();
CREATE TRIGGER placement_above_insert AFTER INSERT ON placement REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION placement_above_insert();
CREATE TRIGGER placement_above_change AFTER UPDATE OR DELETE ON placement FOR EACH ROW EXECUTE FUNCTION placement_above_change();

-- +goose Down
DROP TRIGGER placement_above_change ON placement;
DROP TRIGGER placement_above_insert ON placement;
DROP TRIGGER organization_above_insert ON organization;
DROP FUNCTION placement_above_change;
DROP FUNCTION placement_above_insert;
DROP FUNCTION organization_above_insert;
DROP FUNCTION organization_unroll;
DROP TABLE organization_above;
