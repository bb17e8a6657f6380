package inspection

import (
	"context"
	"fmt"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// atOnce is how many organisations are looked up in one query.
const atOnce = 5000

// cellsOf returns those of the organisations that are cells and exist today, in the order of their ids.
func cellsOf(ctx context.Context, tx *database.Tx, ids []org.ID) ([]org.Organization, error) {
	var cells []org.Organization
	for some := range slices.Chunk(ids, atOnce) {
		known, err := org.LookupAll(ctx, tx, some)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			if o := known[id]; o.Kind.May(org.Cell) && o.ExistsOn(tx.Today()) {
				cells = append(cells, o)
			}
		}
	}
	return cells, nil
}

// roundsBelow returns the rounds until the end of the months by the organisation and those below it today, once for each object.
func roundsBelow(ctx context.Context, tx *database.Tx, id org.ID, months calendar.Period) ([]looked, error) {
	where, args := org.Narrow(ctx, tx, id, org.ScopeSubtree, "i.organization_id")
	q := `SELECT x.organization_id AS cell_id, i.from_on FROM inspection i JOIN inspection_object x ON x.inspection_id = i.id
		WHERE x.organization_id IS NOT NULL AND i.from_on <= ? AND ` + where
	var found []looked
	if err := database.Gorm(ctx, tx).Raw(q, append([]any{months.Last()}, args...)...).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("rounds below %s: %w", id, err)
	}
	return found, nil
}

// plannedBelow returns the planned rounds of the quarters that the months touch, of the organisation and those below it today, with their
// objects.
func plannedBelow(ctx context.Context, tx *database.Tx, id org.ID, months calendar.Period) ([]planned, []PlanObject, error) {
	where, args := org.Narrow(ctx, tx, id, org.ScopeSubtree, "p.organization_id")
	from := ` FROM inspection_plan_item it JOIN inspection_plan p ON p.id = it.plan_id WHERE it.quarter BETWEEN ? AND ? AND ` + where
	args = append([]any{months.From.Quarter(), months.To.Quarter()}, args...)
	var items []planned
	q := `SELECT it.*, EXISTS (SELECT 1 FROM inspection i WHERE i.plan_item_id = it.id) AS carried_out` + from
	if err := database.Gorm(ctx, tx).Raw(q, args...).Scan(&items).Error; err != nil {
		return nil, nil, fmt.Errorf("planned rounds below %s: %w", id, err)
	}
	objects, err := database.Of[PlanObject](database.Gorm(ctx, tx)).Where("item_id IN (SELECT it.id"+from+")", args...).Find(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("objects of planned rounds below %s: %w", id, err)
	}
	return items, objects, nil
}
