package org

import (
	"context"
	"slices"

	"sochibo/internal/auth"
	"sochibo/internal/database"
)

type watchKey struct{}

// watch remembers with what rights a request was decided, so that nobody has to look them up again.
type watch struct {
	actor             auth.Actor
	known, privileged bool
}

// WatchRights returns a context under which every decision about the actor is remembered for Privileged.
func WatchRights(ctx context.Context, actor auth.Actor) context.Context {
	return context.WithValue(ctx, watchKey{}, &watch{actor: actor})
}

// noteRights remembers the grants with which something about the watched actor was decided. A transaction may run twice; what one run
// found is not forgotten by the next.
func noteRights(ctx context.Context, actor auth.Actor, grants []Grant) {
	w, ok := ctx.Value(watchKey{}).(*watch)
	if !ok || actor.Installation || w.actor.UserID != actor.UserID || w.actor.GrantID != actor.GrantID {
		return
	}
	w.known = true
	w.privileged = w.privileged || slices.ContainsFunc(grants, func(g Grant) bool { return auth.Privileged(g.Role) })
}

// Privileged reports whether one of the grants the actor can use today has a role whose reading is recorded: as the decisions under a
// watched context found it, or looked up where nothing was decided.
func Privileged(ctx context.Context, db *database.DB, actor auth.Actor) (bool, error) {
	if w, ok := ctx.Value(watchKey{}).(*watch); ok && w.known && w.actor == actor {
		return w.privileged, nil
	}
	return database.Read(ctx, db, func(tx *database.Tx) (bool, error) {
		grants, err := ownGrants(ctx, tx, actor)
		return slices.ContainsFunc(grants, func(g Grant) bool { return auth.Privileged(g.Role) }), err
	})
}
