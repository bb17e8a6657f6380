package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// secrets are texts that must not show in a log. The core of each survives changes of case, accents and form.
func secrets() []string {
	forms := []string{
		"Trần Bí Mật %s", "mật-khẩu-%s!", "scb_%s_zzzz", "Đồng chí %s đề nghị: \"chưa công bố\"", "079%s0001", "O'%s", "a\"b %s", "(code)=(%s)", "%s\r\n{\"msg\":\"forged\"}", "‘%s’ «%s»",
	}
	var list []string
	for i := range 50 {
		list = append(list, strings.ReplaceAll(forms[i%len(forms)], "%s", core(i)))
	}
	return list
}

func core(i int) string { return fmt.Sprintf("zq%02dxk", i) }

// lockedBuffer takes lines from several goroutines.
type lockedBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}

// TestE56LogHygiene plants secrets in every part of every request, has statements fail on them, and reads every line that was logged,
// with every statement taken for a slow one.
func TestE56LogHygiene(t *testing.T) {
	t.Parallel()
	var log [2]lockedBuffer
	for i, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			logger := slog.New(slog.NewJSONHandler(&log[i], &slog.HandlerOptions{Level: slog.LevelDebug}))
			in := loggingTo(t, engine, logger)
			in.importSample(t)
			f := newFuzzer(t, in, 56)
			f.fillPools(t)
			list := secrets()
			for round := range 14 {
				if round == 10 {
					in.damage(t)
				}
				for _, o := range f.operations {
					r := f.request(t, o)
					plant(f.Rand, r, list)
					answer := r.send(t, in.handler)
					f.learnTag(r, answer.Code, answer.Header())
				}
			}
			in.importSecrets(t, list)
			judgeLog(t, engine, log[i].String())
		})
	}
}

func loggingTo(tb testing.TB, engine database.Engine, logger *slog.Logger) installation {
	tb.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		tb.Fatal(err)
	}
	db := dbtest.Open(tb, engine, database.Options{Logger: logger, Slow: time.Nanosecond})
	in := installation{App: app.Over(db, config.Config{Zone: zone, LogKey: logKey(tb)}, "test", logger)}
	if in.handler, err = in.Handler(); err != nil {
		tb.Fatal(err)
	}
	return in
}

// damage makes statements fail with the values in their hands: a column of another type, where the driver says which value it could not
// write, and a table that is gone.
func (in installation) damage(tb testing.TB) {
	tb.Helper()
	statements := []string{"ALTER TABLE directive RENAME TO directive_gone"}
	if in.DB().Engine() == database.Postgres {
		statements = append(statements, "ALTER TABLE topic ALTER COLUMN title TYPE integer USING 0", "ALTER TABLE member ALTER COLUMN card_number TYPE integer USING 0")
	}
	for _, statement := range statements {
		if _, err := database.Write(tb.Context(), in.DB(), func(tx *database.Tx) (int, error) {
			return 0, database.Gorm(tb.Context(), tx).Exec(statement).Error
		}); err != nil {
			tb.Fatal(err)
		}
	}
}

// plant puts secrets into some of the texts of a request.
func plant(random *rand.Rand, r *fuzzRequest, list []string) {
	secret := func() string { return list[random.IntN(len(list))] }
	if r.tree != nil {
		r.tree = planted(random, r.tree, secret)
		r.body, _ = json.Marshal(r.tree)
	}
	for i, parameter := range r.query {
		if name, _, _ := strings.Cut(parameter, "="); random.IntN(3) == 0 {
			r.query[i] = name + "=" + url.QueryEscape(secret())
		}
	}
	switch random.IntN(6) {
	case 0:
		r.query = append(r.query, "q="+url.QueryEscape(secret()))
	case 1:
		r.headers["X-Request-Id"] = []string{secret()}
	case 2:
		r.headers["Authorization"] = []string{"Bearer " + secret()}
	case 3:
		r.headers["Idempotency-Key"] = []string{secret()}
	case 4:
		r.path += "/" + url.PathEscape(secret())
	case 5:
		r.headers["If-Match"], r.headers["User-Agent"] = []string{secret()}, []string{secret()}
	}
}

func planted(random *rand.Rand, tree any, secret func() string) any {
	switch value := tree.(type) {
	case map[string]any:
		for name, inner := range value {
			value[name] = planted(random, inner, secret)
		}
		if random.IntN(30) == 0 {
			value[secret()] = secret()
		}
	case []any:
		for i, inner := range value {
			value[i] = planted(random, inner, secret)
		}
	case string:
		// Ids, days and words stay mostly as they are, so that the request comes far.
		if prose := strings.Contains(value, " "); prose && random.IntN(2) == 0 || random.IntN(20) == 0 {
			return strings.ReplaceAll(secret(), "\r\n", " ")
		}
	}
	return tree
}

// importSecrets imports folders full of faults.
func (in installation) importSecrets(tb testing.TB, list []string) {
	tb.Helper()
	for i, secret := range list {
		cell := `"` + strings.ReplaceAll(secret, `"`, `""`) + `"`
		folder := fstest.MapFS{"members.csv": {Data: []byte("code,full_name,born_on\n" + cell + "," + cell + "," + cell + "\n" + cell + "\n")}}
		if i%2 == 0 {
			folder["members.csv"] = &fstest.MapFile{Data: []byte("code," + cell + "\nx,y\n")}
		}
		if _, err := in.Exchange.Import(tb.Context(), auth.InstallationActor(), folder, exchange.ImportOptions{}); err == nil {
			tb.Errorf("%q was imported", secret)
		}
	}
}

func judgeLog(t *testing.T, engine database.Engine, log string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(log, "\n"), "\n")
	kinds := map[string]int{}
	leaks := 0
	for _, line := range lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			leaks++
			t.Errorf("no JSON: %s", shortened(line))
			continue
		}
		level, _ := entry["level"].(string)
		message, _ := entry["msg"].(string)
		kinds[level+" "+message]++
		for i := range 50 {
			if strings.Contains(strings.ToLower(line), core(i)) || message == "forged" {
				if leaks++; leaks < 5 {
					t.Errorf("shown: %s", shortened(line))
				}
				break
			}
		}
	}
	t.Logf("%v", kinds)
	if kinds["ERROR request"] < 8 || kinds["WARN slow query"] < 1000 || kinds["INFO request"] < 500 {
		t.Error("the log holds too little to prove anything")
	}
	experiment.Report(t, experiment.Result{ID: "E-56", Engine: string(engine), Seed: 56, N: len(lines), Observed: leaks, Pass: leaks == 0})
}
