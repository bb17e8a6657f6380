package exchange

import (
	"context"
	"io/fs"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Service moves folders of records in and out.
type Service struct {
	db   *database.DB
	zone calendar.Zone
	book *rules.Book // nil: the sets that come with the program
}

// New returns the service over a store; the zone decides on which day a meeting was held.
func New(db *database.DB, zone calendar.Zone) *Service { return &Service{db: db, zone: zone} }

// NewWith is New with the rule sets, local ones among them, that ratings may name.
func NewWith(db *database.DB, zone calendar.Zone, book *rules.Book) *Service {
	return &Service{db: db, zone: zone, book: book}
}

// ImportOptions say how to import.
type ImportOptions struct {
	DryRun   bool     // do everything, then undo it
	Progress Progress // may be nil
}

// Import adds the records of a folder, all of them or none, and says what was new. Rows that the store has already are unchanged.
//
// Faults: folder_invalid with every fault of the folder at its file, line and column; installation_only; sample_among_others; import_raced when somebody
// else wrote the same record meanwhile; those of database.Bulk.
func (s *Service) Import(ctx context.Context, actor auth.Actor, folder fs.FS, o ImportOptions) (Report, error) {
	if !actor.Installation {
		return Report{}, ErrInstallation
	}
	if o.DryRun {
		ctx = database.WithDryRun(ctx)
	}
	book := s.book
	if book == nil {
		var err error
		if book, err = rules.Embedded(); err != nil {
			return Report{}, err
		}
	}
	return audit.Bulk(ctx, s.db, actor.Act("folder.import"), func(tx *database.Tx) (Report, error) {
		run := &staging{
			tx: tx, zone: s.zone, book: book, standings: standings{book.Sets()}, files: files(), faults: newFaults(), resolved: make(map[string]bool), progress: o.Progress,
			act: actor.Act("folder.import"),
		}
		if run.progress == nil {
			run.progress = func(string, int64, int64) {}
		}
		if err := org.HoldTree(ctx, tx); err != nil {
			return Report{}, err
		}
		if err := run.importFolder(ctx, folder); err != nil {
			return Report{}, raced(err)
		}
		run.report.DryRun = database.IsDryRun(ctx)
		return run.report, nil
	})
}

// importFolder stages, checks, moves, and posts what counts.
func (s *staging) importFolder(ctx context.Context, folder fs.FS) error {
	if err := prepareStage(ctx, s.tx); err != nil {
		return err
	}
	if err := s.stage(ctx, folder); err != nil {
		return err
	}
	if err := s.refuseSample(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		s.fillPossible, s.fillKnown, s.analyzeKnown, s.settleFiles, s.gatherTouched, s.moveRolls, s.gatherFaults,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := s.faults.err(); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.touchParents, s.post, s.seal, s.dropStage} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *staging) settleFiles(ctx context.Context) error {
	for i := range s.files {
		if err := s.settleFile(ctx, &s.files[i]); err != nil {
			return err
		}
	}
	return nil
}
