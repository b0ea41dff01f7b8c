package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// recording is the --record of a run of proxy or verify. It writes one of two forms:
//
//	--record traffic.har    HAR: all exchanges, one after the other
//	--record recordings/    a folder of recordings: one of each kind, with other ids, for verify --recordings and mutate
//
// Both are complete up to the last exchange even if the process is killed. After an error, nothing more is written, and each further
// call returns that error.
type recording struct {
	write   func(e traffic.Entry, principal string) error // may be called concurrently
	close   func() error
	summary func() string
}

// recordUsage describes --record, a flag of verify and proxy.
const recordUsage = "write the exchanges, without credentials, " +
	"to `PATH`: a HAR file, or a folder of recordings if it exists or ends with /"

// newRecording begins a recording. Without a path it records nothing.
func newRecording(path string, judges []*contract.Judge) (*recording, error) {
	switch {
	case path == "":
		return &recording{
			write: func(traffic.Entry, string) error { return nil }, close: func() error { return nil }, summary: func() string { return "" },
		}, nil
	case isFolder(path):
		return newFolderRecording(path, judges)
	}
	return newHARRecording(path, judges)
}

// isFolder reports whether --record names a folder: it exists or ends with a separator.
func isFolder(path string) bool {
	info, err := os.Stat(path) //nolint:gosec // the user names the path
	return strings.HasSuffix(path, "/") || os.IsPathSeparator(path[len(path)-1]) || (err == nil && info.IsDir())
}

// log writes what was recorded in a line. The recording may be nil: the run ended before it began.
func (r *recording) log(to io.Writer) {
	if r == nil {
		return
	}
	if line := r.summary(); line != "" {
		fmt.Fprintf(to, "quotaspec: %s\n", line)
	}
}

// newFolderRecording writes recordings. It omits exchanges that cannot be judged, and probes with the credentials of another
// account: nobody may publish what belongs to a stranger.
func newFolderRecording(folder string, judges []*contract.Judge) (*recording, error) {
	recorder, err := recordings.NewRecorder(folder, judges)
	if err != nil {
		return nil, fmt.Errorf("write the recordings: %s: %w", folder, err)
	}
	write := func(e traffic.Entry, principal string) error {
		switch {
		case e.Skip != "":
			recorder.LeaveOut("not judged (" + string(e.Skip) + ")")
		case principal == string(probe.Stranger):
			recorder.LeaveOut("sent by the stranger")
		default:
			return recorder.Write(recordings.Capture{Exchange: e.Exchange, Origin: e.Origin, Started: e.Started, Principal: principal})
		}
		return nil
	}
	return &recording{write: write, close: recorder.Close, summary: recorder.Summary}, nil
}

// newHARRecording writes a HAR.
func newHARRecording(file string, judges []*contract.Judge) (*recording, error) {
	f, err := createPrivate(file)
	if err != nil {
		return nil, fmt.Errorf("write the traffic: %w", err)
	}
	credentials := []string{}
	for _, judge := range judges {
		credentials = append(credentials, judge.Credentials()...)
	}
	w, err := traffic.NewWriter(f, "quotaspec", toolVersion(), credentials...)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	write := func(e traffic.Entry, _ string) error { return w.Write(e) }
	end := func() error { return cmp.Or(w.Close(), f.Close()) }
	return &recording{write: write, close: end, summary: func() string { return "" }}, nil
}

// createPrivate creates or truncates a file with mode 0600. A recording is written in place, so that verify --har can judge its
// complete entries even if the process is killed.
func createPrivate(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() { // a device or a pipe keeps its mode
		if err := f.Chmod(0o600); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, nil
}
