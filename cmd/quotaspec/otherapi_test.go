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

// otherAPI is another API: its document, and the config and flags to judge it.
type otherAPI struct {
	document string
	config   string
	args     []string
	provider func(omits string) http.Handler // keeps the document, except for the check that it omits
}

// otherAPIs has an entry for each credential, since a principal has only one.
var otherAPIs = map[string]otherAPI{
	"parts": {
		document: "parts.yaml", config: "principals: {reader: {token_env: PARTS_TOKEN}, expired: {token_env: PARTS_OLD}}",
		provider: func(omits string) http.Handler { return partsStore{omits} },
	},
	"tickets": {
		document: "tickets.yaml", config: "principals: {reader: {token_env: TICKETS_CLERK}, expired: {token_env: TICKETS_OLD}}",
		args:     []string{"--skip", "searchTickets/*"},
		provider: func(omits string) http.Handler { return ticketService{omits} },
	},
	"search": {
		document: "tickets.yaml", config: "principals: {reader: {token_env: TICKETS_SEARCH}, expired: {token_env: TICKETS_OLD}}",
		args:     []string{"--only", "searchTickets/*"},
		provider: func(omits string) http.Handler { return ticketService{omits} },
	},
}

// verify judges a provider of the API.
func (api otherAPI) verify(t *testing.T, url string, args ...string) (code int, out, errs string) {
	t.Helper()
	args = slices.Concat([]string{"verify", url, "--document", "testdata/otherapi/" + api.document, "--config",
		writeFile(t, "quotaspec.yaml", api.config), "--allow-changes"}, api.args, args)
	return quotaspec(t, args...)
}

// setOtherCredentials sets the environment variables that the configs name.
func setOtherCredentials(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"PARTS_TOKEN": partsToken, "PARTS_OLD": "token-of-last-year",
		"TICKETS_CLERK": ticketsClerk, "TICKETS_OLD": "clerk:secret-of-last-year", "TICKETS_SEARCH": searchKey,
	} {
		t.Setenv(name, value)
	}
}

// TestOtherAPIs judges providers that keep the documents of other APIs: every check runs and passes, and no credential is
// shown.
func TestOtherAPIs(t *testing.T) {
	setOtherCredentials(t)
	for name, api := range otherAPIs {
		t.Run(name, func(t *testing.T) {
			code, out, errs := api.verify(t, startHandler(t, api.provider(""), behaviour{}), "-v", "--fail-on", "undocumented")
			if code != exitPassed || errs != "" || !strings.HasSuffix(out, "checks, 0 failed, 0 errors, 0 skipped, 0 warnings\n") {
				t.Errorf("exit %d, %s\n%s", code, errs, out)
			}
			for _, secret := range []string{partsToken, ticketsClerk, searchKey, "Bearer token", "last-year"} {
				if strings.Contains(out, secret) {
					t.Errorf("%q is shown:\n%s", secret, out)
				}
			}
		})
	}
}

// TestBrokenOtherAPIs judges providers that break the document of another API. If a provider omits a check, the probes about
// this check fail and no others.
func TestBrokenOtherAPIs(t *testing.T) {
	setOtherCredentials(t)
	for _, test := range slices.Concat(partsBreakers(), ticketsBreakers()) {
		t.Run(test.api+"/"+test.name, func(t *testing.T) {
			api := otherAPIs[test.api]
			url := startHandler(t, api.provider(test.name), test.behaviour)
			code, out, errs := api.verify(t, url, "-v", "--fail-on", "inferred")
			byCheck := raised(t, out, url)
			if code != exitFailed || errs != "" {
				t.Errorf("exit %d, want %d: %s", code, exitFailed, errs)
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

// brokenOther is a provider that breaks the document of another API in one way.
type brokenOther struct {
	api       string
	name      string    // the check that the provider omits, if its api has one of this name
	behaviour behaviour // how else it differs
	id        string    // a finding that verify must report
	checks    []string  // all checks that fail; nil for any
}

func partsBreakers() []brokenOther {
	const invalid = "status/invalid-parameter"
	list := func(checks ...string) []string { return prefixed("listParts/", checks) }
	create := func(checks ...string) []string { return prefixed("createPart/", checks) }
	return []brokenOther{
		{
			api: "parts", name: "token", id: "status/no-credentials",
			checks: []string{"listParts/no-credentials", "listParts/no-credentials-with-parameters", "createPart/no-credentials"},
		},
		{api: "parts", name: "right token", id: "status/unknown-credentials", checks: []string{
			"listParts/unknown-credentials", "listParts/malformed-credentials", "listParts/empty-credentials", "listParts/expired-credentials",
			"createPart/unknown-credentials", "createPart/malformed-credentials", "createPart/empty-credentials", "createPart/expired-credentials",
		}},
		{api: "parts", name: "unknown warehouse", id: "status/unknown-resource", checks: list("unknown-resource")},
		{api: "parts", name: "header", id: invalid, checks: []string{"listParts/Parts-Client-missing", "createPart/Parts-Client-missing"}},
		{
			api: "parts", name: "header pattern", id: invalid,
			checks: []string{"listParts/Parts-Client-no-match", "createPart/Parts-Client-no-match"},
		},
		{api: "parts", name: "filter", id: "filter/ignored", checks: list("color=red")},
		{api: "parts", name: "elements", id: invalid, checks: list("color-too-many")},
		{api: "parts", name: "media type", id: invalid, checks: create("body-other-media-type")},
		{api: "parts", name: "uri", id: invalid, checks: create("body-page-not-of-format")},
		{api: "parts", name: "nested", id: invalid, checks: prefixed("createPart/body-maker-", []string{
			"name-missing", "name-too-short", "name-too-long", "name-other-type", "name-null",
			"country-missing", "country-no-match", "country-other-type", "country-null", "further-member",
		})},
		{api: "parts", name: "integer", id: invalid, checks: list("limit-no-number", "limit-no-integer", "limit-empty")},
		{api: "parts", name: "minimum", id: invalid, checks: list("limit-below-minimum")},
		{api: "parts", name: "maximum", id: invalid, checks: list("limit-above-maximum")},
		{api: "parts", name: "enum", id: invalid, checks: list("color-element-unknown", "color-element-other-case")},
		{api: "parts", name: "element", id: invalid, checks: list("id-element-no-number", "id-element-no-integer", "id-element-below-minimum")},
		{api: "parts", name: "format", id: invalid, checks: list("since-not-of-format", "since-empty")},
		{api: "parts", name: "boolean", id: invalid, checks: list("broken-no-boolean", "broken-empty")},
		{api: "parts", name: "escape", id: invalid, checks: list("limit-bad-escape", "broken-bad-escape")},
		{api: "parts", name: "JSON", id: invalid, checks: create("body-not-json")},
		{
			api: "parts", name: "required", id: invalid,
			checks: create("body-name-missing", "body-color-missing", "body-weight-missing", "body-maker-missing"),
		},
		{api: "parts", name: "further members", id: invalid, checks: create("body-further-member")},
		{
			api: "parts", name: "null", id: invalid,
			checks: create("body-name-null", "body-color-null", "body-weight-null", "body-maker-null", "body-sku-null", "body-made-null",
				"body-page-null", "body-broken-null"),
		},
		{api: "parts", name: "body enum", id: invalid, checks: create("body-color-unknown", "body-color-other-case")},
		{api: "parts", name: "pattern", id: invalid, checks: create("body-sku-no-match")},
		{api: "parts", name: "body format", id: invalid, checks: create("body-made-not-of-format")},
		{api: "parts", name: "body minimum", id: invalid, checks: create("body-weight-below-minimum")},
		{api: "parts", name: "body maximum", id: invalid, checks: create("body-weight-above-maximum")},
		{api: "parts", name: "minLength", id: invalid, checks: create("body-name-too-short", "body-maker-name-too-short")},
		{api: "parts", name: "maxLength", id: invalid, checks: create("body-name-too-long", "body-maker-name-too-long")},
		{api: "parts", name: "body boolean", id: invalid, checks: create("body-broken-no-boolean", "body-broken-other-type", "body-broken-null")},

		{api: "parts", name: "returns 200 to what is created", behaviour: responding(on(201, status(200))), id: "status/valid-request"},
		{api: "parts", name: "returns 202 with nothing", behaviour: responding(on(201, all(status(202), whole("")))), id: "status/valid-request"},
		{api: "parts", name: "omits the location", behaviour: responding(on(201, header("Location"))), id: "header/missing"},
		{api: "parts", name: "returns another location", behaviour: responding(on(201, header("Location", "/parts/1"))), id: "header/pattern"},
		{api: "parts", name: "returns a count in words", behaviour: responding(header("Parts-Total", "one")), id: "header/type"},
		{api: "parts", name: "writes a number as text", behaviour: responding(on(200, body(`"weight":12`, `"weight":"12"`))), id: "schema/type"},
		{api: "parts", name: "weighs too much", behaviour: responding(on(200, body(`"weight":12`, `"weight":5001`))), id: "schema/maximum"},
		{api: "parts", name: "knows another colour", behaviour: responding(on(200, body(`"grey"`, `"blue"`))), id: "schema/enum"},
		{api: "parts", name: "omits the maker's country", behaviour: responding(on(200, body(`"country":"GB",`, ``))), id: "schema/required"},
		{
			api: "parts", name: "adds a member", behaviour: responding(on(200, body(`"weight":12`, `"weight":12,"price":3`))),
			id: "schema/additionalProperties",
		},
		{
			api: "parts", name: "returns an object for a list",
			behaviour: responding(on(200, all(body(`[{`, `{"parts":[{`), body(`}]`, `}]}`)))), id: "schema/type",
		},
		{api: "parts", name: "has other problems", behaviour: responding(on(400, body(`"status":400`, `"code":400`))), id: "schema/required"},
		{
			api: "parts", name: "returns problems as plain JSON",
			behaviour: responding(on(401, header("Content-Type", "application/json"))), id: "media-type/undocumented",
		},
		{api: "parts", name: "fails at wrong parameters", behaviour: responding(on(400, status(500))), id: "status/server-error"},
	}
}

func ticketsBreakers() []brokenOther {
	const invalid = "status/invalid-parameter"
	each := func(checks ...string) []string {
		return slices.Concat(prefixed("showTicket/", checks), prefixed("changeTicket/", checks), prefixed("closeTicket/", checks))
	}
	change := func(checks ...string) []string { return prefixed("changeTicket/", checks) }
	search := func(checks ...string) []string { return prefixed("searchTickets/", checks) }
	return []brokenOther{
		{api: "tickets", name: "credentials", id: "status/no-credentials", checks: each("no-credentials", "empty-credentials-Key")},
		{
			api: "tickets", name: "password", id: "status/unknown-credentials",
			checks: each("unknown-credentials", "malformed-credentials", "empty-credentials", "expired-credentials"),
		},
		{api: "tickets", name: "key", id: "status/unknown-credentials", checks: each("unknown-credentials-Key", "malformed-credentials-Key")},
		{api: "tickets", name: "uuid", id: invalid, checks: each("queue-not-of-format")},
		{
			api: "tickets", name: "number", id: invalid,
			checks: append(each("number-no-number", "number-no-integer"), "showTicket/unknown-resource-malformed"),
		},
		{api: "tickets", name: "unknown ticket", id: "status/unknown-resource", checks: []string{"showTicket/unknown-resource"}},
		{api: "tickets", name: "number minimum", id: invalid, checks: each("number-below-minimum")},
		{api: "tickets", name: "number maximum", id: invalid, checks: each("number-above-maximum")},
		{api: "tickets", name: "title length", id: invalid, checks: change("body-title-too-short", "body-title-too-long")},
		{api: "tickets", name: "note type", id: invalid, checks: change("body-note-other-type")},
		{api: "tickets", name: "score bounds", id: invalid, checks: change("body-score-below-minimum", "body-score-above-maximum")},
		{api: "tickets", name: "any member", id: invalid, checks: change("body-no-member")},
		{api: "tickets", name: "change media type", id: invalid, checks: change("body-other-media-type")},
		{api: "tickets", name: "further members", id: invalid, checks: change("body-further-member")},

		{
			api: "tickets", name: "returns 200 for a deletion", behaviour: responding(on(204, all(status(200), whole(`{}`)))),
			id: "status/undocumented",
		},
		{api: "tickets", name: "hides a ticket", behaviour: responding(on(200, status(404))), id: "status/valid-request"},
		{
			api: "tickets", name: "omits the time of opening",
			behaviour: responding(on(200, body(`"opened":"2024-02-29T12:00:00Z",`, ``))), id: "schema/required",
		},
		{
			api: "tickets", name: "has another time",
			behaviour: responding(on(200, body(`2024-02-29T12:00:00Z`, `2024-02-30T12:00:00Z`))), id: "schema/format",
		},
		{
			api: "tickets", name: "returns null for a title",
			behaviour: responding(on(200, body(`"title":"The door is open"`, `"title":null`))), id: "schema/nullable",
		},
		{
			api: "tickets", name: "has an unknown kind of sender",
			behaviour: responding(on(200, body(`"kind":"person"`, `"kind":"ghost"`))), id: "schema/oneOf",
		},
		{
			api: "tickets", name: "has a text as sender",
			behaviour: responding(on(200, body(`{"kind":"person","mail":"ada@example.com","name":"Ada"}`, `"Ada"`))),
			id:        "schema/oneOf",
		},
		{api: "tickets", name: "scores too high", behaviour: responding(on(200, body(`"score":0.5`, `"score":1.5`))), id: "schema/maximum"},
		{api: "tickets", name: "has other reasons", behaviour: responding(on(401, body(`"key"`, `"password"`))), id: "schema/enum"},
		{
			api: "tickets", name: "returns a page",
			behaviour: responding(on(404, all(header("Content-Type", "text/html"), whole("<h1>Not here</h1>")))),
			id:        "media-type/undocumented",
		},
		{api: "tickets", name: "fails", behaviour: responding(on(200, status(500))), id: "status/server-error"},
		{
			api: "tickets", name: "sends elsewhere", behaviour: responding(on(200, all(status(302), header("Location", "/login")))),
			id: "status/undocumented",
		},

		{
			api: "search", name: "search credentials", id: "status/no-credentials",
			checks: search("no-credentials", "no-credentials-with-parameters", "empty-credentials"),
		},
		{
			api: "search", name: "search key", id: "status/unknown-credentials",
			checks: search("unknown-credentials", "malformed-credentials", "expired-credentials"),
		},
		{api: "search", name: "query escape", id: invalid, checks: search("sort-bad-escape", "score-bad-escape")},
		{api: "search", name: "text", id: invalid, checks: search("text-missing")},
		{api: "search", name: "text length", id: invalid, checks: search("text-too-short", "text-too-long", "text-empty")},
		{api: "search", name: "sort", id: invalid, checks: search("sort-unknown", "sort-other-case", "sort-empty")},
		{
			api: "search", name: "score", id: invalid,
			checks: search("score-no-number", "score-below-minimum", "score-above-maximum", "score-empty"),
		},
		{api: "search", name: "queue", id: invalid, checks: search("queue-empty", "queue-not-of-format")},
		{
			api: "search", name: "finds null",
			behaviour: responding(on(200, func(r *http.Request, w *httptest.ResponseRecorder) { whole(`{"tickets":null,"next":null}`)(r, w) })),
			id:        "schema/nullable",
		},
		{api: "search", name: "omits the next page", behaviour: responding(on(200, body(`"next":null,`, ``))), id: "schema/required"},
		{
			api: "search", name: "has an invalid address", behaviour: responding(on(200, body(`192.0.2.7`, `192.0.2.777`))),
			id: "schema/oneOf",
		},
	}
}

func prefixed(prefix string, names []string) []string {
	list := []string{}
	for _, name := range names {
		list = append(list, prefix+name)
	}
	return list
}
