package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

// The format nagios is that of monitoring plugins: one line with the state and what is wrong, then | and the numbers ("perfdata"):
//
//	QUOTA WARNING - 1 warning: idp 9 of 10 (90%) of account main | 'main/user'=10;39;47;0;50 'main/idp'=9;7;9;0;10
//
// The numbers of a quota are its usage, the largest values without warning and without being critical, 0 and the quota.

// maxProblems is how many problems the line names. It shall fit into a text message.
const maxProblems = 10

// longestReason is how many characters of a failure the line has.
const longestReason = 120

// nagiosWords are the words for each exit code.
var nagiosWords = map[int]string{exitOK: "OK", exitWarning: "WARNING", exitCritical: "CRITICAL", exitUnknown: "UNKNOWN"}

// quotasNagios writes the line. Quotas whose usage is not compared are not in it.
func quotasNagios(w io.Writer, report quotaReport) error {
	line := nagiosLine(exitOf(report.state()), report.headline())
	if perfdata := report.perfdata(); len(perfdata) > 0 {
		line += " | " + strings.Join(perfdata, " ")
	}
	_, err := io.WriteString(w, line+"\n")
	return err
}

// nagiosLine returns a line without perfdata, which begins at the first |.
func nagiosLine(code int, message string) string {
	return "QUOTA " + nagiosWords[code] + " - " + strings.ReplaceAll(text.Printable(text.OneLine(message)), "|", "/")
}

// wantsNagios reports whether the arguments ask for the format nagios. It looks for itself, since flags that are wrong are not
// parsed to their end.
func wantsNagios(args []string) bool {
	for i, arg := range args {
		followed := i+1 < len(args) && args[i+1] == formatNagios
		if followed && (arg == "-o" || arg == "--output") || slices.Contains([]string{"-o" + formatNagios, "-o=" + formatNagios,
			"--output=" + formatNagios}, arg) {
			return true
		}
	}
	return false
}

// headline counts and names what is wrong, the worst first: at most maxProblems things.
func (r quotaReport) headline() string {
	problems := map[quotas.State][]string{}
	for _, result := range r.all {
		for _, q := range result.Quotas {
			if isProblem(q) {
				words := fmt.Sprintf("%s %d of %d (%s)%s", q.Type, *q.Used, q.Quota, percent(q), ofPlace(result.Place))
				problems[q.State] = append(problems[q.State], words)
			}
		}
		if result.Failure != nil {
			problems[quotas.StateFailed] = append(problems[quotas.StateFailed], result.Title()+": "+text.Shorten(result.Failure.Message, longestReason))
		}
	}
	parts, room := []string{}, maxProblems
	if r.problem != "" {
		parts = append(parts, r.problem)
	}
	for _, state := range []quotas.State{quotas.StateCritical, quotas.StateFailed, quotas.StateWarning} {
		names := problems[state]
		if len(names) == 0 {
			continue
		}
		part, named := fmt.Sprintf("%d %s", len(names), state), min(room, len(names))
		if named > 0 {
			part += ": " + strings.Join(names[:named], ", ")
		}
		if rest := len(names) - named; rest > 0 && named > 0 {
			part += fmt.Sprintf(" and %d more", rest)
		}
		parts, room = append(parts, part), room-named
	}
	if len(parts) == 0 {
		return quotaSummary(r.all)
	}
	return strings.Join(parts, "; ")
}

// ofPlace says in words which account, region and project have a quota, as far as they are known.
func ofPlace(p quotas.Place) string {
	words := ""
	if where := strings.TrimSpace(p.Region + " " + p.Project); where != "" {
		words += " in " + where
	}
	if p.Account != "" {
		words += " of account " + p.Account
	}
	return words
}

// perfdata returns the numbers of each quota whose usage is compared.
func (r quotaReport) perfdata() []string {
	data, labels := []string{}, map[string]bool{}
	for i, result := range r.all {
		for _, q := range result.Quotas {
			if !q.IsCompared() {
				continue
			}
			warn, critical := alertRanges(r.limits[i], q)
			label := unique(perfLabel(result.Place, q), labels)
			data = append(data, fmt.Sprintf("'%s'=%d;%s;%s;0;%d", label, *q.Used, warn, critical, q.Quota))
		}
	}
	return data
}

// perfSafe replaces what ends a label.
var perfSafe = strings.NewReplacer("'", "_", "=", "_", "|", "_")

// perfLabel returns account, region, project and type, as far as they are known: main/cn-north-4/image.
func perfLabel(p quotas.Place, q quotas.Quota) string {
	parts := []string{}
	for _, part := range []string{p.Account, p.Region, p.Project, q.Type} {
		if part = perfSafe.Replace(text.Printable(text.OneLine(part))); part != "" {
			parts = append(parts, part)
		}
	}
	return cmp.Or(strings.Join(parts, "/"), "quota")
}

// unique returns a label that is not in a set yet, and adds it.
func unique(label string, labels map[string]bool) string {
	name := label
	for n := 2; labels[name]; n++ {
		name = label + "/" + strconv.Itoa(n)
	}
	labels[name] = true
	return name
}

// alertRanges returns the largest usage of a quota without warning, and the largest that is not critical; "" if no usage is too
// large. It asks Judge instead of computing them, so that both always agree. More usage is never better, so it can halve the
// range until it has found the first usage with the state.
func alertRanges(limits quotas.Thresholds, q quotas.Quota) (warn, critical string) {
	largestWithout := func(states ...quotas.State) string {
		reached := func(used int) bool {
			q.Used = new(int32(used))
			state, _ := limits.Judge(q)
			return slices.Contains(states, state)
		}
		first := sort.Search(math.MaxInt32, reached)
		if !reached(first) {
			return ""
		}
		return strconv.Itoa(first - 1)
	}
	return largestWithout(quotas.StateWarning, quotas.StateCritical), largestWithout(quotas.StateCritical)
}
