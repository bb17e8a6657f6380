// Command main walks through a month of a cell with the client that oapi-codegen makes of the contract: the same path as
// docs/api-guide.md. client.gen.go is generated beside it and not kept.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"
)

func main() {
	if err := walk(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("the Go client walked the whole path")
}

// as returns a client with the token of the role.
func as(role string) (*ClientWithResponses, error) {
	url, token := os.Getenv("SOCHIBO_URL"), os.Getenv("SOCHIBO_TOKEN_"+role)
	if url == "" || token == "" {
		return nil, fmt.Errorf("SOCHIBO_URL or SOCHIBO_TOKEN_%s is not set", role)
	}
	return NewClientWithResponses(url, WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
}

// answer is what every generated result has.
type answer interface {
	GetBody() []byte
	StatusCode() int
}

// done returns the body of an answer, or fails with the problem.
func done[A answer, T any](result A, err error, body func(A) *T) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if found := body(result); found != nil {
		return *found, nil
	}
	return none, fmt.Errorf("answered %d: %s", result.StatusCode(), result.GetBody())
}

func day(text string) openapi_types.Date {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return openapi_types.Date{Time: parsed}
}

func tag(version int) string { return strconv.Quote(strconv.Itoa(version)) }

// want fails unless what was got is what is wanted.
func want[T comparable](what string, got, wanted T) error {
	if got != wanted {
		return fmt.Errorf("%s: got %v, want %v", what, got, wanted)
	}
	return nil
}

// walker is the three people of the walk.
type walker struct{ administrator, secretary, superior *ClientWithResponses }

func (w walker) found(ctx context.Context, body FoundOrganization) (Organization, error) {
	result, err := w.administrator.FoundOrganizationWithResponse(ctx, nil, body)
	return done(result, err, func(r *FoundOrganizationResult) *Organization { return r.JSON201 })
}

// foundTree founds a superior organization, a base organization and a cell, one below the other.
func (w walker) foundTree(ctx context.Context) (district, cell Organization, err error) {
	district, err = w.found(ctx, FoundOrganization{
		Kind: "superior", Code: new("DU-HUYEN"), Name: "Đảng bộ huyện", FoundedOn: new(day("2010-01-01")),
	})
	if err != nil {
		return district, cell, err
	}
	base, err := w.found(ctx, FoundOrganization{
		Kind: "base_party", Code: new("DB-XA"), Name: "Đảng bộ xã", FoundedOn: new(day("2010-05-19")), ParentId: &district.Id,
	})
	if err != nil {
		return district, cell, err
	}
	cell, err = w.found(ctx, FoundOrganization{
		Kind: "cell", CellType: new(FoundOrganizationCellType("agency")), Code: new("CB-TH"), Name: "Chi bộ Tổng hợp",
		FoundedOn: new(day("2015-01-01")), ParentId: &base.Id,
	})
	return district, cell, err
}

func (w walker) admit(ctx context.Context, cell uuid.UUID, names ...string) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	for _, name := range names {
		home := MemberFirstHome{OrganizationId: cell, From: day("2015-02-03")}
		result, err := w.administrator.AdmitMemberWithResponse(ctx, nil, MemberInput{FullName: name, Membership: &home})
		member, err := done(result, err, func(r *AdmitMemberResult) *Member { return r.JSON201 })
		if err != nil {
			return nil, err
		}
		ids = append(ids, member.Id)
	}
	return ids, nil
}

func (w walker) installCommittee(ctx context.Context, cell Organization, secretary, deputy uuid.UUID) error {
	from, to := day("2017-06-01"), day("2020-05-31")
	term, err := w.administrator.InstallBodyWithResponse(ctx, cell.Id, &InstallBodyParams{IfMatch: tag(cell.Version)},
		InstallBody{Body: "cell_committee", From: from, To: &to})
	if _, err := done(term, err, func(r *InstallBodyResult) *BodyTerm { return r.JSON201 }); err != nil {
		return err
	}
	for office, member := range map[MemberOfficeInputOffice]uuid.UUID{"secretary": secretary, "deputy_secretary": deputy} {
		result, err := w.administrator.AddMemberOfficeWithResponse(ctx, member, nil, MemberOfficeInput{
			OrganizationId: cell.Id, Body: "cell_committee", Office: office, From: from, To: &to,
		})
		if _, err := done(result, err, func(r *AddMemberOfficeResult) *MemberOffice { return r.JSON201 }); err != nil {
			return err
		}
	}
	return nil
}

// hold plans the meeting, twice under one key, and reads its roster.
func (w walker) hold(ctx context.Context, cell uuid.UUID, members []uuid.UUID) (MeetingRecord, error) {
	body := MeetingInput{
		OrganizationId: cell, Body: "cell", Forms: []MeetingInputForms{"regular"}, PeriodMonth: "2018-01",
		StartedAt: time.Date(2018, 1, 5, 7, 0, 0, 0, time.UTC), ChairId: &members[0], MinutesTakerId: &members[1],
	}
	var meeting MeetingRecord
	for range 2 {
		result, err := w.secretary.CreateMeetingWithResponse(ctx, &CreateMeetingParams{IdempotencyKey: new("january-2018")}, body)
		again, err := done(result, err, func(r *CreateMeetingResult) *MeetingRecord { return r.JSON201 })
		if err != nil {
			return meeting, err
		}
		if meeting.Id != uuid.Nil && again.Id != meeting.Id {
			return meeting, fmt.Errorf("a repeated request made a second meeting")
		}
		meeting = again
	}
	result, err := w.secretary.GetRosterWithResponse(ctx, cell, &GetRosterParams{On: &meeting.HeldOn})
	roster, err := done(result, err, func(r *GetRosterResult) *Roster { return r.JSON200 })
	if err != nil {
		return meeting, err
	}
	return meeting, want("roster", len(roster.Roster), len(members))
}

func (w walker) submit(ctx context.Context, m MeetingRecord, roll RollInput) (MeetingRecord, error) {
	result, err := w.secretary.SubmitMeetingWithResponse(ctx, m.Id, &SubmitMeetingParams{IfMatch: tag(m.Version)}, Submission{Attendance: &roll})
	return done(result, err, func(r *SubmitMeetingResult) *MeetingRecord { return r.JSON200 })
}

// figures are what the walk looks at in a summary.
type figures struct {
	sessions      int
	present, base int
}

func (w walker) check(ctx context.Context, what string, organization uuid.UUID, basis GetSummaryParamsBasis, wanted figures) error {
	result, err := w.superior.GetSummaryWithResponse(ctx, organization, &GetSummaryParams{From: "2018-01", To: "2018-01", Basis: &basis})
	summary, err := done(result, err, func(r *GetSummaryResult) *Summary { return r.JSON200 })
	if err != nil {
		return err
	}
	rate := summary.Attendance["cell"].Rate
	return want(what, figures{summary.Sessions["cell"].Total, rate.Numerator, rate.Denominator}, wanted)
}

func walk(ctx context.Context) error {
	var w walker
	var err error
	for role, client := range map[string]**ClientWithResponses{
		"ADMINISTRATOR": &w.administrator, "SECRETARY": &w.secretary, "SUPERIOR": &w.superior,
	} {
		if *client, err = as(role); err != nil {
			return err
		}
	}
	district, cell, err := w.foundTree(ctx)
	if err != nil {
		return err
	}
	members, err := w.admit(ctx, cell.Id, "Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Em")
	if err != nil {
		return err
	}
	if err := w.installCommittee(ctx, cell, members[0], members[1]); err != nil {
		return err
	}
	meeting, err := w.hold(ctx, cell.Id, members)
	if err != nil {
		return err
	}
	return w.receive(ctx, district.Id, meeting, members)
}

// receive submits with exceptions only, returns, submits corrected, accepts, and looks at the figures after each.
func (w walker) receive(ctx context.Context, district uuid.UUID, meeting MeetingRecord, members []uuid.UUID) error {
	meeting, err := w.submit(ctx, meeting, RollInput{
		Others: new(RollInputOthers("present")),
		Rows: &[]RollRowInput{{
			MemberId: members[2], Status: new(RollRowInputStatus("excused")), ReasonKind: new(RollRowInputReasonKind("sick")),
		}},
	})
	if err != nil {
		return err
	}
	if err := w.check(ctx, "submitted", district, "submitted", figures{1, 4, 5}); err != nil {
		return err
	}
	returned, err := w.superior.ReturnMeetingWithResponse(ctx, meeting.Id, &ReturnMeetingParams{IfMatch: tag(meeting.Version)},
		Reason{Reason: "Đồng chí Dung vắng, biên bản ghi có mặt"})
	if meeting, err = done(returned, err, func(r *ReturnMeetingResult) *MeetingRecord { return r.JSON200 }); err != nil {
		return err
	}
	if err := w.check(ctx, "returned", district, "submitted", figures{}); err != nil {
		return err
	}
	absent := []RollRowInput{{MemberId: members[3], Status: new(RollRowInputStatus("unexcused"))}}
	if meeting, err = w.submit(ctx, meeting, RollInput{Rows: &absent}); err != nil {
		return err
	}
	accepted, err := w.superior.AcceptMeetingWithResponse(ctx, meeting.Id, &AcceptMeetingParams{IfMatch: tag(meeting.Version)})
	if _, err := done(accepted, err, func(r *AcceptMeetingResult) *MeetingRecord { return r.JSON200 }); err != nil {
		return err
	}
	return w.check(ctx, "accepted", district, "accepted", figures{1, 3, 5})
}
