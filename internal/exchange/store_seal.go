package exchange

import (
	"context"
	"fmt"
	"strings"

	"sochibo/internal/audit"
	"sochibo/internal/briefing"
	"sochibo/internal/directive"
	"sochibo/internal/inspection"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rating"
	"sochibo/internal/resolution"
	"sochibo/internal/schedule"
	"sochibo/internal/study"
	"sochibo/internal/topic"
)

// sealedFiles are the files whose rows are records of the log, and what it commits to of them.
func sealedFiles() map[string]audit.Kind {
	return map[string]audit.Kind{
		"organizations": org.Sealed(), "members": member.Sealed(), "directives": directive.Sealed(), "topics": topic.Sealed(),
		"study_requirements": directive.SealedRequirement(), "implementing_plans": directive.SealedPlan(), "topic_plans": study.SealedPlan(),
		"briefings": briefing.Sealed(), "briefing_uses": briefing.SealedUse(), "joint_sessions": study.SealedJoint(),
		"meetings": meeting.Sealed(), "resolutions": resolution.Sealed(), "tasks": resolution.SealedTask(), "inspections": inspection.Sealed(), "remedies": inspection.SealedRemedy(),
		"inspection_plans": inspection.SealedPlan(), "inspection_plan_items": inspection.SealedPlanItem(),
		"ratings":       rating.Sealed(),
		"registrations": schedule.SealedRegistration(), "notices": schedule.SealedNotice(), "delegates": schedule.SealedDelegate(),
	}
}

// sealedAtOnce is how many records are read back for one leaf.
const sealedAtOnce = 500

// seal commits the log to everything that the import added or gave new parts.
func (s *staging) seal(ctx context.Context) error {
	kinds := sealedFiles()
	for i := range s.files {
		kind, ok := kinds[s.files[i].name]
		if !ok {
			continue
		}
		if err := s.sealFile(ctx, &s.files[i], kind); err != nil {
			return fmt.Errorf("seal %s: %w", s.files[i].name, err)
		}
	}
	return nil
}

func (s *staging) sealFile(ctx context.Context, f *file, kind audit.Kind) error {
	changed := []string{"SELECT id FROM stage_" + f.name + " WHERE state = 0"}
	for i := range s.files {
		part := &s.files[i]
		if part.part == f.name {
			changed = append(changed, "SELECT k.id FROM stage_"+part.name+" s JOIN known_"+f.name+" k ON k.code = s."+part.naming(f.name)+
				" AND k.stored WHERE s.state = 0")
		}
	}
	if err := execAll(ctx, s.tx, "list records to seal",
		"CREATE TEMPORARY TABLE sealing AS SELECT CAST(id AS text) AS id FROM ("+strings.Join(changed, " UNION ")+") c", "CREATE UNIQUE INDEX sealing_id ON sealing (id)",
	); err != nil {
		return err
	}
	for after := ""; ; {
		var ids []string
		err := gormRaw(ctx, s.tx, "SELECT id FROM sealing WHERE id > ? ORDER BY id LIMIT ?", after, sealedAtOnce).Scan(&ids).Error
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			_, err := exec(ctx, s.tx, "DROP TABLE sealing")
			return err
		}
		if err := audit.SealNow(ctx, s.tx, s.act, kind, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}
