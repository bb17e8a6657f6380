package schedule

import (
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/text"
)

// NoticeKind says what was posted.
type NoticeKind string

// The kinds.
const (
	Announcement NoticeKind = "notice"
	Document     NoticeKind = "document"
)

// NoticeKinds returns both kinds.
func NoticeKinds() []NoticeKind { return []NoticeKind{Announcement, Document} }

// Notice is the notice of a meeting or a document for it, as it was posted.
type Notice struct {
	ID         uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	MeetingID  meeting.ID
	Position   int
	Kind       NoticeKind
	Title      string
	Link       *string
	PostedAt   time.Time
	RecordedBy *auth.UserID
	CreatedAt  time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table.
func (Notice) TableName() string { return "meeting_notice" }

// Posting is what was posted at one instant; the zero instant is now.
type Posting struct {
	PostedAt time.Time
	Items    []PostedItem
}

// PostedItem is one thing that was posted.
type PostedItem struct {
	Kind  NoticeKind
	Title string
	Link  *string
}

const (
	maxItems = 50
	maxLink  = 2000
)

// check tidies the posting and says what is wrong with it.
func (p *Posting) check(f *fault.Fields, now time.Time) {
	if p.PostedAt.IsZero() {
		p.PostedAt = now
	}
	p.PostedAt = p.PostedAt.UTC().Truncate(time.Microsecond)
	f.Check(!p.PostedAt.After(now), "/posted_at", "notice_of_the_future")
	f.Check(len(p.Items) > 0, "/items", "field_required")
	f.Check(len(p.Items) <= maxItems, "/items", "list_too_long", fault.Args{"limit": maxItems})
	for i := range p.Items {
		item, at := &p.Items[i], "/items/"+strconv.Itoa(i)
		checkWord(f, at+"/kind", item.Kind, NoticeKinds())
		title := &item.Title
		text.OptionalAt(f, at+"/title", &title, text.MaxTitle)
		if f.Check(title != nil, at+"/title", "field_required") {
			item.Title = *title
		}
		text.OptionalAt(f, at+"/link", &item.Link, maxLink)
		f.Check(item.Link == nil || Address(*item.Link), at+"/link", "notice_link")
	}
}

// Address reports whether the text is the address of a page.
func Address(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
