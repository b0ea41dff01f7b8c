package breaking

import (
	"fmt"
	"strings"
	"testing"
)

const securedPets = `openapi: 3.0.3
info: {title: pets, version: 1.0.0}
security: %s
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: the pets}}
components:
  securitySchemes:
    Token: {type: apiKey, in: header, name: X-Token}
    Same: {type: apiKey, in: header, name: x-token}
    Key: {type: apiKey, in: query, name: key}
    Session: {type: apiKey, in: cookie, name: session}
    Basic: {type: http, scheme: basic}
    OAuth:
      type: oauth2
      flows: {clientCredentials: {tokenUrl: https://%s/token, scopes: {read: to read, write: to write}}}
`

// TestSecurity tests what a change of the security requirements is, and what shows it.
func TestSecurity(t *testing.T) {
	for _, test := range []struct {
		name, old, new   string
		id, says         string // "": no change
		level            Level
		witness          string // the request that the new document refuses
		probe, why, host string
	}{
		{name: "the same", old: `[{Token: []}]`, new: `[{Token: []}]`},
		{name: "another key for the same scheme", old: `[{Token: []}]`, new: `[{Same: []}]`},
		{name: "another order", old: `[{Token: []}, {Key: [], Basic: []}]`, new: `[{Basic: [], Key: []}, {Token: []}]`},
		{
			name: "optional credentials removed", old: `[{Token: []}, {}]`, new: `[]`,
			id: "security/changed", says: "credentials: header x-token or none → none",
			level: Compatible, why: "each request that was right still is",
		},
		{
			name: "removed", old: `[{Token: []}]`, new: `[]`,
			id: "security/loosened", says: "credentials: header x-token → none",
			level: PossiblyBreaking, probe: "GET /pets without credentials", why: "only a provider shows it",
		},
		{
			name: "optional", old: `[{Token: []}]`, new: `[{Token: []}, {}]`,
			id: "security/loosened", says: "credentials: header x-token → header x-token or none",
			level: PossiblyBreaking, probe: "GET /pets without credentials", why: "only a provider shows it",
		},
		{
			name: "a further alternative", old: `[{Token: []}]`, new: `[{Token: []}, {Basic: []}]`,
			id: "security/loosened", says: "credentials: header x-token → header x-token or basic",
			level: PossiblyBreaking, probe: "GET /pets with basic only", why: "only a provider shows it",
		},
		{
			name: "added", old: `[]`, new: `[{Token: []}]`,
			id: "security/tightened", says: "credentials: none → header x-token",
			level: Breaking, witness: "GET /pets map[]",
		},
		{
			name: "both together", old: `[{Token: []}, {Key: []}]`, new: `[{Token: [], Key: []}]`,
			id: "security/tightened", says: "credentials: header x-token or query key → header x-token and query key",
			level: Breaking, witness: "GET /pets map[X-Token:[REDACTED]]",
		},
		{
			name: "one alternative less", old: `[{Token: []}, {Session: []}]`, new: `[{Token: []}]`,
			id: "security/tightened", says: "credentials: header x-token or cookie session → header x-token",
			level: Breaking, witness: "GET /pets map[Cookie:[session=REDACTED]]",
		},
		{
			name: "another scheme", old: `[{Key: []}]`, new: `[{Basic: []}]`,
			id: "security/changed", says: "credentials: query key → basic",
			level: Breaking, witness: "GET /pets?key=REDACTED map[]", probe: "GET /pets with basic only",
		},
		{
			name: "a scheme that is carried in the same way", old: `[{OAuth: []}]`, new: `[{Basic: []}]`,
			id: "security/changed", says: "credentials: oauth2 → basic",
			level: Breaking, witness: "GET /pets map[Authorization:[Bearer REDACTED]]", probe: "GET /pets with basic only",
		},
		{
			name: "scopes", old: `[{OAuth: [read]}]`, new: `[{OAuth: [read, write]}]`,
			id: "security/changed", says: "it needs other scopes, or tokens from another place",
			level: PossiblyBreaking, why: "scopes, and where a token comes from, are not seen in an exchange",
		},
		{
			name: "where tokens come from", old: `[{OAuth: [read]}]`, new: `[{OAuth: [read]}]`, host: "other.example.com",
			id: "security/changed", says: "it needs other scopes, or tokens from another place",
			level: PossiblyBreaking, why: "scopes, and where a token comes from, are not seen in an exchange",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			host := "example.com"
			if test.host != "" {
				host = test.host
			}
			c := comparerOf(t, fmt.Sprintf(securedPets, test.old, "example.com"), fmt.Sprintf(securedPets, test.new, host))
			list := c.security(c.old.doc.Operations[0], c.new.doc.Operations[0])
			if test.id == "" {
				if len(list) > 0 {
					t.Fatalf("got %s: %s, want no change", list[0].id, list[0].says)
				}
				return
			}
			if len(list) != 1 || list[0].id != test.id || list[0].says != test.says {
				t.Fatalf("got %+v, want %s: %s", list, test.id, test.says)
			}
			got, witness := c.showSecurity(list[0]), ""
			if w := got.witness; w != nil {
				witness = fmt.Sprintf("%s %s %v", w.Exchange.Request.Method, w.Exchange.Request.Target, w.Exchange.Request.Header)
				if len(w.Old) > 0 || len(w.New) != 1 || w.New[0].ID != "credentials/missing" {
					t.Errorf("old %v, new %v: want credentials/missing by the new document alone", w.Old, w.New)
				}
			}
			if got.level != test.level || witness != test.witness || got.probe != test.probe || !strings.Contains(got.why, test.why) {
				t.Errorf("got %s, witness %q, probe %q, why %q; want %s, %q, %q, %q",
					got.level, witness, got.probe, got.why, test.level, test.witness, test.probe, test.why)
			}
		})
	}
}
