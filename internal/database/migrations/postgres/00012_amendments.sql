-- +goose Up
-- A change of an accepted record that was asked for. content is the record as it would be, in canonical bytes; codes are the senders'
-- keys of its resolutions and tasks, which are no part of a record. requested_by empty = the installation.
CREATE TABLE amendment (
    id              uuid PRIMARY KEY,
    meeting_id      uuid NOT NULL REFERENCES meeting,
    base_version    integer NOT NULL,
    status          text COLLATE "C" NOT NULL CHECK (status IN ('requested','confirmed','rejected','withdrawn')),
    reason_code     text COLLATE "C" NOT NULL CHECK (reason_code IN ('clerical_error','missing_fact','wrong_roll','wrong_person','other')),
    explanation     text NOT NULL,
    basis_number    text NOT NULL,
    basis_date      date NOT NULL,
    content         bytea NOT NULL,
    codes           text NOT NULL,
    requested_by    uuid REFERENCES user_account,
    requested_at    timestamptz NOT NULL,
    decided_by      uuid REFERENCES user_account,
    decided_at      timestamptz,
    decision_reason text,
    CHECK ((status = 'requested') = (decided_at IS NULL))
);
CREATE INDEX amendment_meeting ON amendment (meeting_id, requested_at, id);
CREATE UNIQUE INDEX amendment_open ON amendment (meeting_id) WHERE status = 'requested';

-- A decision to erase, on legal grounds, what is kept about a member, or the texts of one record version. It counts once a second
-- person has confirmed it.
CREATE TABLE erasure (
    id             uuid PRIMARY KEY,
    status         text COLLATE "C" NOT NULL CHECK (status IN ('requested','confirmed')),
    member_id      uuid REFERENCES member,
    meeting_id     uuid REFERENCES meeting,
    version_number integer,
    organization_id uuid REFERENCES organization,
    legal_basis    text NOT NULL,
    explanation    text NOT NULL,
    basis_number   text NOT NULL,
    basis_date     date NOT NULL,
    pseudonym      text,
    requested_by   uuid REFERENCES user_account,
    requested_at   timestamptz NOT NULL,
    confirmed_by   uuid REFERENCES user_account,
    confirmed_at   timestamptz,
    version        bigint NOT NULL DEFAULT 1,
    CHECK ((member_id IS NULL) = (meeting_id IS NOT NULL)),
    CHECK ((meeting_id IS NULL) = (version_number IS NULL)),
    CHECK ((status = 'confirmed') = (confirmed_at IS NOT NULL)),
    CHECK (requested_by IS NULL OR confirmed_by IS NULL OR requested_by <> confirmed_by),
    FOREIGN KEY (meeting_id, version_number) REFERENCES record_version (meeting_id, number)
);
CREATE INDEX erasure_organization ON erasure (organization_id);
CREATE UNIQUE INDEX erasure_member ON erasure (member_id) WHERE status = 'requested' AND member_id IS NOT NULL;
CREATE UNIQUE INDEX erasure_version ON erasure (meeting_id, version_number) WHERE status = 'requested' AND meeting_id IS NOT NULL;

-- A decision that was taken stays as it is.
-- +goose StatementBegin
CREATE FUNCTION guard_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'requested' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of erasure are never changed once confirmed, and never removed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER erasure_guarded BEFORE UPDATE OR DELETE ON erasure FOR EACH ROW EXECUTE FUNCTION guard_erasure();
CREATE TRIGGER erasure_kept BEFORE TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE member ADD COLUMN erasure_id uuid REFERENCES erasure;

-- What made the version: an amendment, or none where it was submitted; and what erased texts of it, last.
ALTER TABLE record_version ADD COLUMN amendment_id uuid REFERENCES amendment;
ALTER TABLE record_version ADD COLUMN erasure_id uuid REFERENCES erasure;

-- The one change of a version there is: its bytes give way to a tombstone that names a confirmed erasure which has not yet touched it.
-- +goose StatementBegin
CREATE FUNCTION guard_record_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stone json;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.erasure_id IS DISTINCT FROM OLD.erasure_id AND NEW.content IS DISTINCT FROM OLD.content THEN
        stone := convert_from(NEW.content, 'UTF8')::json;
        IF coalesce(
            NEW.meeting_id = OLD.meeting_id AND NEW.number = OLD.number AND NEW.submitted_by IS NOT DISTINCT FROM OLD.submitted_by
            AND NEW.recorded_at = OLD.recorded_at AND NEW.amendment_id IS NOT DISTINCT FROM OLD.amendment_id
            AND NEW.sha256 = sha256(NEW.content)
            AND stone ->> 'format' = 'sochibo/erased/1' AND stone ->> 'meeting_id' = NEW.meeting_id::text
            AND stone ->> 'number' = NEW.number::text AND stone ->> 'erasure_id' = NEW.erasure_id::text
            AND EXISTS (SELECT 1 FROM erasure e WHERE e.id = NEW.erasure_id AND e.status = 'confirmed'
                AND (e.member_id IS NOT NULL OR e.meeting_id = NEW.meeting_id AND e.version_number = NEW.number)), FALSE) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
DROP TRIGGER record_version_immutable ON record_version;
CREATE TRIGGER record_version_immutable BEFORE UPDATE OR DELETE ON record_version FOR EACH ROW EXECUTE FUNCTION guard_record_version();

ALTER TABLE meeting_event DROP CONSTRAINT meeting_event_act_check;
ALTER TABLE meeting_event ADD CONSTRAINT meeting_event_act_check CHECK (act IN ('submitted','withdrawn','returned','accepted','cancelled','postponed',
    'amendment_requested','amended','amendment_rejected','amendment_withdrawn'));

-- +goose Down
DELETE FROM meeting_event WHERE act IN ('amendment_requested','amended','amendment_rejected','amendment_withdrawn');
ALTER TABLE meeting_event DROP CONSTRAINT meeting_event_act_check;
ALTER TABLE meeting_event ADD CONSTRAINT meeting_event_act_check CHECK (act IN ('submitted','withdrawn','returned','accepted','cancelled','postponed'));
DROP TRIGGER record_version_immutable ON record_version;
CREATE TRIGGER record_version_immutable BEFORE UPDATE OR DELETE ON record_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION guard_record_version;
ALTER TABLE record_version DROP COLUMN erasure_id;
ALTER TABLE record_version DROP COLUMN amendment_id;
ALTER TABLE member DROP COLUMN erasure_id;
DROP TABLE erasure;
DROP FUNCTION guard_erasure;
DROP TABLE amendment;
