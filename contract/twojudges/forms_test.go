package twojudges

import (
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

// TestFormsMeanTheSame checks that a validator which knows none of our extensions finds the same by all forms in which the
// documents are published: by OpenAPI 3.0 and 3.1, with and without extensions. It judges the corpus, the recordings and every
// tenth mutant.
func TestFormsMeanTheSame(t *testing.T) {
	for _, name := range openapi.Names() {
		judges := map[string]func(contract.Exchange) found{}
		for _, form := range forms.All() {
			document, err := forms.YAML(name, form)
			if err != nil {
				t.Fatal(err)
			}
			judges["libopenapi-validator by "+name+form.String()] = byLibopenapi(t, document, strict()...)
			if form.OpenAPI == "3.0" {
				judges["kin-openapi by "+name+form.String()] = byKin(t, document, tuned())
			}
		}
		compared, refused := 0, 0
		for i, ex := range exchangesOf(t, name) {
			if isMutant := strings.Contains(ex.name, ": "); isMutant && i%10 != 0 {
				continue
			}
			compared++
			for _, validator := range []string{"libopenapi-validator", "kin-openapi"} {
				want := verdict(judges[validator+" by "+name](ex.Exchange))
				if len(want) > 0 {
					refused++
				}
				for by, judge := range judges {
					if got := verdict(judge(ex.Exchange)); strings.HasPrefix(by, validator) && !slices.Equal(got, want) {
						t.Errorf("%s: %s: got %s, want %s as by the file", ex.name, by, got, want)
					}
				}
			}
		}
		t.Logf("%s: %d exchanges, %d refused", name, compared, refused)
		if compared < 300 || refused < 100 {
			t.Errorf("%s: %d exchanges and %d findings are too few", name, compared, refused)
		}
	}
}

// verdict lists the findings of both sides, in any order.
func verdict(f found) []string {
	list := []string{}
	for _, id := range f.request {
		list = append(list, "request "+id)
	}
	for _, id := range f.response {
		list = append(list, "response "+id)
	}
	return distinct(list)
}
