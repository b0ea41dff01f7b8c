package main

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// TestRate tests, by a clock of its own, when requests are sent at two a second: never two within half a second, neither after
// slow answers nor where the probes begin that are made alone.
func TestRate(t *testing.T) {
	const (
		probes     = report.Probes
		recordings = report.Recordings
		halfSecond = 500 * time.Millisecond
	)
	kind := func(source report.Source, alone bool) job {
		return job{check: report.Check{Source: source}, alone: alone}
	}
	for _, test := range []struct {
		name        string
		jobs        []job
		concurrency int
		slow        time.Duration   // how long the first two answers take
		want        []time.Duration // since the start
	}{
		{
			name: "answers at once", jobs: []job{kind(probes, false), kind(probes, false), kind(probes, false)}, concurrency: 4,
			want: []time.Duration{0, halfSecond, 2 * halfSecond},
		},
		{
			name: "one at a time", jobs: []job{kind(probes, false), kind(probes, false), kind(probes, false)}, concurrency: 1,
			want: []time.Duration{0, halfSecond, 2 * halfSecond},
		},
		{
			name: "recordings are not sent", jobs: []job{kind(recordings, false), kind(recordings, false), kind(probes, false), kind(recordings, false), kind(probes, false)}, concurrency: 4,
			want: []time.Duration{0, 0, 0, 0, halfSecond},
		},
		{
			name: "slow answers", jobs: []job{kind(probes, false), kind(probes, false), kind(probes, false), kind(probes, false), kind(probes, false)}, concurrency: 2, slow: 10 * time.Second,
			want: []time.Duration{0, halfSecond, 20 * halfSecond, 21 * halfSecond, 22 * halfSecond},
		},
		{
			name: "probes that are made alone", jobs: []job{kind(probes, true), kind(probes, false), kind(probes, true)}, concurrency: 4,
			want: []time.Duration{0, halfSecond, 2 * halfSecond},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				sent := make(chan time.Duration, len(test.jobs))
				v := verification{report: &report.Report{}, pace: pace{rate: 2, concurrency: test.concurrency}}
				for i, j := range test.jobs {
					j.ask = func(context.Context) (contract.Exchange, error) {
						sent <- time.Since(start)
						if i < 2 {
							time.Sleep(test.slow)
						}
						return contract.Exchange{}, context.Canceled
					}
					v.jobs = append(v.jobs, j)
				}
				if err := v.judgeAll(t.Context()); err != nil {
					t.Fatal(err)
				}
				close(sent)
				got := []time.Duration{}
				for at := range sent {
					got = append(got, at)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("sent after (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestAttempts tests, by a clock of its own, that a request is made three times at most, and again only if the connection failed.
func TestAttempts(t *testing.T) {
	for _, test := range []struct {
		name string
		errs []error // of the attempts; nil: a response
		want int
	}{
		{"a response", []error{nil}, 1},
		{"a response at last", []error{probe.ErrUnreachable, probe.ErrUnreachable, nil}, 3},
		{"never", []error{probe.ErrUnreachable, probe.ErrUnreachable, probe.ErrUnreachable}, 3},
		{"another error", []error{errors.New("half a key")}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				v := verification{log: io.Discard}
				_, err := v.ask(t.Context(), job{ask: func(context.Context) (contract.Exchange, error) {
					if attempts++; attempts > len(test.errs) {
						return contract.Exchange{}, nil
					}
					return contract.Exchange{}, test.errs[attempts-1]
				}})
				if attempts != test.want || !errors.Is(err, test.errs[test.want-1]) {
					t.Errorf("got %d attempts and %v, want %d", attempts, err, test.want)
				}
			})
		})
	}
}
