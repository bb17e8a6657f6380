package inspection

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// The faults of plans.
var (
	ErrPlanUnknown = fault.New(fault.NotFound, "inspection_plan_unknown")
	ErrPlanExists  = fault.New(fault.Conflict, "inspection_plan_exists")
	ErrPlanUsed    = fault.New(fault.Conflict, "plan_item_carried_out")
)

// maxItems is how many rounds a plan has, and how many objects a planned round.
const maxItems = 200

// Plan is what a body of an organisation means to inspect in a year, as it was approved.
type Plan struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID // the inspecting side
	Body           org.Body
	Year           int
	Number         string        // of the document that approves it
	ApprovedOn     calendar.Date // of the document
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName names the table.
func (Plan) TableName() string { return "inspection_plan" }

// PlanItem is a round that a plan foresees for a quarter.
type PlanItem struct {
	ID           uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	Code         *string
	PlanID       uuid.UUID
	Kind         Kind
	Quarter      calendar.Quarter
	PlannedMonth *calendar.Month // of the quarter
	Title        *string
	Version      int64 // of the item with its objects; the API goes by that of the plan
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName names the table.
func (PlanItem) TableName() string { return "inspection_plan_item" }

// PlanObject is an organisation that a planned round is to look at.
type PlanObject struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	ItemID         uuid.UUID
	OrganizationID org.ID
	CreatedAt      time.Time
}

// TableName names the table.
func (PlanObject) TableName() string { return "inspection_plan_object" }

// PlanInput is a plan to be recorded, or what a plan is to be from now on.
type PlanInput struct {
	ID         uuid.UUID // zero: a new one
	Code       *string
	Body       org.Body
	Year       int
	Number     string
	ApprovedOn calendar.Date
	Items      []PlanItemInput
}

// PlanItemInput is a planned round. One that stands in the plan already is named by its id.
type PlanItemInput struct {
	ID              uuid.UUID // zero: a new one
	Code            *string
	Kind            Kind
	Quarter         calendar.Quarter
	PlannedMonth    *calendar.Month
	Title           *string
	OrganizationIDs []org.ID
}

const maxNumber = 100

// tidy cleans the texts of the plan's head and notes what is wrong with it.
func (p *Plan) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &p.Code, text.MaxCode)
	text.CleanAt(f, "/number", &p.Number, maxNumber)
	f.Check(p.Number != "", "/number", "field_required")
	f.Check(!p.ApprovedOn.IsZero(), "/approved_on", "field_required")
	checkWord(f, "/body", p.Body, org.Bodies)
	f.Check(p.Year >= calendar.FirstYear && p.Year <= calendar.LastYear, "/year", "number_out_of_range",
		fault.Args{"least": calendar.FirstYear, "most": calendar.LastYear})
}

// rows makes the items and objects of the plan and notes what is wrong with them.
func (in PlanInput) rows(f *fault.Fields, p Plan, now time.Time) (items []PlanItem, objects []PlanObject) {
	f.Check(len(in.Items) <= maxItems, "/items", "list_too_long", fault.Args{"limit": maxItems})
	for n, item := range in.Items {
		at := "/items/" + strconv.Itoa(n)
		row := item.row(f, at, p, now)
		for _, before := range items {
			f.Check(before.ID != row.ID, at+"/id", "id_taken")
		}
		items = append(items, row)
		f.Check(len(item.OrganizationIDs) <= maxItems, at+"/organization_ids", "list_too_long", fault.Args{"limit": maxItems})
		for k, organization := range item.OrganizationIDs {
			twice := slices.Contains(item.OrganizationIDs[:k], organization)
			f.Check(!twice, at+"/organization_ids/"+strconv.Itoa(k), "object_duplicate")
			objects = append(objects, PlanObject{uuid.Must(uuid.NewV7()), row.ID, organization, now})
		}
	}
	return items, objects
}

// row makes the row of an item and notes at the pointer what is wrong with it.
func (in PlanItemInput) row(f *fault.Fields, at string, p Plan, now time.Time) PlanItem {
	item := PlanItem{
		ID: in.ID, Code: in.Code, PlanID: p.ID, Kind: in.Kind, Quarter: in.Quarter, PlannedMonth: in.PlannedMonth, Title: in.Title,
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if item.ID == uuid.Nil {
		item.ID = uuid.Must(uuid.NewV7())
	}
	text.OptionalAt(f, at+"/code", &item.Code, text.MaxCode)
	text.OptionalAt(f, at+"/title", &item.Title, text.MaxTitle)
	checkWord(f, at+"/kind", item.Kind, Kinds())
	if f.Check(!item.Quarter.IsZero(), at+"/quarter", "field_required") {
		f.Check(item.Quarter.Year() == p.Year, at+"/quarter", "quarter_outside_year", fault.Args{"year": p.Year})
		outside := item.PlannedMonth != nil && item.PlannedMonth.Quarter() != item.Quarter
		f.Check(!outside, at+"/planned_month", "month_outside_quarter", fault.Args{"quarter": item.Quarter.String()})
	}
	return item
}
