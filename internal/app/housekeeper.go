package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
)

const (
	// pruneEvery is how often answers that were kept for repeated requests are looked through for old ones.
	pruneEvery = time.Hour
	// closeEvery is how often somebody looks for a day of accesses that has ended.
	closeEvery = time.Minute
	// lookEvery is how often the clock is looked at, more often where checkpoints are wanted so.
	lookEvery = 10 * time.Second
)

// housekeeper does what the server does by the clock, on one goroutine.
type housekeeper struct {
	app                      *App
	pruneAt, closeAt, signAt time.Time
	signed                   int64 // how many leaves the last checkpoint is about, in the file where there is one
	begun                    bool  // signed is known
}

func newHousekeeper(a *App) *housekeeper { return &housekeeper{app: a} }

// run looks at the clock now and then until ctx ends.
func (h *housekeeper) run(ctx context.Context) {
	every := lookEvery
	if wanted := time.Duration(h.app.config.CheckpointEvery); wanted > 0 {
		every = min(every, wanted)
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		h.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// look does what is due by the store's clock. What fails is said in the log and done at its next time.
func (h *housekeeper) look(ctx context.Context) {
	now := h.app.db.Now()
	if due(&h.pruneAt, now, pruneEvery) {
		h.prune(ctx)
	}
	if due(&h.closeAt, now, closeEvery) {
		err := errors.Join(h.app.closeDays(ctx), audit.PruneDays(ctx, h.app.db, auth.InstallationActor().Act("access.prune")))
		if err != nil {
			h.app.logger.Error("keep the days of accesses", "error", database.LogText(err))
		}
	}
	if every := time.Duration(h.app.config.CheckpointEvery); every > 0 && due(&h.signAt, now, every) {
		if err := h.sign(ctx); err != nil {
			h.app.logger.Error("sign a checkpoint", "error", database.LogText(err))
		}
	}
}

// due reports whether the time has come and sets the next one. A clock that was set back does not put it off.
func due(at *time.Time, now time.Time, every time.Duration) bool {
	if now.Before(*at) && at.Sub(now) <= every {
		return false
	}
	*at = now.Add(every)
	return true
}

// prune removes kept answers, and attempts to log in and logins under way, that are past their time.
func (h *housekeeper) prune(ctx context.Context) {
	if n, err := database.PruneReceipts(ctx, h.app.db); err != nil {
		h.app.logger.Warn("prune kept answers", "error", database.LogText(err))
	} else if n > 0 {
		h.app.logger.Info("pruned kept answers", "rows", n)
	}
	if err := h.app.Auth.Prune(ctx); err != nil {
		h.app.logger.Warn("prune attempts to log in", "error", err)
	}
	if err := h.app.Identities.Prune(ctx); err != nil {
		h.app.logger.Warn("prune logins under way", "error", err)
	}
}

// closeDays commits to the accesses of the days that have ended.
func (a *App) closeDays(ctx context.Context) error {
	return audit.CloseDays(ctx, a.db, auth.InstallationActor().Act("access.close"))
}

// sign signs a checkpoint if the log has grown since the last one, and appends it to the file of checkpoints where there is one. One that
// could not be appended is tried again.
func (h *housekeeper) sign(ctx context.Context) error {
	file := h.app.config.CheckpointFile
	if !h.begun {
		signed, err := h.last(ctx, file)
		if err != nil {
			return err
		}
		h.signed, h.begun = signed, true
	}
	signed, size, err := h.app.Proofs.Grown(ctx, h.signed)
	if size < h.signed {
		h.app.logger.Error("the log is shorter than a checkpoint says that was signed before", "leaves", size, "checkpoint", h.signed)
	}
	if err != nil || signed == nil {
		return err
	}
	if file != "" {
		if err := appendNote(file, signed); err != nil {
			return fmt.Errorf("keep a checkpoint: %w", err)
		}
	}
	h.signed = size
	return nil
}

// last returns how many leaves the last checkpoint is about: the last one in the file, or in the store where there is no file.
func (h *housekeeper) last(ctx context.Context, file string) (int64, error) {
	if file == "" {
		return h.app.Proofs.Signed(ctx)
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	notes := audit.SplitNotes(text)
	if err != nil || len(notes) == 0 {
		return 0, err
	}
	size, err := audit.SizeOf(notes[len(notes)-1])
	if err != nil {
		return 0, nil //nolint:nilerr // the last one was cut off, when the machine stopped: the next follows it
	}
	return size, nil
}

// appendNote adds a note to the end of the file and waits until it is on the disk. What was cut off before is ended first.
func appendNote(path string, signed []byte) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o644) //nolint:gosec // checkpoints are there to be read by others
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err := file.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
			signed = append([]byte("\n"), signed...)
		}
	}
	_, err = file.Write(signed)
	return errors.Join(err, file.Sync(), file.Close())
}
