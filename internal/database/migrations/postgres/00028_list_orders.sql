-- +goose Up
-- The order of the list of meetings within an organisation, from which the first of some organisations are found without reading the others.
DROP INDEX meeting_organization;
CREATE INDEX meeting_organization ON meeting (organization_id, period_month, held_on, id);
-- In the order of days and among those of a status, whether a meeting is in sight is decided before it is read.
DROP INDEX meeting_held;
CREATE INDEX meeting_held ON meeting (held_on, id, organization_id, body);
DROP INDEX meeting_status;
CREATE INDEX meeting_status ON meeting (status, period_month, held_on, id, organization_id);

-- The rows of rolls that are not present, which are few and are looked for, in the order of days, with what they are narrowed by. They follow from
-- rolls and meetings, by triggers.
CREATE TABLE attendance_absent (
    meeting_id      uuid NOT NULL,
    member_id       uuid NOT NULL,
    status          text COLLATE "C" NOT NULL,
    held_on         date NOT NULL,
    organization_id uuid NOT NULL,
    period_month    text COLLATE "C" NOT NULL,
    body            text COLLATE "C" NOT NULL,
    PRIMARY KEY (meeting_id, member_id),
    FOREIGN KEY (meeting_id, member_id) REFERENCES attendance ON DELETE CASCADE
);
CREATE INDEX attendance_absent_day ON attendance_absent (status, held_on, meeting_id, member_id, organization_id, period_month, body);
CREATE INDEX attendance_absent_organization ON attendance_absent (organization_id, status, held_on, meeting_id, member_id, period_month, body);
INSERT INTO attendance_absent (meeting_id, member_id, status, held_on, organization_id, period_month, body)
SELECT a.meeting_id, a.member_id, a.status, m.held_on, m.organization_id, m.period_month, m.body FROM attendance a JOIN meeting m ON m.id = a.meeting_id WHERE a.status <> 'present';

-- +goose StatementBegin
CREATE FUNCTION attendance_absent_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO attendance_absent (meeting_id, member_id, status, held_on, organization_id, period_month, body)
    SELECT a.meeting_id, a.member_id, a.status, m.held_on, m.organization_id, m.period_month, m.body FROM added a JOIN meeting m ON m.id = a.meeting_id WHERE a.status <> 'present';
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION attendance_absent_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM attendance_absent WHERE meeting_id = OLD.meeting_id AND member_id = OLD.member_id;
    INSERT INTO attendance_absent (meeting_id, member_id, status, held_on, organization_id, period_month, body)
    SELECT NEW.meeting_id, NEW.member_id, NEW.status, m.held_on, m.organization_id, m.period_month, m.body FROM meeting m WHERE m.id = NEW.meeting_id AND NEW.status <> 'present';
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION meeting_absent_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attendance_absent SET held_on = NEW.held_on, organization_id = NEW.organization_id, period_month = NEW.period_month, body = NEW.body
    WHERE meeting_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER attendance_absent_insert AFTER INSERT ON attendance REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_absent_insert();
CREATE TRIGGER attendance_absent_update AFTER UPDATE OF status ON attendance
    FOR EACH ROW EXECUTE FUNCTION attendance_absent_update();
CREATE TRIGGER meeting_absent_update AFTER UPDATE OF held_on, organization_id, period_month, body ON meeting
    FOR EACH ROW WHEN (OLD.held_on <> NEW.held_on OR OLD.organization_id <> NEW.organization_id OR OLD.period_month <> NEW.period_month OR OLD.body <> NEW.body) EXECUTE FUNCTION meeting_absent_update();

-- +goose Down
DROP TRIGGER meeting_absent_update ON meeting;
DROP TRIGGER attendance_absent_update ON attendance;
DROP TRIGGER attendance_absent_insert ON attendance;
DROP FUNCTION meeting_absent_update;
DROP FUNCTION attendance_absent_update;
DROP FUNCTION attendance_absent_insert;
DROP TABLE attendance_absent;
DROP INDEX meeting_status;
CREATE INDEX meeting_status ON meeting (status, period_month, held_on, id);
DROP INDEX meeting_held;
CREATE INDEX meeting_held ON meeting (held_on, id);
DROP INDEX meeting_organization;
CREATE INDEX meeting_organization ON meeting (organization_id, period_month, body);
