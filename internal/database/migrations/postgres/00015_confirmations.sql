-- +goose Up
-- When the user last proved again to be the one who acts in the session; opening it was the first proof.
ALTER TABLE login_session ADD COLUMN confirmed_at timestamptz;

-- An erasure that waits can be taken back by who asked for it, or rejected with a reason by who might have confirmed it.
ALTER TABLE erasure ADD COLUMN ended_by uuid REFERENCES user_account;
ALTER TABLE erasure ADD COLUMN ended_at timestamptz;
ALTER TABLE erasure ADD COLUMN decision_reason text;
ALTER TABLE erasure DROP CONSTRAINT erasure_status_check;
ALTER TABLE erasure ADD CONSTRAINT erasure_status_check CHECK (status IN ('requested','confirmed','rejected','withdrawn'));
ALTER TABLE erasure ADD CONSTRAINT erasure_ended CHECK ((status IN ('rejected','withdrawn')) = (ended_at IS NOT NULL));
ALTER TABLE erasure ADD CONSTRAINT erasure_reason CHECK ((status = 'rejected') = (decision_reason IS NOT NULL));
ALTER TABLE erasure ADD CONSTRAINT erasure_rejected_by_another
    CHECK (status <> 'rejected' OR requested_by IS NULL OR ended_by IS NULL OR requested_by <> ended_by);

-- +goose Down
DROP TRIGGER erasure_guarded ON erasure;
DELETE FROM erasure WHERE status IN ('rejected','withdrawn');
CREATE TRIGGER erasure_guarded BEFORE UPDATE OR DELETE ON erasure FOR EACH ROW EXECUTE FUNCTION guard_erasure();
ALTER TABLE erasure DROP CONSTRAINT erasure_rejected_by_another;
ALTER TABLE erasure DROP CONSTRAINT erasure_reason;
ALTER TABLE erasure DROP CONSTRAINT erasure_ended;
ALTER TABLE erasure DROP CONSTRAINT erasure_status_check;
ALTER TABLE erasure ADD CONSTRAINT erasure_status_check CHECK (status IN ('requested','confirmed'));
ALTER TABLE erasure DROP COLUMN decision_reason;
ALTER TABLE erasure DROP COLUMN ended_at;
ALTER TABLE erasure DROP COLUMN ended_by;
ALTER TABLE login_session DROP COLUMN confirmed_at;
