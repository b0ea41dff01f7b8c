package recordings

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Recorder writes exchanges into a folder of recordings that Load reads. Methods may be called concurrently.
//
// An exchange goes through these steps, each of which may leave it out:
//
//	find its operation → remove secrets → find ids → is there an equal one? → replace ids → judge it again → write
//
// Equal are exchanges with the same operation, request, status and body, but for their ids: a thousand calls with other ids of
// requests are one recording. The judge must say the same of the recording as of the exchange, but for what it has not.
// A body is written before its row, and a row by one call, so that the folder can be read even if the process is killed.
//
// The same id has the same stand-in in all recordings of one Recorder. No table of them is kept: a later Recorder for the same
// folder makes other ones.
type Recorder struct {
	folder string
	judges []*contract.Judge
	names  []string // of credentials

	mu      sync.Mutex
	redact  *redact.Redactor
	ids     *standIns
	seen    map[[sha256.Size]byte]bool
	counts  map[string]int  // by operation and status
	stems   map[string]bool // of the folder's files, in lower case
	begun   bool            // the manifest exists
	written int
	leftOut map[string]int // by reason
	err     error          // the first one of Write
}

// Capture is an exchange of live traffic.
type Capture struct {
	Exchange  contract.Exchange
	Origin    string    // of the provider; its scheme and host become the source
	Started   time.Time // zero: now
	Principal string    // who sent the request; "" if that is not known
}

// maxAlike is the number of recordings of one operation and status.
const maxAlike = 100

// Why an exchange is left out.
const (
	noOperation  = "of no operation"
	notWhole     = "not recorded whole"
	unsearchable = "with a body that cannot be searched for secrets"
	equal        = "equal to others"
	tooMany      = "beyond 100 of one operation and status"
	otherResult  = "judged otherwise without their ids"
)

// NewRecorder returns a Recorder for the operations of the judges. It creates the folder if it does not exist. The rows of an
// existing manifest stay as they are; it fails if this manifest cannot be read.
func NewRecorder(folder string, judges []*contract.Judge) (*Recorder, error) {
	if info, err := os.Stat(filepath.Clean(folder)); err == nil && !info.IsDir() {
		return nil, errors.New("it is a file")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	r := &Recorder{
		folder: folder, judges: judges, seen: map[[sha256.Size]byte]bool{}, counts: map[string]int{}, stems: map[string]bool{},
		leftOut: map[string]int{},
	}
	for _, judge := range judges {
		r.names = append(r.names, judge.Credentials()...)
	}
	r.redact = redact.New(r.names...)
	return r, r.readFolder()
}

// readFolder reads what the folder has already.
func (r *Recorder) readFolder() error {
	files, err := os.ReadDir(r.folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		r.stems[stemOf(f.Name())] = true
	}
	r.ids = newStandIns("")
	manifest, err := os.ReadFile(filepath.Join(r.folder, Manifest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.begun = true
	row, _ := Recording{}.row()
	if _, err := rows(slices.Concat(manifest, row)); err != nil {
		return fmt.Errorf("%s: no row can be added: want a list whose rows begin with \"- \" at the left", Manifest)
	}
	if _, err := rows(manifest); err != nil {
		return nil //nolint:nilerr // it has no rows yet, since one could be added
	}
	old, err := Load(os.DirFS(r.folder))
	taken := string(manifest)
	for _, recording := range old {
		taken += string(recording.Body) + string(recording.Request.Body)
		for _, judge := range r.judges {
			if op := judge.Document().Operation(recording.Operation); op != nil {
				ex := recording.Exchange()
				r.seen[keyOf(op, ex, identifiersOf(op, ex))] = true
				r.counts[countKey(op, ex)]++
			}
		}
	}
	r.ids = newStandIns(taken)
	return err
}

// stemOf returns the part of a file's name that is unique in a folder, also where case does not count.
func stemOf(file string) string {
	stem, _, _ := strings.Cut(file, ".")
	return strings.ToLower(stem)
}

func countKey(op *spec.Operation, ex contract.Exchange) string {
	return fmt.Sprint(op.ID, " ", ex.Response.Status)
}

// keyOf returns a key that equal exchanges share. It numbers the ids anew for each exchange.
func keyOf(op *spec.Operation, ex contract.Exchange, ids []string) [sha256.Size]byte {
	local := newStandIns("")
	for _, id := range ids {
		local.add(id)
	}
	ex = local.without(ex)
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %d %q", op.ID, ex.Request.Method, ex.Request.Target,
		ex.Request.Header.Get("Content-Type"), ex.Request.Body, ex.Response.Status, ex.Response.Body))
}

// Write records an exchange or leaves it out. After an error it writes nothing more and returns that error.
func (r *Recorder) Write(c Capture) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	reason, err := r.record(c)
	if err != nil {
		r.err = fmt.Errorf("write the recordings: %w", err)
		return r.err
	}
	if reason != "" {
		r.leftOut[reason]++
	} else {
		r.written++
	}
	return nil
}

// LeaveOut counts an exchange that its caller does not record, for Summary. The reason follows the count: "3 of a stranger".
func (r *Recorder) LeaveOut(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leftOut[reason]++
}

// Close returns the first error of Write again.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Summary says in a line how many exchanges were recorded, and how many were left out for which reason.
func (r *Recorder) Summary() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	parts := []string{}
	for _, reason := range slices.Sorted(maps.Keys(r.leftOut)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.leftOut[reason], reason))
	}
	line := fmt.Sprintf("%s in %s", text.Count(r.written, "new recording", "new recordings"), r.folder)
	if len(parts) > 0 {
		line += "; left out: " + strings.Join(parts, ", ")
	}
	return line
}

// record writes an exchange. It returns the reason if it leaves the exchange out.
func (r *Recorder) record(c Capture) (leftOut string, err error) {
	plain := c.Exchange
	plain.Probe, plain.Previous, plain.PreviousRequest = "", nil, nil
	clean, searched := r.withoutSecrets(plain)
	judge, op := r.operation(plain)
	const needed = contract.UnrecordedRequest | contract.UnrecordedResponse | contract.UnrecordedResponseBody
	switch {
	case op == nil:
		return noOperation, nil
	case plain.Unrecorded&needed != 0, plain.Response.Status == 0:
		return notWhole, nil
	case !searched:
		return unsearchable, nil
	}
	ids := identifiersOf(op, clean)
	key := keyOf(op, clean, ids)
	switch {
	case r.seen[key]:
		return equal, nil
	case r.counts[countKey(op, clean)] >= maxAlike:
		return tooMany, nil
	}
	for _, id := range ids {
		r.ids.add(id)
	}
	cleaner := r.withoutIDs(clean, ids)
	recording := fromExchange(cleaner)
	recording.Operation, recording.Request.Principal = op.ID, c.Principal
	recording.Redactions = redactions(c.Exchange, cleaner, len(ids))
	recording.Source, recording.Date = r.source(c.Origin), cmp.Or(c.Started, time.Now()).UTC().Format(time.DateOnly)
	if !judgedTheSame(judge, plain, &recording) {
		return otherResult, nil
	}
	r.seen[key] = true
	r.counts[countKey(op, clean)]++
	return "", r.writeFiles(recording)
}

// operation finds the operation of an exchange, and the judge of its document. Both are nil if there is none.
func (r *Recorder) operation(ex contract.Exchange) (*contract.Judge, *spec.Operation) {
	for _, judge := range r.judges {
		if result := judge.Check(ex); result.Judged {
			if op := judge.Document().Operation(result.Operation); op != nil {
				return judge, op
			}
		}
	}
	return nil, nil
}
