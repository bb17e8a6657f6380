package study

import "sochibo/internal/audit"

// SealedPlan is what the log commits to of a plan of a topic.
func SealedPlan() audit.Kind {
	return audit.Kind{Name: "topic_plan", Parts: []audit.Part{{Model: Plan{}, Key: "id"}}}
}

// SealedJoint is what the log commits to of a joint session: its row and which meetings are part of it.
func SealedJoint() audit.Kind {
	return audit.Kind{Name: "joint_session", Parts: []audit.Part{
		{Model: Joint{}, Key: "id"},
		{Model: JointMeeting{}, Key: "joint_session_id"},
	}}
}
