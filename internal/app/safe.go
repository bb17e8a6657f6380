package app

import (
	"context"
	"errors"
	"fmt"
)

// CheckSafe refuses to serve a store whose settings can lose or show records, each by its name, unless the configuration allows that
// one. What is allowed, and what is merely unwise, is said in the log at every start.
func (a *App) CheckSafe(ctx context.Context) error {
	found, err := a.db.Dangers(ctx)
	if err != nil {
		return err
	}
	var refused []error
	for _, danger := range found {
		if !a.config.Allows(danger.Name) {
			refused = append(refused, fmt.Errorf("%s (SOCHIBO_ALLOW_UNSAFE=%s starts nevertheless)", danger.What, danger.Name))
			continue
		}
		a.logger.Warn("unsafe, and allowed by the configuration", "name", danger.Name, "what", danger.What)
	}
	cautions, err := a.db.Cautions(ctx)
	for _, caution := range cautions {
		a.logger.Warn("caution", "what", caution)
	}
	if a.config.FreshProof == 0 {
		a.logger.Warn("caution", "what", "SOCHIBO_FRESH_PROOF=off: whoever gets hold of an open login session can accept, grant and erase in it")
	}
	return errors.Join(append(refused, err)...)
}
