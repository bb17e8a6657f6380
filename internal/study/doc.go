// Package study answers what cells study, mean to study and hold together: which sessions took up a topic, a directive or a briefing, what
// is covered and what is not, what the next topic could be; yearly plans of topics; joint sessions of several organisations.
//
// It owns the tables topic_plan, joint_session and joint_session_meeting. It reads the tables of meetings, topics, directives and of the
// ledger, and writes none of them.
//
// Invariants: a session counts here exactly when it counts in the figures; coverage follows the tree of the meeting's day, as they do, while
// what is offered, planned and required follows the tree of today; a plan names a topic or a category; a meeting belongs to at most one joint
// session, in which each body of an organisation has one, so that joint sessions change no figure.
//
// It may call fault, calendar, text, database, httpapi, audit, auth, org, ledger, directive, topic, briefing and meeting.
package study
