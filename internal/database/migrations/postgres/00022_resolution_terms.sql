-- +goose Up
-- The place of a number such as 05-NQ/CB in its series: organisation, kind, letters of the issuer, first day of the term, sequence.
-- Empty where the number has no such form, or came with a folder.
ALTER TABLE resolution ADD COLUMN number_key text COLLATE "C";
CREATE UNIQUE INDEX resolution_number_key ON resolution (number_key);

-- What became of a task: the result, what shows it, and who reported it.
ALTER TABLE task ADD COLUMN result text;
ALTER TABLE task ADD COLUMN evidence text;
ALTER TABLE task ADD COLUMN evidence_address text;
ALTER TABLE task ADD COLUMN reported_by_id uuid REFERENCES member;

-- +goose Down
ALTER TABLE task DROP COLUMN reported_by_id;
ALTER TABLE task DROP COLUMN evidence_address;
ALTER TABLE task DROP COLUMN evidence;
ALTER TABLE task DROP COLUMN result;
DROP INDEX resolution_number_key;
ALTER TABLE resolution DROP COLUMN number_key;
