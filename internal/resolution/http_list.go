package resolution

import (
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// resolutionList is a page of resolutions.
type resolutionList struct {
	Data []resolutionResponse `json:"data"`
	Next *string              `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name ResolutionList

// listResolutions lists resolutions.
//
//	@Summary		List resolutions
//	@Description	Lists the resolutions of the meetings whose records the caller may see.
//	@ID				listResolutions
//	@Tags			Resolutions
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	query		string	false	"Of meetings of this organization"							format(uuid)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			meeting_id		query		string	false	"Of this meeting"											format(uuid)
//	@Param			code			query		string	false	"The resolution with this code"
//	@Param			adopted_from	query		string	false	"Adopted on this day or later"									format(date)
//	@Param			adopted_to		query		string	false	"Adopted on this day or earlier"								format(date)
//	@Param			updated_since	query		string	false	"Changed at this instant or later; orders by the last change"	format(date-time)
//	@Param			sort			query		string	false	"Order"															Enums(adopted, updated)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"								minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	resolutionList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/resolutions [get]
func (s *Service) listResolutions(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	filter, page, err := readFilter(c, ByAdopted)
	if err != nil {
		return err
	}
	found, err := s.List(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	found, next := httpapi.Cut(found, page, func(r Shown) []string { return filter.keys(r.AdoptedOn, r.UpdatedAt, r.ID.UUID) })
	if format == "csv" {
		return httpapi.CSV(c, "resolutions.csv", table(resolutionColumns(), found, resolutionCells))
	}
	list := resolutionList{Data: make([]resolutionResponse, len(found)), Next: next}
	for i, r := range found {
		list.Data[i] = wire(r)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// taskList is a page of tasks.
type taskList struct {
	Data []taskResponse `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name TaskList

// listTasks lists tasks.
//
//	@Summary		List tasks
//	@Description	Lists the tasks of the meetings whose records the caller may see.
//	@ID				listTasks
//	@Tags			Tasks
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	query		string	false	"Of meetings of this organization"							format(uuid)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			meeting_id		query		string	false	"Of this meeting"											format(uuid)
//	@Param			code			query		string	false	"The task with this code"
//	@Param			assignee_id		query		string	false	"Given to this member"											format(uuid)
//	@Param			status			query		string	false	"With this status"												Enums(open, done, dropped)
//	@Param			due_from		query		string	false	"Due on this day or later"										format(date)
//	@Param			due_to			query		string	false	"Due on this day or earlier"									format(date)
//	@Param			updated_since	query		string	false	"Changed at this instant or later; orders by the last change"	format(date-time)
//	@Param			sort			query		string	false	"Order"															Enums(due, updated)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"								minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	taskList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/tasks [get]
func (s *Service) listTasks(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	filter, page, err := readFilter(c, ByDue)
	if err != nil {
		return err
	}
	found, err := s.ListTasks(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	found, next := httpapi.Cut(found, page, func(t Task) []string { return filter.keys(t.DueOn, t.UpdatedAt, t.ID.UUID) })
	if format == "csv" {
		return httpapi.CSV(c, "tasks.csv", table(taskColumns(), found, taskCells))
	}
	list := taskList{Data: make([]taskResponse, len(found)), Next: next}
	for i, t := range found {
		list.Data[i] = wireTask(t)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// readFilter reads the parameters of a list; usual is the order by day, whose name the parameters of the days begin with.
func readFilter(c *gin.Context, usual Order) (Filter, httpapi.Page, error) {
	q := httpapi.NewQuery(c)
	filter := Filter{
		Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn), Code: q.Text("code"),
		Order: Order(q.StringOr("sort", string(usual), string(usual), string(ByUpdated))),
	}
	if id := q.UUID("organization_id"); q.Has("organization_id") {
		filter.Organization = &org.ID{UUID: id}
	}
	if id := q.UUID("meeting_id"); q.Has("meeting_id") {
		filter.Meeting = &id
	}
	if from := q.Date(string(usual) + "_from"); !from.IsZero() {
		filter.From = &from
	}
	if to := q.Date(string(usual) + "_to"); !to.IsZero() {
		filter.To = &to
	}
	if usual == ByDue {
		if id := q.UUID("assignee_id"); q.Has("assignee_id") {
			filter.Assignee = &member.ID{UUID: id}
		}
		filter.Status = TaskStatus(q.String("status", string(Open), string(Done), string(Dropped)))
	}
	if since := q.Instant("updated_since"); q.Has("updated_since") {
		filter.UpdatedSince, filter.Order = &since, ByUpdated
	}
	key := httpapi.KeyDate
	if filter.Order == ByUpdated {
		key = httpapi.KeyInstant
	}
	page := q.Page(key, httpapi.KeyUUID)
	filter.Limit = page.Limit
	if err := q.Err(); err != nil {
		return filter, page, err
	}
	return filter, page, filter.resume(page.After)
}

// resume sets the position behind which the page begins.
func (filter *Filter) resume(after httpapi.Cursor) error {
	if after == nil {
		return nil
	}
	id, err := uuid.Parse(after[1])
	if err != nil {
		return err
	}
	filter.After = &Position{ID: id}
	if filter.Order == ByUpdated {
		filter.After.UpdatedAt, err = time.Parse(time.RFC3339Nano, after[0])
		filter.After.UpdatedAt = filter.After.UpdatedAt.UTC()
		return err
	}
	filter.After.Day, err = calendar.ParseDate(after[0])
	return err
}

// keys are the sort keys of a row, for the cursor.
func (filter Filter) keys(on *calendar.Date, updatedAt time.Time, id uuid.UUID) []string {
	if filter.Order == ByUpdated {
		return []string{updatedAt.UTC().Format(time.RFC3339Nano), id.String()}
	}
	return []string{day(on).String(), id.String()}
}

// table makes the rows of a CSV file.
func table[R any](columns []string, found []R, cells func(R) []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield(columns) {
			return
		}
		for _, r := range found {
			if !yield(cells(r)) {
				return
			}
		}
	}
}

func resolutionColumns() []string {
	return []string{"id", "code", "meeting_id", "number", "adopted_on", "title", "votes_for", "votes_against", "votes_abstained", "kind", "vote_base", "votes_needed", "adopted"}
}

func resolutionCells(r Shown) []string {
	kind, adopted := "", ""
	if k := r.Kind(); k != nil {
		kind = string(*k)
	}
	if r.Outcome.Adopted != nil {
		adopted = strconv.FormatBool(*r.Outcome.Adopted)
	}
	return []string{
		r.ID.String(), or(r.Code), r.MeetingID.String(), or(r.Number), or(r.AdoptedOn).String(), or(r.Title),
		count(r.VotesFor), count(r.VotesAgainst), count(r.VotesAbstained), kind, count(r.Outcome.Base), count(r.Outcome.Needed), adopted,
	}
}

func taskColumns() []string {
	return []string{
		"id", "code", "meeting_id", "title", "assignee_id", "due_on", "status", "done_on", "result", "evidence", "evidence_address",
		"reported_by_id", "version",
	}
}

func taskCells(t Task) []string {
	return []string{
		t.ID.String(), or(t.Code), t.MeetingID.String(), or(t.Title), someone(t.AssigneeID), or(t.DueOn).String(), string(t.Status),
		or(t.DoneOn).String(), or(t.Result), or(t.Evidence), or(t.EvidenceAddress), someone(t.ReportedByID), strconv.FormatInt(t.Version, 10),
	}
}

// someone writes the id of a member, or nothing.
func someone(id *member.ID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// or returns what the pointer points to, or the zero value.
func or[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// count writes a number, or nothing.
func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
