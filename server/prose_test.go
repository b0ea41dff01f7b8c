package server

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestLockInWords compares the lock of a key with the documents, which say it in words.
func TestLockInWords(t *testing.T) {
	words := map[string]int{"three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "fifteen": 15}
	said := regexp.MustCompile(`locked for ([a-z]+) minutes after ([a-z]+) failures`)
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, e := range jsonExamples(doc.Operations[0].Response(401)) {
			if e.Name == "key-locked" {
				text = e.Summary
			}
		}
		found := said.FindStringSubmatch(text)
		if found == nil || time.Duration(words[found[1]])*time.Minute != lockedFor || words[found[2]] != failuresToLock {
			t.Errorf("%s: %d failures lock for %v, the document says: %s", name, failuresToLock, lockedFor, text)
		}
	}
}

// TestBoundsInWords compares the check of a data file with the documents: what min and max bound, and that nothing is below zero.
func TestBoundsInWords(t *testing.T) {
	for _, document := range []struct{ name, schema string }{{name: "iam", schema: "DomainQuota"}, {name: "ims", schema: "ImageQuota"}} {
		doc, err := openapi.Embedded(document.name)
		if err != nil {
			t.Fatal(err)
		}
		says := map[string]string{}
		for _, r := range doc.Rules {
			says[r.ID] = r.Says
		}
		described := func(property string) string {
			return doc.Root.At("/components/schemas/" + document.schema + "/properties/" + property + "/description").Text
		}
		for what, want := range map[string]string{
			says[document.name+"/bounds"]:            "`min` ≤ `quota` ≤ `max`",
			says[document.name+"/no-negative-count"]: "No number is below zero",
			described("min"):                         "The lowest value to which the quota may be set",
			described("max"):                         "The highest value to which the quota may be raised",
		} {
			if !strings.Contains(what, want) {
				t.Errorf("%s: want a text with %q, got %q", document.name, want, what)
			}
		}
	}
	for _, test := range []struct {
		name                     string
		used, least, quota, most int32
		right                    bool
	}{
		{name: "between them", least: 1, quota: 2, most: 3, right: true},
		{name: "min = quota = max", used: 9, least: 1, quota: 1, most: 1, right: true},
		{name: "all zero", right: true},
		{name: "below min", least: 2, quota: 1, most: 3},
		{name: "above max", least: 1, quota: 4, most: 3},
		{name: "min above max", least: 3, quota: 2, most: 1},
		{name: "min below zero", least: -1, quota: 1, most: 2},
		{name: "used below zero", used: -1, quota: 1, most: 2},
	} {
		if err := checkNumbers(test.used, test.least, test.quota, test.most); (err == nil) != test.right {
			t.Errorf("%s: got %v, right is %t", test.name, err, test.right)
		}
	}
}
