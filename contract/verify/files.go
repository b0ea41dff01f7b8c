package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// fileSummary says what of a file, or of the traffic of a proxy, was not judged.
type fileSummary struct {
	UnknownPaths int                    `json:"unknownPaths,omitempty"` // exchanges whose path no document has
	OtherServers int                    `json:"otherServers,omitempty"` // exchanges with servers of no document
	Skipped      map[traffic.Reason]int `json:"skipped,omitempty"`      // exchanges that cannot be judged
	Unread       int                    `json:"unread,omitempty"`       // entries that cannot be read
	Unreadable   []unreadable           `json:"unreadable,omitempty"`   // the first of them, at most maxUnreadable
	Cut          string                 `json:"cut,omitempty"`          // where the file is cut off; empty: nowhere
}

// unreadable is an entry that cannot be read, and why.
type unreadable struct {
	Number int    `json:"number"`
	Reason string `json:"reason"`
}

// maxUnreadable is how many unreadable entries the report lists.
const maxUnreadable = 3

// furtherFiles is the name of all files beyond the bound. Records of a queue may name any number of them.
const furtherFiles = "further files"

// file returns the summary of a file. A tally has those with the smallest names: a file that is among the smallest of all was so from
// its first exchange on, whatever came before it. The others share one summary.
func (t *Tally) file(name string) *fileSummary {
	if f := t.files[name]; f != nil {
		return f
	}
	if name != furtherFiles {
		if t.named == t.bounds.groups {
			last := t.lastFile()
			if name > last {
				return t.file(furtherFiles)
			}
			t.file(furtherFiles).absorb(t.files[last])
			delete(t.files, last)
			t.named--
		}
		t.named++
		t.largestFile = ""
	}
	f := &fileSummary{Skipped: map[traffic.Reason]int{}}
	t.files[name] = f
	return f
}

// lastFile returns the largest name of a file.
func (t *Tally) lastFile() string {
	if t.largestFile == "" {
		for name := range t.files {
			if name != furtherFiles {
				t.largestFile = max(t.largestFile, name)
			}
		}
	}
	return t.largestFile
}

func (f *fileSummary) skip(reason traffic.Reason) { f.Skipped[reason]++ }

// unreadable adds an entry that cannot be read.
func (f *fileSummary) unreadable(list ...unreadable) {
	f.Unreadable = append(f.Unreadable, list...)
	slices.SortFunc(f.Unreadable, func(a, b unreadable) int {
		return cmp.Or(a.Number-b.Number, cmp.Compare(a.Reason, b.Reason))
	})
	f.Unreadable = f.Unreadable[:min(len(f.Unreadable), maxUnreadable)]
}

// absorb adds the summary of another part of the file.
func (f *fileSummary) absorb(other *fileSummary) {
	f.UnknownPaths += other.UnknownPaths
	f.OtherServers += other.OtherServers
	for reason, times := range other.Skipped {
		f.Skipped[reason] += times
	}
	f.Unread += other.Unread
	f.unreadable(other.Unreadable...)
	f.Cut = max(f.Cut, other.Cut)
}

// note lists in one line how many exchanges were not judged, by reason; "" if all were judged.
func (f *fileSummary) note() string {
	parts := []string{}
	add := func(n int, reason string) {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+reason)
		}
	}
	add(f.UnknownPaths, " of a path that no document knows")
	add(f.OtherServers, " sent to other servers")
	for _, reason := range traffic.Reasons() {
		note := ": " + string(reason)
		if reason == traffic.NoResponse {
			note = " got no response from the provider"
		}
		add(f.Skipped[reason], note)
	}
	return strings.Join(parts, ", ")
}

// unread lists the entries that cannot be read.
func (f *fileSummary) unread() string {
	parts := []string{}
	for _, u := range f.Unreadable {
		parts = append(parts, u.Reason)
	}
	if more := f.Unread - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, "; ")
}

// report adds a skipped check for each kind of what was not judged.
func (f *fileSummary) report(r *run, name string) {
	if name != "" {
		name += ": "
	}
	if note := f.note(); note != "" {
		r.skipTraffic("not-judged", name+"not judged: "+note)
	}
	if f.Unread > 0 {
		r.skipTraffic("unreadable", fmt.Sprintf("%snot read: %d: %s", name, f.Unread, f.unread()))
	}
	if f.Cut != "" {
		r.skipTraffic("cut-off", name+f.Cut)
	}
}
