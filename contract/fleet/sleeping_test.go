//go:build unix

package fleet_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestSleepingWorker stops the process of a worker in the middle of its work until the group has given its partitions to another one.
// When it wakes up, what it has judged in the meantime of its life must not count.
func TestSleepingWorker(t *testing.T) {
	if testing.Short() {
		t.Skip("make test-fleet runs it: a session lasts 10 seconds")
	}
	kafka := broker.Shared(t)
	topic, judges, entries := kafka.Topic(t, 2), newJudges(t, things), newEntries(8000)
	folder := t.TempDir()
	const document = "things.yaml"
	program := filepath.Join(folder, "quotaspec-fleet")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, "./cmd/quotaspec-fleet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Chdir(folder) // so that the document has the same name for both
	if err := os.WriteFile(document, []byte(things), 0o600); err != nil {
		t.Fatal(err)
	}
	o := optionsFor(kafka, topic, judges)
	sleeper := exec.Command(program, "judge", "--brokers", kafka.Addr(), "--topic", topic, "--group", o.Group, "--document", document,
		"--every", "5s")
	var log strings.Builder
	sleeper.Stderr = &log
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if t.Failed() {
			_ = sleeper.Process.Signal(syscall.SIGQUIT)
			_ = sleeper.Wait()
			t.Logf("the worker that slept:\n%s", log.String())
		}
	}()
	defer broker.Guard(t, sleeper.Process)() // in case that this process does not live to do so
	signal := func(s syscall.Signal) { t.Helper(); must(t, sleeper.Process.Signal(s)) }

	produce(t, kafka, topic, 1, entries[:2000]...)
	merge(t, o)
	sent := 2000
	for behind := int64(0); behind == 0; {
		if sent == 6000 {
			t.Fatal("the worker has committed all each time before it was stopped")
		}
		signal(syscall.SIGCONT)
		produce(t, kafka, topic, sent+1, entries[sent:sent+1000]...)
		sent += 1000
		time.Sleep(time.Second) // part of a cycle: it has judged some of these and committed none
		signal(syscall.SIGSTOP)
		merged, err := fleet.Merge(t.Context(), o, 0)
		must(t, err)
		behind = merged.Behind
	}
	stop := judging(t, o)
	produce(t, kafka, topic, sent+1, entries[sent:7000]...)
	merge(t, o) // by the other one
	signal(syscall.SIGCONT)
	awaitMembers(t, kafka, o.Group, 2)
	produce(t, kafka, topic, 7001, entries[7000:]...)
	merge(t, o)
	stop()
	merged := merge(t, o)
	signal(syscall.SIGTERM)
	if err := sleeper.Wait(); err != nil {
		t.Errorf("the worker that slept: %v", err)
	}
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

// TestSleepingBroker tests that a worker ends when it is told to, although its broker does not respond to its commit, and that what
// it has judged is judged again.
func TestSleepingBroker(t *testing.T) {
	if testing.Short() {
		t.Skip("make test-fleet runs it: a worker waits for its broker")
	}
	kafka := broker.Start(t)
	topic, judges, entries := kafka.Topic(t, 2), newJudges(t, things), newEntries(500)
	o := optionsFor(kafka, topic, judges)
	produce(t, kafka, topic, 1, entries...)
	signal := func(s syscall.Signal) { t.Helper(); must(t, syscall.Kill(kafka.PID(), s)) }
	sleeper := o
	sleeper.Every, sleeper.Log = 5*time.Second, &testLog{t}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- fleet.Judge(ctx, sleeper) }()
	awaitMembers(t, kafka, o.Group, 1)
	time.Sleep(time.Second) // part of a cycle: it has judged all and committed nothing
	signal(syscall.SIGSTOP)
	defer func() { _ = syscall.Kill(kafka.PID(), syscall.SIGCONT) }()
	time.Sleep(5 * time.Second) // now it commits
	cancel()
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(time.Minute):
		t.Fatal("the worker does not end while its broker is stopped")
	}
	signal(syscall.SIGCONT)
	judging(t, o)
	merged := merge(t, o)
	r, err := merged.Tally.Report(bothSides, merged.Dropped())
	if diff := cmp.Diff(single(t, judges, entries), textOf(t, r, err)); diff != "" {
		t.Errorf("the report (-single +fleet):\n%s", diff)
	}
}

// awaitMembers waits until the group is stable with so many members.
func awaitMembers(t *testing.T, kafka *broker.Broker, group string, want int) {
	t.Helper()
	admin := kadm.NewClient(kafka.Client(t))
	await(t, fmt.Sprintf("the group %s is stable with %d members", group, want), func() bool {
		groups, err := admin.DescribeGroups(t.Context(), group)
		return err == nil && groups[group].State == "Stable" && len(groups[group].Members) == want
	})
}
