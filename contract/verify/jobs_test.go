package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

const secret = "Zk7Leak"

// TestRate tests, with a fake clock, when probes are sent at two a second: never two within half a second, neither after slow
// responses nor before the probes that run alone.
func TestRate(t *testing.T) {
	const (
		probes     = report.Probes
		recordings = report.Recordings
		halfSecond = 500 * time.Millisecond
	)
	newJob := func(suite report.Suite, alone bool) job {
		return job{check: report.Check{Suite: suite}, alone: alone}
	}
	for _, test := range []struct {
		name        string
		jobs        []job
		concurrency int
		slow        time.Duration   // how long the first two responses take
		want        []time.Duration // since the start
	}{
		{
			name: "immediate responses", jobs: []job{newJob(probes, false), newJob(probes, false), newJob(probes, false)}, concurrency: 4,
			want: []time.Duration{0, halfSecond, 2 * halfSecond},
		},
		{
			name: "one at a time", jobs: []job{newJob(probes, false), newJob(probes, false), newJob(probes, false)}, concurrency: 1,
			want: []time.Duration{0, halfSecond, 2 * halfSecond},
		},
		{
			name: "recordings are not sent", jobs: []job{newJob(recordings, false), newJob(recordings, false), newJob(probes, false),
				newJob(recordings, false), newJob(probes, false)}, concurrency: 4,
			want: []time.Duration{0, 0, 0, 0, halfSecond},
		},
		{
			name: "slow responses", jobs: []job{newJob(probes, false), newJob(probes, false), newJob(probes, false), newJob(probes, false),
				newJob(probes, false)}, concurrency: 2, slow: 10 * time.Second,
			want: []time.Duration{0, halfSecond, 20 * halfSecond, 21 * halfSecond, 22 * halfSecond},
		},
		{
			name: "probes that run alone", jobs: []job{newJob(probes, true), newJob(probes, false), newJob(probes, true)}, concurrency: 4,
			want: []time.Duration{0, halfSecond, 2 * halfSecond},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				sent := make(chan time.Duration, len(test.jobs))
				r := newRun(nil, Options{Rate: 2, Concurrency: test.concurrency})
				for i, j := range test.jobs {
					j.send = func(context.Context) (contract.Exchange, error) {
						sent <- time.Since(start)
						if i < 2 {
							time.Sleep(test.slow)
						}
						return contract.Exchange{}, context.Canceled
					}
					r.jobs = append(r.jobs, j)
				}
				if err := r.judgeJobs(t.Context()); err != nil {
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

// TestAttempts tests, with a fake clock, that a request is repeated only if the connection failed, at most twice and with growing
// pauses, and that each further attempt is logged without secrets.
func TestAttempts(t *testing.T) {
	lost := fmt.Errorf("http://me:%s@127.0.0.1: %w", secret, probe.ErrUnreachable)
	line := "quotaspec: op/plain: http://REDACTED@127.0.0.1: " + probe.ErrUnreachable.Error() + ", trying again\n"
	const tenth = 100 * time.Millisecond
	for _, test := range []struct {
		name string
		errs []error // of the attempts; nil: a response
		want int
		log  string
		took time.Duration
	}{
		{name: "a response", errs: []error{nil}, want: 1},
		{name: "a response at last", errs: []error{lost, lost, nil}, want: 3, log: line + line, took: 3 * tenth},
		{name: "never", errs: []error{lost, lost, lost}, want: 3, log: line + line, took: 3 * tenth},
		{name: "another error", errs: []error{errors.New("half a key")}, want: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts, start := 0, time.Now()
				var log strings.Builder
				r := newRun(nil, Options{Log: &log})
				_, err := r.sendWithRetries(t.Context(), &job{check: report.Check{ID: "op/plain"},
					send: func(context.Context) (contract.Exchange, error) {
						if attempts++; attempts > len(test.errs) {
							return contract.Exchange{}, nil
						}
						return contract.Exchange{}, test.errs[attempts-1]
					}})
				if attempts != test.want || !errors.Is(err, test.errs[test.want-1]) {
					t.Errorf("got %d attempts and %v, want %d", attempts, err, test.want)
				}
				if took := time.Since(start); log.String() != test.log || took != test.took {
					t.Errorf("after %s the log is %q, want %s and %q", took, log.String(), test.took, test.log)
				}
			})
		})
	}
}

// TestGoneServer tests that a server which is gone is logged for the first request alone, and again when it came back in between.
func TestGoneServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		r := newRun(nil, Options{Log: &log})
		for _, request := range []struct {
			id  string
			err error
		}{
			{id: "op/first", err: probe.ErrUnreachable},
			{id: "op/second", err: probe.ErrUnreachable},
			{id: "op/answered"},
			{id: "op/fourth", err: probe.ErrUnreachable},
		} {
			_, err := r.sendWithRetries(t.Context(), &job{check: report.Check{ID: request.id},
				send: func(context.Context) (contract.Exchange, error) { return contract.Exchange{}, request.err }})
			if !errors.Is(err, request.err) {
				t.Errorf("%s: got %v", request.id, err)
			}
		}
		again := strings.Repeat("quotaspec: op/first: unreachable, trying again\n", 2)
		if want := again + strings.ReplaceAll(again, "first", "fourth"); log.String() != want {
			t.Errorf("got\n%swant\n%s", log.String(), want)
		}
	})
}

// TestStoppedRun tests that a run which is stopped reports the checks that it has judged, and neither those that never ran nor one
// that broke off. An error is one line without secrets.
func TestStoppedRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r := newRun(nil, Options{Log: io.Discard, Concurrency: 1})
	for i, id := range []string{"op/judged", "op/broken-off", "op/never-made"} {
		r.jobs = append(r.jobs, job{check: report.Check{ID: id, Suite: report.Probes}, send: func(context.Context) (contract.Exchange, error) {
			if i == 1 {
				stop()
				return contract.Exchange{}, probe.ErrUnreachable
			}
			return contract.Exchange{}, errors.New("half a key\n  of http://me:" + secret + "@127.0.0.1")
		}})
	}
	err := r.judgeJobs(ctx)
	got := []string{}
	for _, c := range r.report.Checks {
		got = append(got, c.ID+": "+c.Reason)
	}
	if diff := cmp.Diff([]string{"op/judged: half a key of http://REDACTED@127.0.0.1"}, got); diff != "" || err == nil ||
		err.Error() != "stopped: what was judged so far is reported" {
		t.Errorf("got the error %v and these checks (-want +got):\n%s", err, diff)
	}
}

// TestChangesGoAlone tests that requests which may change something run after all others, one at a time.
func TestChangesGoAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		sent := make(chan string, 6)
		r := newRun(nil, Options{Concurrency: 4})
		for _, alone := range []bool{true, false, true, false} {
			r.jobs = append(r.jobs, job{alone: alone, send: func(context.Context) (contract.Exchange, error) {
				sent <- fmt.Sprintf("alone %t after %s", alone, time.Since(start))
				time.Sleep(time.Second)
				return contract.Exchange{}, context.Canceled
			}})
		}
		if err := r.judgeJobs(t.Context()); err != nil {
			t.Fatal(err)
		}
		close(sent)
		got := slices.Collect(func(yield func(string) bool) {
			for line := range sent {
				yield(line)
			}
		})
		want := []string{"alone false after 0s", "alone false after 0s", "alone true after 1s", "alone true after 2s"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	})
}
