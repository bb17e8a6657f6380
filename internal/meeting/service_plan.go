package meeting

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// Plan adds a scheduled meeting within a transaction of another room.
//
// Faults: those of Create.
func Plan(ctx context.Context, tx *database.Tx, zone calendar.Zone, actor auth.Actor, in Creation) (Meeting, error) {
	in.Planned, in.Submit, in.Roll = true, false, nil
	d, err := (&Service{zone: zone}).create(ctx, tx, actor, in)
	return d.meeting, err
}
