-- +goose Up
-- The orders of the lists of resolutions and tasks: by day, those without one last.
CREATE INDEX resolution_day ON resolution (coalesce(adopted_on, '2199-12-31'), id);
CREATE INDEX task_day ON task (coalesce(due_on, '2199-12-31'), id);

-- +goose Down
DROP INDEX task_day;
DROP INDEX resolution_day;
