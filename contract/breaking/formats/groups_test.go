package formats_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/breaking/formats"
)

// TestConclusion checks which comparisons pass, and what their last line says.
func TestConclusion(t *testing.T) {
	consumer := breaking.Finding{ID: "enum/added", Level: breaking.Breaking, Side: contract.Consumer}
	provider := breaking.Finding{ID: "enum/removed", Level: breaking.Breaking, Side: contract.Provider}
	possibly := breaking.Finding{ID: "security/loosened", Level: breaking.PossiblyBreaking, Side: contract.Provider}
	compatible := breaking.Finding{ID: "enum/added", Level: breaking.Compatible, Side: contract.Provider}
	editorial := breaking.Finding{ID: "prose/changed", Level: breaking.Editorial}
	unused := provider
	unused.Unused = true
	tolerate := func(f breaking.Finding) (string, bool) { return "announced", f.ID == "enum/added" }
	validate := validator(t)
	for _, test := range []struct {
		name     string
		findings []breaking.Finding
		options  formats.Options
		version  string // of the new document; the old one has 1.2.0
		passes   bool
		want     string
	}{
		{name: "nothing", passes: true, want: "passed: the documents promise the same"},
		{name: "prose", findings: []breaking.Finding{editorial}, passes: true, want: "passed: nothing breaks"},
		{
			name: "a consumer", findings: []breaking.Finding{consumer}, version: "2.0.0",
			want: "breaking: 1 change breaks consumers",
		},
		{
			name: "both sides", findings: []breaking.Finding{consumer, consumer, provider}, version: "2.0.0",
			want: "breaking: 2 changes break consumers, 1 breaks providers",
		},
		{
			name: "providers, and one who may break", findings: []breaking.Finding{provider, provider, possibly}, version: "2.0.0",
			want: "breaking: 2 changes break providers",
		},
		{
			name: "possibly", findings: []breaking.Finding{possibly}, version: "1.3.0", passes: true,
			want: "passed: nothing breaks (1 change possibly breaks)",
		},
		{
			name: "the version is unchanged", findings: []breaking.Finding{compatible},
			want: "version unchanged: nothing breaks, but info.version is still 1.2.0",
		},
		{
			name: "tolerated", findings: []breaking.Finding{consumer}, options: formats.Options{Known: tolerate}, version: "2.0.0",
			passes: true, want: "passed: nothing breaks (1 change is tolerated)",
		},
		{
			name: "what is compatible need not be tolerated", findings: []breaking.Finding{compatible},
			options: formats.Options{Known: tolerate}, version: "1.3.0", passes: true, want: "passed: nothing breaks",
		},
		{
			name: "unused", findings: []breaking.Finding{unused}, version: "2.0.0", passes: true,
			want: "passed: nothing breaks (1 change is not used by the traffic)",
		},
		{
			name: "a line of tolerated findings is stale", options: formats.Options{Stale: []string{"listPets # old"}},
			want: "stale: nothing breaks, but 1 line of tolerated findings matches nothing",
		},
		{name: "an error", options: formats.Options{Error: "no such file"}, want: "not compared"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := loadPets(t)
			if test.version != "" {
				p.new.InfoVersion = test.version
			}
			c := &breaking.Comparison{Old: p.old, New: p.new, Findings: test.findings}
			if got := formats.Passed(c, test.options); got != test.passes {
				t.Errorf("got passed %t", got)
			}
			s := sample{comparison: c, options: test.options}
			lines := strings.Split(strings.TrimSpace(s.write(t, "text")), "\n")
			if got := lines[len(lines)-1]; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			text := s.write(t, "json")
			var got struct{ Passed bool }
			if err := json.Unmarshal([]byte(text), &got); err != nil || got.Passed != test.passes {
				t.Errorf("the JSON says passed %t, error %v", got.Passed, err)
			}
			if err := validate(text); err != nil {
				t.Error(err)
			}
		})
	}
}
