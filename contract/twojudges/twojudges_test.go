// Package twojudges holds the judge beside another one, libopenapi-validator, over every exchange that we have. It is a
// module of its own, so that nobody who uses quotaspec downloads the other judge.
package twojudges

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

// named is an exchange and what it is called where the judges disagree about it.
type named struct {
	name string
	ex   contract.Exchange
}

// TestJudgesAgree holds that wherever one judge finds fault with a side of an exchange and the other does not, there is a
// reason in disagreements.txt, and that each reason there is needed.
func TestJudgesAgree(t *testing.T) {
	reasons := readReasons(t)
	for _, name := range openapi.Names() {
		document, err := openapi.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range disagreements(t, name, document, exchangesOf(t, name)) {
			if !explain(reasons, d) {
				t.Errorf("no reason is listed for: %s", d)
			}
		}
	}
	for _, r := range reasons {
		if !r.used {
			t.Errorf("disagreements.txt:%d: this never happens: %s %s %s", r.line, r.who, r.side, r.pattern)
		}
	}
}

// exchangesOf are the corpus and the recordings of a document.
func exchangesOf(t *testing.T, document string) []named {
	t.Helper()
	list := []named{}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Document == document {
			list = append(list, named{"corpus " + c.Name, c.Exchange})
		}
	}
	doc, err := openapi.Embedded(document)
	if err != nil {
		t.Fatal(err)
	}
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if doc.Operation(r.Operation) != nil {
			list = append(list, named{"recording " + r.Name(), r.Exchange()})
		}
	}
	return list
}

// disagreement is one judge's finding about a side of an exchange with which the other finds no fault at all.
type disagreement struct {
	exchange string
	who      string // ours or theirs: who finds fault
	side     string // request or response
	finding  string // an id of ours, or type and subtype of theirs
}

func (d disagreement) String() string {
	return fmt.Sprintf("%s %s %s (%s)", d.who, d.side, d.finding, d.exchange)
}

// disagreements judges a list of exchanges by a document, twice. It takes any document and any exchanges, mutants too.
func disagreements(t *testing.T, file string, document []byte, list []named) []disagreement {
	t.Helper()
	doc, err := openapi.Load(file, document)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	other := byLibopenapi(t, document, strict()...)
	all := []disagreement{}
	for _, n := range list {
		v := judge.Exchange(n.ex)
		if !v.Judged {
			continue
		}
		ours := found{}
		for _, d := range v.Deviations {
			if d.Request() {
				ours.request = append(ours.request, d.ID)
			} else {
				ours.response = append(ours.response, d.ID)
			}
		}
		theirs := other(n.ex)
		if n.ex.Unseen&contract.UnseenRequest != 0 {
			theirs.request = nil
		}
		all = append(all, between(n.name, "request", ours.request, theirs.request)...)
		all = append(all, between(n.name, "response", ours.response, theirs.response)...)
	}
	return all
}

// between says where the judges differ about one side: only one of them finds anything.
func between(exchange, side string, ours, theirs []string) []disagreement {
	who, findings := "ours", ours
	if len(ours) == 0 {
		who, findings = "theirs", theirs
	}
	list := []disagreement{}
	if len(ours) > 0 && len(theirs) > 0 {
		return list
	}
	slices.Sort(findings)
	for _, finding := range slices.Compact(findings) {
		list = append(list, disagreement{exchange, who, side, finding})
	}
	return list
}

// reason is a line of disagreements.txt.
type reason struct {
	line               int
	who, side, pattern string
	exchange           string // a pattern, too
	used               bool
}

func explain(reasons []*reason, d disagreement) bool {
	for _, r := range reasons {
		finding, _ := path.Match(r.pattern, d.finding)
		exchange, _ := path.Match(r.exchange, d.exchange)
		if r.who == d.who && r.side == d.side && finding && exchange {
			r.used = true
			return true
		}
	}
	return false
}

// readReasons reads lines of: who, side, pattern of the finding, then optionally "in" and a pattern of exchanges, and the
// reason behind a number sign.
func readReasons(t *testing.T) []*reason {
	t.Helper()
	text, err := os.ReadFile("disagreements.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := []*reason{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line, why, _ := strings.Cut(lines.Text(), "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		what, exchange, some := strings.Cut(strings.TrimSpace(line), " in ")
		if !some {
			exchange = "*"
		}
		words := strings.Fields(what)
		if len(words) != 3 || strings.TrimSpace(why) == "" {
			t.Fatalf("disagreements.txt:%d: want who, side, pattern and a reason: %s", number, lines.Text())
		}
		list = append(list, &reason{line: number, who: words[0], side: words[1], pattern: words[2], exchange: strings.TrimSpace(exchange)})
	}
	return list
}

// TestDisagreementIsNoticed holds that a judge which falls silent would be found out.
func TestDisagreementIsNoticed(t *testing.T) {
	for _, test := range []struct {
		name         string
		ours, theirs []string
		want         string
	}{
		{"both find fault", []string{"schema/type"}, []string{"schema/"}, "[]"},
		{"neither does", nil, nil, "[]"},
		{"only we", []string{"schema/type", "schema/type", "schema/enum"}, nil, "[ours response schema/enum (x) ours response schema/type (x)]"},
		{"only they", nil, []string{"response/statusCode"}, "[theirs response response/statusCode (x)]"},
	} {
		if got := fmt.Sprint(between("x", "response", test.ours, test.theirs)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	reasons := []*reason{{who: "ours", side: "response", pattern: "schema/*", exchange: "corpus a*"}}
	for d, want := range map[disagreement]bool{
		{"corpus ab", "ours", "response", "schema/type"}:   true,
		{"corpus b", "ours", "response", "schema/type"}:    false,
		{"corpus ab", "theirs", "response", "schema/type"}: false,
		{"corpus ab", "ours", "request", "schema/type"}:    false,
		{"corpus ab", "ours", "response", "body/empty"}:    false,
	} {
		if explain(reasons, d) != want {
			t.Errorf("%s: explained: %t, want %t", d, !want, want)
		}
	}
}
