package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// foreignAPI is an API of another kind, its document, and who asks it.
type foreignAPI struct {
	document string
	config   string
	args     []string
	provider func(leavesOut string) http.Handler // keeps the document, but for what it leaves out
}

// One principal has one credential, so what takes another one is judged in a run of its own.
var foreignAPIs = map[string]foreignAPI{
	"parts": {
		document: "parts.yaml", config: "principals: {reader: {token_env: PARTS_TOKEN}, expired: {token_env: PARTS_OLD}}",
		provider: func(leavesOut string) http.Handler { return partsStore{leavesOut} },
	},
	"tickets": {
		document: "tickets.yaml", config: "principals: {reader: {token_env: TICKETS_CLERK}, expired: {token_env: TICKETS_OLD}}", args: []string{"--skip", "searchTickets/*"},
		provider: func(leavesOut string) http.Handler { return ticketService{leavesOut} },
	},
	"search": {
		document: "tickets.yaml", config: "principals: {reader: {token_env: TICKETS_SEARCH}, expired: {token_env: TICKETS_OLD}}", args: []string{"--only", "searchTickets/*"},
		provider: func(leavesOut string) http.Handler { return ticketService{leavesOut} },
	},
}

// verify judges a provider of the API.
func (api foreignAPI) verify(t *testing.T, url string, args ...string) (code int, out, said string) {
	t.Helper()
	args = slices.Concat([]string{"verify", url, "--document", "testdata/foreign/" + api.document, "--config", writeFile(t, "quotaspec.yaml", api.config), "--allow-changes"}, api.args, args)
	return quotaspec(t, args...)
}

// setForeignCredentials puts the credentials where the configs say.
func setForeignCredentials(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"PARTS_TOKEN": partsToken, "PARTS_OLD": "token-of-last-year",
		"TICKETS_CLERK": ticketsClerk, "TICKETS_OLD": "clerk:secret-of-last-year", "TICKETS_SEARCH": searchKey,
	} {
		t.Setenv(name, value)
	}
}

// TestForeignAPIs judges providers that keep documents of another kind: nothing is raised, nothing is left out, and nothing
// that could be seen was not. The credentials are never shown.
func TestForeignAPIs(t *testing.T) {
	setForeignCredentials(t)
	for name, api := range foreignAPIs {
		t.Run(name, func(t *testing.T) {
			code, out, said := api.verify(t, serveHandler(t, api.provider(""), behaviour{}), "-v", "--fail-on", "undocumented")
			if code != exitPassed || said != "" || !strings.HasSuffix(out, "checks, 0 failed, 0 errors, 0 skipped, 0 warnings\n") {
				t.Errorf("exit %d, %s\n%s", code, said, out)
			}
			for _, secret := range []string{partsToken, ticketsClerk, searchKey, "Bearer token", "last-year"} {
				if strings.Contains(out, secret) {
					t.Errorf("%q is shown:\n%s", secret, out)
				}
			}
		})
	}
}

// TestForeignFaults breaks the documents of others: a provider that leaves out a check is found by the probe that is about
// it and by no other, and one that answers otherwise than its document says is found too.
func TestForeignFaults(t *testing.T) {
	setForeignCredentials(t)
	for _, test := range slices.Concat(partsFaults(), ticketsFaults()) {
		t.Run(test.api+"/"+test.name, func(t *testing.T) {
			api := foreignAPIs[test.api]
			url := serveHandler(t, api.provider(test.name), test.b)
			code, out, said := api.verify(t, url, "--fail-on", "inferred")
			byCheck := raised(t, out, url)
			if code != exitFailed || said != "" {
				t.Errorf("exit %d, want %d: %s", code, exitFailed, said)
			}
			if !slices.Contains(slices.Concat(slices.Collect(maps.Values(byCheck))...), test.id) {
				t.Errorf("no %s in:\n%s", test.id, out)
			}
			if got := slices.Sorted(maps.Keys(byCheck)); test.checks != nil {
				if diff := cmp.Diff(slices.Sorted(slices.Values(test.checks)), got); diff != "" {
					t.Errorf("checks (-want +got):\n%s%s", diff, out)
				}
			}
		})
	}
}

// foreignFault is one way in which a provider breaks the document of another API.
type foreignFault struct {
	api    string
	name   string    // what the provider leaves out, if it leaves anything out
	b      behaviour // what else it does
	id     string
	checks []string // the checks that fail, and no others; nil: any
}

func partsFaults() []foreignFault {
	const invalid = "status/invalid-parameter"
	list := func(checks ...string) []string { return prefixed("listParts/", checks) }
	create := func(checks ...string) []string { return prefixed("createPart/", checks) }
	return []foreignFault{
		{"parts", "token", behaviour{}, "status/no-credentials", []string{"listParts/no-credentials", "listParts/no-credentials-with-parameters", "createPart/no-credentials"}},
		{"parts", "right token", behaviour{}, "status/unknown-credentials", []string{
			"listParts/unknown-credentials", "listParts/malformed-credentials", "listParts/empty-credentials", "listParts/expired-credentials",
			"createPart/unknown-credentials", "createPart/malformed-credentials", "createPart/empty-credentials", "createPart/expired-credentials",
		}},
		{"parts", "unknown warehouse", behaviour{}, "status/unknown-resource", list("unknown-resource")},
		{"parts", "header", behaviour{}, invalid, []string{"listParts/Parts-Client-missing", "createPart/Parts-Client-missing"}},
		{"parts", "header pattern", behaviour{}, invalid, []string{"listParts/Parts-Client-no-match", "createPart/Parts-Client-no-match"}},
		{"parts", "elements", behaviour{}, invalid, list("color-too-many")},
		{"parts", "media type", behaviour{}, invalid, create("body-other-media-type")},
		{"parts", "uri", behaviour{}, invalid, create("body-page-not-of-format")},
		{"parts", "nested", behaviour{}, invalid, prefixed("createPart/body-maker-", []string{
			"name-missing", "name-too-short", "name-too-long", "name-other-type", "name-null",
			"country-missing", "country-no-match", "country-other-type", "country-null", "further-member",
		})},
		{"parts", "integer", behaviour{}, invalid, list("limit-no-number", "limit-no-integer", "limit-empty")},
		{"parts", "minimum", behaviour{}, invalid, list("limit-below-minimum")},
		{"parts", "maximum", behaviour{}, invalid, list("limit-above-maximum")},
		{"parts", "enum", behaviour{}, invalid, list("color-element-unknown", "color-element-other-case")},
		{"parts", "element", behaviour{}, invalid, list("id-element-no-number", "id-element-no-integer", "id-element-below-minimum")},
		{"parts", "format", behaviour{}, invalid, list("since-not-of-format", "since-empty")},
		{"parts", "boolean", behaviour{}, invalid, list("broken-no-boolean", "broken-empty")},
		{"parts", "escape", behaviour{}, invalid, list("limit-bad-escape", "broken-bad-escape")},
		{"parts", "JSON", behaviour{}, invalid, create("body-not-json")},
		{"parts", "required", behaviour{}, invalid, create("body-name-missing", "body-color-missing", "body-weight-missing", "body-maker-missing")},
		{"parts", "further members", behaviour{}, invalid, create("body-further-member")},
		{"parts", "null", behaviour{}, invalid, create("body-name-null", "body-color-null", "body-weight-null", "body-maker-null", "body-sku-null", "body-made-null", "body-page-null", "body-broken-null")},
		{"parts", "body enum", behaviour{}, invalid, create("body-color-unknown", "body-color-other-case")},
		{"parts", "pattern", behaviour{}, invalid, create("body-sku-no-match")},
		{"parts", "body format", behaviour{}, invalid, create("body-made-not-of-format")},
		{"parts", "body minimum", behaviour{}, invalid, create("body-weight-below-minimum")},
		{"parts", "body maximum", behaviour{}, invalid, create("body-weight-above-maximum")},
		{"parts", "minLength", behaviour{}, invalid, create("body-name-too-short", "body-maker-name-too-short")},
		{"parts", "maxLength", behaviour{}, invalid, create("body-name-too-long", "body-maker-name-too-long")},
		{"parts", "body boolean", behaviour{}, invalid, create("body-broken-no-boolean", "body-broken-other-type", "body-broken-null")},

		{"parts", "answers 200 to what is created", answering(on(201, status(200))), "status/valid-request", nil},
		{"parts", "answers 202 with nothing", answering(on(201, all(status(202), whole("")))), "status/valid-request", nil},
		{"parts", "forgets where it is", answering(on(201, header("Location"))), "header/missing", nil},
		{"parts", "says where it is elsewhere", answering(on(201, header("Location", "/parts/1"))), "header/pattern", nil},
		{"parts", "counts in words", answering(header("Parts-Total", "one")), "header/type", nil},
		{"parts", "writes a number as text", answering(on(200, body(`"weight":12`, `"weight":"12"`))), "schema/type", nil},
		{"parts", "weighs too much", answering(on(200, body(`"weight":12`, `"weight":5001`))), "schema/maximum", nil},
		{"parts", "knows another colour", answering(on(200, body(`"grey"`, `"blue"`))), "schema/enum", nil},
		{"parts", "forgets the maker's country", answering(on(200, body(`"country":"GB",`, ``))), "schema/required", nil},
		{"parts", "adds a member", answering(on(200, body(`"weight":12`, `"weight":12,"price":3`))), "schema/additionalProperties", nil},
		{"parts", "answers an object for a list", answering(on(200, all(body(`[{`, `{"parts":[{`), body(`}]`, `}]}`)))), "schema/type", nil},
		{"parts", "has other problems", answering(on(400, body(`"status":400`, `"code":400`))), "schema/required", nil},
		{"parts", "answers problems as plain JSON", answering(on(401, header("Content-Type", "application/json"))), "media-type/undocumented", nil},
		{"parts", "fails at wrong parameters", answering(on(400, status(500))), invalid, nil},
	}
}

func ticketsFaults() []foreignFault {
	const invalid = "status/invalid-parameter"
	each := func(checks ...string) []string {
		return slices.Concat(prefixed("showTicket/", checks), prefixed("changeTicket/", checks), prefixed("closeTicket/", checks))
	}
	change := func(checks ...string) []string { return prefixed("changeTicket/", checks) }
	search := func(checks ...string) []string { return prefixed("searchTickets/", checks) }
	return []foreignFault{
		{"tickets", "credentials", behaviour{}, "status/no-credentials", each("no-credentials", "empty-credentials-Key")},
		{"tickets", "password", behaviour{}, "status/unknown-credentials", each("unknown-credentials", "malformed-credentials", "empty-credentials", "expired-credentials")},
		{"tickets", "key", behaviour{}, "status/unknown-credentials", each("unknown-credentials-Key", "malformed-credentials-Key")},
		{"tickets", "uuid", behaviour{}, invalid, each("queue-not-of-format")},
		{"tickets", "number", behaviour{}, invalid, append(each("number-no-number", "number-no-integer"), "showTicket/unknown-resource-malformed")},
		{"tickets", "unknown ticket", behaviour{}, "status/unknown-resource", []string{"showTicket/unknown-resource"}},
		{"tickets", "number minimum", behaviour{}, invalid, each("number-below-minimum")},
		{"tickets", "number maximum", behaviour{}, invalid, each("number-above-maximum")},
		{"tickets", "title length", behaviour{}, invalid, change("body-title-too-short", "body-title-too-long")},
		{"tickets", "note type", behaviour{}, invalid, change("body-note-other-type")},
		{"tickets", "score bounds", behaviour{}, invalid, change("body-score-below-minimum", "body-score-above-maximum")},
		{"tickets", "any member", behaviour{}, invalid, change("body-no-member")},
		{"tickets", "change media type", behaviour{}, invalid, change("body-other-media-type")},
		{"tickets", "further members", behaviour{}, invalid, change("body-further-member")},

		{"tickets", "answers what is closed", answering(on(204, all(status(200), whole(`{}`)))), "status/undocumented", nil},
		{"tickets", "hides a ticket", answering(on(200, status(404))), "status/valid-request", nil},
		{"tickets", "forgets when it was opened", answering(on(200, body(`"opened":"2024-02-29T12:00:00Z",`, ``))), "schema/required", nil},
		{"tickets", "has another time", answering(on(200, body(`2024-02-29T12:00:00Z`, `2024-02-30T12:00:00Z`))), "schema/format", nil},
		{"tickets", "says null for a title", answering(on(200, body(`"title":"The door is open"`, `"title":null`))), "schema/nullable", nil},
		{"tickets", "is from nobody", answering(on(200, body(`"kind":"person"`, `"kind":"ghost"`))), "schema/oneOf", nil},
		{"tickets", "is from a text", answering(on(200, body(`{"kind":"person","mail":"ada@example.com","name":"Ada"}`, `"Ada"`))), "schema/oneOf", nil},
		{"tickets", "scores too high", answering(on(200, body(`"score":0.5`, `"score":1.5`))), "schema/maximum", nil},
		{"tickets", "has other reasons", answering(on(401, body(`"key"`, `"password"`))), "schema/enum", nil},
		{"tickets", "answers a page", answering(on(404, all(header("Content-Type", "text/html"), whole("<h1>Not here</h1>")))), "media-type/undocumented", nil},
		{"tickets", "fails", answering(on(200, status(500))), "status/valid-request", nil},
		{"tickets", "sends elsewhere", answering(on(200, all(status(302), header("Location", "/login")))), "status/undocumented", nil},

		{"search", "search credentials", behaviour{}, "status/no-credentials", search("no-credentials", "no-credentials-with-parameters", "empty-credentials")},
		{"search", "search key", behaviour{}, "status/unknown-credentials", search("unknown-credentials", "malformed-credentials", "expired-credentials")},
		{"search", "query escape", behaviour{}, invalid, search("sort-bad-escape", "score-bad-escape")},
		{"search", "text", behaviour{}, invalid, search("text-missing")},
		{"search", "text length", behaviour{}, invalid, search("text-too-short", "text-too-long", "text-empty")},
		{"search", "sort", behaviour{}, invalid, search("sort-unknown", "sort-other-case", "sort-empty")},
		{"search", "score", behaviour{}, invalid, search("score-no-number", "score-below-minimum", "score-above-maximum", "score-empty")},
		{"search", "queue", behaviour{}, invalid, search("queue-empty", "queue-not-of-format")},
		{"search", "finds null", answering(on(200, func(r *http.Request, w *httptest.ResponseRecorder) { whole(`{"tickets":null,"next":null}`)(r, w) })), "schema/nullable", nil},
		{"search", "forgets what comes next", answering(on(200, body(`"next":null,`, ``))), "schema/required", nil},
		{"search", "has an address that is none", answering(on(200, body(`192.0.2.7`, `192.0.2.777`))), "schema/oneOf", nil},
	}
}

func prefixed(prefix string, names []string) []string {
	list := []string{}
	for _, name := range names {
		list = append(list, prefix+name)
	}
	return list
}
