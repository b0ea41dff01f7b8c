package recordings_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
)

// TestRecorderEqual checks that exchanges that differ only in ids are one recording, also in a later run.
func TestRecorderEqual(t *testing.T) {
	folder := t.TempDir()
	write := func(first, n int, size string) string {
		recorder, err := recordings.NewRecorder(folder, boatJudges(t))
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				other := fmt.Sprintf("8c4a6b9e-2f1d-4e7a-9b3c-%012x", first+i)
				ex := showBoat(`{"id":"` + other + `","name":"` + size + `"}`)
				ex.Request.Target = strings.Replace(ex.Request.Target, boat, other, 1)
				if err := recorder.Write(capture(ex)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		return strings.ReplaceAll(recorder.Summary(), folder, "DIR")
	}
	for _, test := range []struct {
		first, n   int
		size, want string
	}{
		{first: 0, n: 1000, size: "small", want: "1 new recording in DIR; left out: 999 equal to others"},
		{first: 1000, n: 10, size: "small", want: "0 new recordings in DIR; left out: 10 equal to others"},
		{first: 0, n: 1, size: "large", want: "1 new recording in DIR"},
	} {
		if got := write(test.first, test.n, test.size); got != test.want {
			t.Errorf("from %d: got %q, want %q", test.first, got, test.want)
		}
	}
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil || len(all) != 2 || all[0].Request.Path == all[1].Request.Path {
		t.Errorf("got %+v, %v, want two with other ids", all, err)
	}
}

// TestRecorderMany checks the limit for one operation and status.
func TestRecorderMany(t *testing.T) {
	exchanges := []contract.Exchange{}
	for i := range 103 {
		exchanges = append(exchanges, showBoat(fmt.Sprintf(`{"id":%q,"name":"number %d"}`, boat, i)))
	}
	folder, summary := recorded(t, exchanges...)
	if want := "100 new recordings in DIR; left out: 3 beyond 100 of one operation and status"; summary != want {
		t.Errorf("got %q, want %q", summary, want)
	}
	if all, err := recordings.Load(os.DirFS(folder)); err != nil || len(all) != 100 {
		t.Errorf("got %d recordings, %v", len(all), err)
	}
}

// TestRecorderAppends checks that an existing manifest keeps its text and its files, also if their names differ only in case.
func TestRecorderAppends(t *testing.T) {
	for _, test := range []struct{ name, manifest string }{
		{name: "rows", manifest: strings.TrimSuffix(good, "\n")},
		{name: "a remark alone", manifest: "# Nothing yet."},
		{name: "empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			old := map[string]string{
				recordings.Manifest: test.manifest, "a.json": "{}", "b.json": "[]", "ShowBoat-200.txt": "mine", "showBoat-200-2.json": "mine",
			}
			for name, text := range old {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			recorder, err := recordings.NewRecorder(folder, boatJudges(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := recorder.Write(capture(showBoat(`{"id":"` + boat + `"}`))); err != nil {
				t.Fatal(err)
			}
			files := filesOf(t, folder)
			for name, text := range old {
				if !strings.HasPrefix(files[name], text) {
					t.Errorf("%s: got %q", name, files[name])
				}
			}
			all, err := recordings.Load(os.DirFS(folder))
			if err != nil || all[len(all)-1].File != "showBoat-200-3.json" {
				t.Errorf("got %+v, %v", all, err)
			}
		})
	}
}

// TestRecorderRefuses checks that nothing is written into a folder that cannot be read as recordings.
func TestRecorderRefuses(t *testing.T) {
	for _, test := range []struct{ name, manifest, text string }{
		{name: "flow style", manifest: "[{file: a.json}]", text: "no row can be added"},
		{name: "indented", manifest: "  - file: a.json\n", text: "no row can be added"},
		{name: "a mapping", manifest: "file: a.json\n", text: "no row can be added"},
		{name: "a wrong row", manifest: "- file: a.json\n", text: "missing: operation"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), recordings.Manifest)
			if err := os.WriteFile(file, []byte(test.manifest), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := recordings.NewRecorder(filepath.Dir(file), boatJudges(t))
			if got := fmt.Sprint(err); !strings.Contains(got, test.text) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q in it", got, test.text)
			}
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, []byte(test.manifest)) {
				t.Errorf("the manifest is now %q, %v", after, err)
			}
		})
	}
}

// TestRecorderFails checks that the first error is kept.
func TestRecorderFails(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "recordings")
	recorder, err := recordings.NewRecorder(folder, boatJudges(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	first := recorder.Write(capture(showBoat(`{"id":"` + boat + `"}`)))
	if err := recorder.Close(); first == nil || fmt.Sprint(err) != fmt.Sprint(first) {
		t.Errorf("got %v and %v", first, err)
	}
	if again := recorder.Write(capture(showBoat(`{}`))); !slices.Equal([]error{first}, []error{again}) {
		t.Errorf("got %v, want %v", again, first)
	}
}

// BenchmarkRecorder records lists of 10,000 resources with an id each.
func BenchmarkRecorder(b *testing.B) {
	recorder, err := recordings.NewRecorder(b.TempDir(), boatJudges(b))
	if err != nil {
		b.Fatal(err)
	}
	list := []string{}
	for i := range 10_000 {
		list = append(list, fmt.Sprintf(`{"id":"8c4a6b9e-2f1d-4e7a-9b3c-%012x","owner_id":%d,"name":"a boat"}`, i, 12345678900+int64(i)))
	}
	body := strings.Join(list, ",")
	for i := 0; b.Loop(); i++ {
		ex := showBoat(fmt.Sprintf(`{"id":%q,"name":"number %d","boats":[%s]}`, boat, i, body))
		if err := recorder.Write(capture(ex)); err != nil {
			b.Fatal(err)
		}
	}
}
