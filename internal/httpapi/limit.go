package httpapi

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"sochibo/internal/fault"
)

// ErrTooMany refuses a caller whose share is used up for the moment.
var ErrTooMany = fault.New(fault.TooMany, "too_many_requests")

// Rate is how often one caller may do something: Count times in each Per, and Burst times at once after a rest. The zero rate is
// no limit.
type Rate struct {
	Count int
	Per   time.Duration
	Burst int
}

// Rates are the limits of one process; several processes count apart.
type Rates struct {
	Read     Rate // requests of a caller that only read
	Write    Rate // requests of a caller that change something
	Export   Rate // answers as a file: CSV, XLSX and the like
	Stranger Rate // requests without a token, and with a wrong one, from one address
}

// The places in a map of callers. Strangers have maps of their own, so that they cannot push out those who are known.
const mostCallers = 20_000

// limiter holds the share of every caller in one kind of request.
type limiter struct {
	name   string
	rate   Rate
	policy string

	mutex   sync.Mutex
	callers map[string]*rate.Limiter
	swept   time.Time
}

func newLimiter(name string, r Rate) *limiter {
	if r.Count <= 0 || r.Per <= 0 {
		return nil
	}
	r.Burst = max(r.Burst, 1)
	l := &limiter{name: name, rate: r, callers: map[string]*rate.Limiter{}}
	l.policy = fmt.Sprintf(`"%s";q=%d;w=%d`, name, r.Burst, seconds(l.window()))
	return l
}

func (r Rate) limit() rate.Limit { return rate.Limit(float64(r.Count) / r.Per.Seconds()) }

// window is the time in which a used-up share is whole again.
func (l *limiter) window() time.Duration {
	return time.Duration(float64(l.rate.Burst) / float64(l.rate.limit()) * float64(time.Second))
}

// take uses one of the caller's share, says in the headers what is left, and refuses when nothing is. A nil limiter lets all pass.
func (l *limiter) take(header http.Header, caller string, now time.Time) error {
	if l == nil {
		return nil
	}
	share := l.of(caller, now)
	allowed := share.AllowN(now, 1)
	left := max(share.TokensAt(now), 0)
	full := (float64(l.rate.Burst) - left) / float64(l.rate.limit())
	header.Add("RateLimit-Policy", l.policy)
	header.Add("RateLimit", fmt.Sprintf(`"%s";r=%d;t=%d`, l.name, int(left), int(math.Ceil(full))))
	if allowed {
		return nil
	}
	missing := time.Duration((1 - left) / float64(l.rate.limit()) * float64(time.Second))
	return fault.With(fault.Retry(ErrTooMany, missing), fault.Args{"seconds": seconds(missing)})
}

// of returns the share of a caller, a whole one for who has not been seen lately.
func (l *limiter) of(caller string, now time.Time) *rate.Limiter {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if share, ok := l.callers[caller]; ok {
		return share
	}
	l.sweep(now)
	share := rate.NewLimiter(l.rate.limit(), l.rate.Burst)
	l.callers[caller] = share
	return share
}

// sweep forgets callers whose share is whole again, for they lose nothing by it; where that frees no place, it forgets somebody.
func (l *limiter) sweep(now time.Time) {
	if len(l.callers) < mostCallers && now.Sub(l.swept) < l.window() {
		return
	}
	if now.Sub(l.swept) >= time.Second {
		l.swept = now
		for caller, share := range l.callers {
			if share.TokensAt(now) >= float64(l.rate.Burst) {
				delete(l.callers, caller)
			}
		}
	}
	for caller := range l.callers {
		if len(l.callers) < mostCallers {
			return
		}
		delete(l.callers, caller)
	}
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// limits are what every request of an engine is measured by.
type limits struct {
	read, write, export, stranger *limiter
	gate                          *gate
}

func newLimits(config Config) *limits {
	return &limits{
		read: newLimiter("read", config.Rates.Read), write: newLimiter("write", config.Rates.Write),
		export: newLimiter("export", config.Rates.Export), stranger: newLimiter("stranger", config.Rates.Stranger),
		gate: newGate(config.MaxConcurrent),
	}
}

// admit lets a request in: a place at work, the share of its address if nobody is named, the guard, then the share of the caller. The
// returned function gives the place back.
func (l *limits) admit(c *gin.Context, route Route, guard func(*gin.Context, Permission) error) (leave func(), err error) {
	if route.Always {
		return func() {}, guard(c, route.Permission)
	}
	leave, err = l.gate.enter(c.Request.Context())
	if err != nil {
		return func() {}, err
	}
	if err := l.identify(c, route, guard); err != nil {
		return leave, err
	}
	if caller := Principal(c); caller != "" {
		return leave, l.forMethod(c.Request.Method).take(c.Writer.Header(), caller, Began(c))
	}
	return leave, nil
}

// identify runs the guard. A wrong token costs its address as much as none, and when that is used up it is not told that the token is
// wrong.
func (l *limits) identify(c *gin.Context, route Route, guard func(*gin.Context, Permission) error) error {
	nobody := route.Permission == Public || c.GetHeader("Authorization") == "" && c.GetHeader("Cookie") == ""
	if nobody {
		if err := l.stranger.take(c.Writer.Header(), network(c), Began(c)); err != nil {
			return err
		}
	}
	err := guard(c, route.Permission)
	if err != nil && !nobody && fault.KindOf(err) == fault.Unauthenticated {
		if refused := l.stranger.take(c.Writer.Header(), network(c), Began(c)); refused != nil {
			return refused
		}
	}
	return err
}

func (l *limits) forMethod(method string) *limiter {
	if method == http.MethodGet || method == http.MethodHead {
		return l.read
	}
	return l.write
}

// takeExport counts an answer that leaves as a file.
func takeExport(c *gin.Context) error {
	l := of(c).limits
	if l == nil {
		return nil
	}
	caller := Principal(c)
	if caller == "" {
		caller = network(c)
	}
	return l.export.take(c.Writer.Header(), caller, Began(c))
}

// network is the address a request comes from; of IPv6 the half that one household or office has to itself.
func network(c *gin.Context) string {
	address, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		return ""
	}
	address = address.Unmap()
	bits := 32
	if address.Is6() {
		bits = 64
	}
	prefix, err := address.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
