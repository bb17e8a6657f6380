package schedule

import "sochibo/internal/audit"

// SealedRegistration is what the log commits to of a registration: what was registered, and the decision.
func SealedRegistration() audit.Kind {
	return audit.Kind{Name: "registration", Parts: []audit.Part{
		{Model: Registration{}, Key: "id"},
		{Model: RegisteredSession{}, Key: "registration_id"},
	}}
}

// SealedNotice is what the log commits to of one thing that was posted.
func SealedNotice() audit.Kind {
	return audit.Kind{Name: "notice", Parts: []audit.Part{{Model: Notice{}, Key: "id"}}}
}

// SealedDelegate is what the log commits to of a delegate: the assignment and the attendance.
func SealedDelegate() audit.Kind {
	return audit.Kind{Name: "delegate", Parts: []audit.Part{
		{Model: Delegate{}, Key: "id"},
		{Model: Visit{}, Key: "delegate_id"},
	}}
}

// SealedFeed is what the log commits to of a calendar feed.
func SealedFeed() audit.Kind {
	return audit.Kind{Name: "calendar_feed", Parts: []audit.Part{{Model: Feed{}, Key: "id"}}}
}
