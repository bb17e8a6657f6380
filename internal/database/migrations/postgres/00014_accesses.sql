-- +goose Up
-- Who read data of persons in a privileged role: ids and the route, no names and no query. day is that of recorded_at in the
-- installation's zone; sha256 is of the row's canonical bytes.
CREATE TABLE access_entry (
    id              uuid PRIMARY KEY,
    day             date NOT NULL,
    recorded_at     timestamptz NOT NULL,
    user_id         uuid NOT NULL REFERENCES user_account,
    token_id        uuid,
    session_id      uuid,
    request_id      text NOT NULL,
    method          text NOT NULL,
    route           text NOT NULL,
    organization_id uuid,
    member_id       uuid,
    meeting_id      uuid,
    object_id       uuid,
    row_count       bigint,
    sha256          bytea NOT NULL CHECK (length(sha256) = 32)
);
CREATE INDEX access_entry_day ON access_entry (day, id);
CREATE INDEX access_entry_member ON access_entry (member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX access_entry_user ON access_entry (user_id, id);

-- The digest of an ended day's accesses, to which a leaf commits. The rows go after 24 months, the digest stays.
CREATE TABLE access_day (
    day        date PRIMARY KEY,
    format     text NOT NULL,
    row_count  bigint NOT NULL,
    sha256     bytea NOT NULL CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL,
    pruned_at  timestamptz
);

-- Accesses of a day that has its digest are complete; they are never changed, and removed only once the day says that they were.
-- +goose StatementBegin
CREATE FUNCTION guard_access_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM access_day d WHERE d.day = NEW.day) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the day of the access is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM access_day d WHERE d.day = OLD.day AND d.pruned_at IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER access_entry_guarded BEFORE INSERT OR UPDATE OR DELETE ON access_entry FOR EACH ROW EXECUTE FUNCTION guard_access_entry();
CREATE TRIGGER access_entry_kept BEFORE TRUNCATE ON access_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The one change of a digest there is: it says, after 24 months, that its rows were removed.
-- +goose StatementBegin
CREATE FUNCTION guard_access_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(
            NEW.day = OLD.day AND NEW.format = OLD.format AND NEW.row_count = OLD.row_count AND NEW.sha256 = OLD.sha256
            AND NEW.created_at = OLD.created_at AND OLD.pruned_at IS NULL
            AND NEW.pruned_at AT TIME ZONE 'UTC' >= OLD.day + interval '24 months', FALSE) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER access_day_guarded BEFORE UPDATE OR DELETE ON access_day FOR EACH ROW EXECUTE FUNCTION guard_access_day();
CREATE TRIGGER access_day_kept BEFORE TRUNCATE ON access_day FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The keys of the log that took the place of others. note names both, and both have signed it; leaf_number is the leaf that tells.
CREATE TABLE log_rotation (
    public_key  text COLLATE "C" PRIMARY KEY,
    leaf_number bigint NOT NULL UNIQUE,
    note        text NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE TRIGGER log_rotation_immutable BEFORE UPDATE OR DELETE ON log_rotation FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_rotation_kept BEFORE TRUNCATE ON log_rotation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE log_rotation;
DROP TABLE access_entry;
DROP FUNCTION guard_access_entry;
DROP TABLE access_day;
DROP FUNCTION guard_access_day;
