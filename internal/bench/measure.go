package main

import (
	"fmt"
	"slices"
	"time"
)

// spread is what some repetitions took.
type spread []time.Duration

func (s spread) median() time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func (s spread) String() string {
	return fmt.Sprintf("%s (%s–%s)", short(s.median()), short(slices.Min(s)), short(slices.Max(s)))
}

// rates writes how many things of n a round get done in a second.
func (s spread) rates(n int) string {
	rate := func(d time.Duration) float64 { return float64(n) / d.Seconds() }
	return fmt.Sprintf("%s (%s–%s)", count(rate(s.median())), count(rate(slices.Max(s))), count(rate(slices.Min(s))))
}

// of returns the parts of n that a repetition consisted of.
func (s spread) of(n int) spread {
	parts := make(spread, len(s))
	for i, d := range s {
		parts[i] = d / time.Duration(n)
	}
	return parts
}

// over compares with another spread, round by round: the median of the ratios, with the least and the greatest.
func (s spread) over(other spread) string {
	ratios := make([]float64, len(s))
	for i := range s {
		ratios[i] = s[i].Seconds() / other[i].Seconds()
	}
	slices.Sort(ratios)
	middle := (ratios[(len(ratios)-1)/2] + ratios[len(ratios)/2]) / 2
	return fmt.Sprintf("%.2f (%.2f–%.2f)", middle, ratios[0], ratios[len(ratios)-1])
}

func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	default:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
}

func count(n float64) string {
	if n < 100 {
		return fmt.Sprintf("%.1f", n)
	}
	return fmt.Sprintf("%.0f", n)
}

// taking turns, every one of the things is done rounds times, after one round that is not counted.
func taking(rounds int, things ...func() error) ([]spread, error) {
	spreads := make([]spread, len(things))
	for round := range rounds + 1 {
		for i, thing := range things {
			begin := time.Now()
			if err := thing(); err != nil {
				return nil, err
			}
			if round > 0 {
				spreads[i] = append(spreads[i], time.Since(begin))
			}
		}
	}
	return spreads, nil
}

// times does a thing n times.
func times(n int, thing func() error) func() error {
	return func() error {
		for range n {
			if err := thing(); err != nil {
				return err
			}
		}
		return nil
	}
}
