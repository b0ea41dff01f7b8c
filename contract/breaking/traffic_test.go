package breaking

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// comparerOf compares two documents given as text.
func comparerOf(t testing.TB, old, new string) *Comparer {
	t.Helper()
	docs := []*spec.Document{}
	for _, d := range []struct{ name, text string }{{"pets-v1.yaml", old}, {"pets-v2.yaml", new}} {
		doc, err := spec.Read(d.name, []byte(d.text), nil)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	c, err := New(docs[0], docs[1])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// findingsOf compares the documents of a comparer.
func findingsOf(t testing.TB, c *Comparer) []Finding {
	t.Helper()
	compared, err := c.Compare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return compared.Findings
}

const usedPets = `openapi: 3.0.3
info: {title: pets, version: 1.0.0}
servers: [{url: https://pets.example.com/v1}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: kind, in: query, schema: {type: string, enum: [cat, dog]}}
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: token, in: query, schema: {type: string, maxLength: 40}}
      responses:
        '200':
          description: the pets
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/Pet'}
        4XX: {description: refused, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    post:
      operationId: addPet
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Pet'}}
      responses: {'201': {description: added}}
  /owners/{id}:
    get:
      operationId: getOwner
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: the owner}}
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [cat, dog]}
        password: {type: string, maxLength: 40}
        home: {type: object, properties: {street: {type: string, maxLength: 30}}}
        notes: {type: object, additionalProperties: {type: object, properties: {text: {type: string}}}}
    Error: {type: object, properties: {code: {type: string, enum: [a, b]}}}
`

// get makes a recorded exchange with the server of usedPets.
func get(target string, status int, body string) contract.Exchange {
	ex := contract.Exchange{
		Origin:     "https://pets.example.com",
		Request:    contract.Request{Method: "GET", Target: "/v1" + target, Header: http.Header{}},
		Response:   contract.Response{Status: status, Header: http.Header{}, Body: []byte(body)},
		Unrecorded: contract.UnrecordedFraming,
	}
	if body != "" {
		ex.Response.Header.Set("Content-Type", "application/json")
	}
	return ex
}

func post(body string) contract.Exchange {
	ex := get("/pets", 201, "")
	ex.Request.Method, ex.Request.Body = "POST", []byte(body)
	ex.Request.Header.Set("Content-Type", "application/json")
	return ex
}

// changedTo replaces texts of usedPets; each must be there.
func changedTo(t testing.TB, replacements ...string) string {
	t.Helper()
	text := usedPets
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(text, replacements[i]) {
			t.Fatalf("%q is not in the document", replacements[i])
		}
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	return text
}

// TestUse tests which findings count for the consumer whose traffic was recorded.
func TestUse(t *testing.T) {
	const pet = `[{"kind": "cat", "notes": {"first": {"text": "x"}}}]`
	birds := []string{"kind: {type: string, enum: [cat, dog]}\n", "kind: {type: string, enum: [cat, dog, bird]}\n"}
	for _, test := range []struct {
		name     string
		old, new []string // replacements in the document
		traffic  []contract.Exchange
		want     string // id, whether it is used, and the origin of the recorded witness
	}{
		{
			name: "a value of an answer that occurs", new: birds,
			traffic: []contract.Exchange{get("/pets", 200, pet)},
			want:    "enum/added used",
		},
		{
			name: "a value of an answer that does not occur", new: []string{"maxLength: 30", "maxLength: 31"},
			traffic: []contract.Exchange{get("/pets", 200, pet)},
			want:    "consumer bound/raised unused",
		},
		{
			name: "a value in a map", new: []string{"text: {type: string}", "text: {type: string, nullable: true}"},
			traffic: []contract.Exchange{get("/pets", 200, pet)},
			want:    "consumer null/allowed used",
		},
		{
			name: "a status that never came", new: []string{"enum: [a, b]", "enum: [a, b, c]"},
			traffic: []contract.Exchange{get("/pets", 200, pet)},
			want:    "consumer enum/added unused",
		},
		{
			name: "a status of a class", new: []string{"enum: [a, b]", "enum: [a, b, c]"},
			traffic: []contract.Exchange{get("/pets", 404, `{"code": "a"}`)},
			want:    "enum/added used",
		},
		{
			name: "a body that is not recorded may have all", new: []string{"maxLength: 30", "maxLength: 31"},
			traffic: []contract.Exchange{func() contract.Exchange {
				ex := get("/pets", 200, "")
				ex.Unrecorded |= contract.UnrecordedResponseBody
				return ex
			}()},
			want: "consumer bound/raised used",
		},
		{
			name: "a parameter that was never sent like that", new: []string{"maximum: 100", "maximum: 50"},
			traffic: []contract.Exchange{get("/pets?limit=50", 200, pet)},
			want:    "bound/lowered unused",
		},
		{
			name: "a parameter that was", new: []string{"maximum: 100", "maximum: 50"},
			traffic: []contract.Exchange{get("/pets?limit=51", 200, pet), get("/pets?limit=5", 200, pet)},
			want:    "bound/lowered used entry 1",
		},
		{
			name: "a parameter that was, in a request that was wrong before", new: []string{"maximum: 100", "maximum: 50"},
			traffic: []contract.Exchange{get("/pets?limit=51&utm_source=mail", 200, pet)},
			want:    "bound/lowered used",
		},
		{
			name: "a wrong request and a right one", new: []string{"maximum: 100", "maximum: 50"},
			traffic: []contract.Exchange{get("/pets?limit=51&q=", 200, pet), get("/pets?limit=51&kind=cat&token=1234567", 200, pet)},
			want:    "bound/lowered used entry 2",
		},
		{
			name: "a request that is as wrong as before", new: []string{"maximum: 100", "maximum: 50"},
			traffic: []contract.Exchange{get("/pets?limit=101&utm_source=mail", 200, pet)},
			want:    "bound/lowered unused",
		},
		{
			name: "another server, and a parameter", new: []string{"https://pets.example.com/v1", "https://pets.example.com/v2",
				"maximum: 100", "maximum: 50"},
			traffic: []contract.Exchange{get("/pets?limit=51", 200, pet)},
			want:    "bound/lowered used entry 1",
		},
		{
			name: "another server, and a response", new: append([]string{"https://pets.example.com/v1", "https://new.example.com"}, birds...),
			traffic: []contract.Exchange{get("/pets", 200, pet)},
			want:    "enum/added used",
		},
		{
			name: "a value of a parameter removed",
			new:  []string{"enum: [cat, dog]}}\n        - {name: limit", "enum: [cat]}}\n        - {name: limit"},
			traffic: []contract.Exchange{get("/pets?kind=cat", 200, pet), get("/pets?kind=dog&limit=7", 200, pet), get("/pets?kind=dog", 200, pet),
				get("/pets?kind=dog", 404, "")},
			want: "enum/removed used entry 3",
		},
		{
			name: "a parameter removed", new: []string{"        - {name: limit, in: query, schema: {type: integer, maximum: 100}}\n", ""},
			traffic: []contract.Exchange{get("/pets?limit=1", 200, pet)},
			want:    "parameter/removed used entry 1",
		},
		{
			name: "a member of a request required", new: []string{"required: [kind]", "required: [kind, home]"},
			traffic: []contract.Exchange{post(`{"kind": "cat"}`)},
			want:    "required/added unused\nrequired/added used entry 1",
		},
		{
			name: "an operation that was not called removed", new: []string{"/owners/{id}", "/holders/{id}"},
			traffic: []contract.Exchange{get("/pets", 200, pet)},
			want:    "operation/removed unused",
		},
		{
			name: "an operation that was called removed", new: []string{"/owners/{id}", "/holders/{id}"},
			traffic: []contract.Exchange{get("/owners/1", 200, "")},
			want:    "operation/removed used entry 1",
		},
		{
			name: "the server", new: []string{"https://pets.example.com/v1", "https://pets.example.com/v2"},
			traffic: []contract.Exchange{get("/owners/1", 200, "")},
			want:    "server/added used\nserver/removed used entry 1",
		},
		{
			name: "an answer that only the new document has", new: birds,
			traffic: []contract.Exchange{get("/pets", 200, `[{"kind": "cat"}, {"kind": "bird"}]`), get("/pets", 200, `[{"kind": "bird"}]`)},
			want:    "enum/added used entry 2",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := comparerOf(t, usedPets, changedTo(t, test.new...))
			for i, ex := range test.traffic {
				c.Add(fmt.Sprintf("entry %d", i+1), ex)
			}
			if got := used(t, c); !strings.Contains("\n"+got+"\n", "\n"+test.want+"\n") {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// used lists the findings of a comparison, without and with their side: whether the traffic uses what has changed, and the recorded
// witness.
func used(t *testing.T, c *Comparer) string {
	t.Helper()
	lines := []string{}
	for _, f := range findingsOf(t, c) {
		line := f.ID + " used"
		if f.Unused {
			line = f.ID + " unused"
		}
		if w := f.Witness; w != nil && strings.HasPrefix(w.Origin, "entry") {
			line += " " + w.Origin
		}
		lines = append(lines, line, string(f.Side)+" "+line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestSharedFault tests that an exchange with another fault is named and is no witness.
func TestSharedFault(t *testing.T) {
	c := comparerOf(t, usedPets, changedTo(t, "maximum: 100", "maximum: 50"))
	c.Add("entry 1", get("/pets?limit=80&utm_source=mail", 200, "[]"))
	for _, f := range findingsOf(t, c) {
		isNamed := strings.HasPrefix(f.Why, "entry 1 shows that it is used; ")
		if w := f.Witness; !isNamed || w == nil || len(w.Old) > 0 || strings.Contains(w.Exchange.Request.Target, "utm_source") {
			t.Errorf("%s: why %q, witness %v", f.ID, f.Why, w)
		}
	}
}

// TestCounts tests the counts of exchanges.
func TestCounts(t *testing.T) {
	c := comparerOf(t, usedPets, changedTo(t, "/owners/{id}", "/holders/{id}"))
	preflight := get("/pets", 204, "")
	preflight.Request.Method = "OPTIONS"
	preflight.Request.Header.Set("Origin", "https://app.example.com")
	preflight.Request.Header.Set("Access-Control-Request-Method", "POST")
	for _, ex := range []contract.Exchange{
		get("/pets", 200, "[]"), get("/owners/1", 200, ""), get("/holders/1", 200, ""), get("/favicon.ico", 200, ""), preflight,
	} {
		c.Add("entry", ex)
	}
	got, err := c.Compare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Exchanges != 4 || got.Foreign != 1 {
		t.Errorf("got %d exchanges, %d foreign; want 4, 1", got.Exchanges, got.Foreign)
	}
}

// TestOrder tests that the order of exchanges does not change what is kept of them.
func TestOrder(t *testing.T) {
	exchanges := []contract.Exchange{}
	names := []string{}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		kind := []string{"cat", "dog", "bird"}[random.IntN(3)]
		body := fmt.Sprintf(`[{"kind": %q, "password": "p4ssw0rd-%d", "notes": {"n%d": {"text": "x"}}, "%s": 1}]`,
			kind, i%7, i, strings.Repeat("m", i%5+1))
		ex := get(fmt.Sprintf("/pets?limit=%d&kind=%s&token=abcdef%d", random.IntN(150), kind, i), []int{200, 404, 500}[random.IntN(3)], body)
		if random.IntN(4) == 0 {
			ex = post(fmt.Sprintf(`{"kind": %q, "home": {"street": %q}}`, kind, strings.Repeat("s", random.IntN(50))))
		}
		exchanges, names = append(exchanges, ex), append(names, fmt.Sprintf("entry %03d", i))
	}
	changed := changedTo(t, "maximum: 100", "maximum: 50", "maxLength: 30", "maxLength: 20", "kind: {type: string, enum: [cat, dog]",
		"kind: {type: string, enum: [cat, bird]", "4XX", "'404'")
	var want string
	for range 6 {
		c := comparerOf(t, usedPets, changed)
		for _, i := range random.Perm(len(exchanges)) {
			c.Add(names[i], exchanges[i])
		}
		got := used(t, c) + "\n" + kept(t, c)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("another order gives another result:\n%s\nand\n%s", got, want)
		}
	}
	if !strings.Contains(want, "entry") {
		t.Error("no exchange was kept")
	}
}

// kept writes all that the comparer keeps of exchanges.
func kept(t testing.TB, c *Comparer) string {
	t.Helper()
	lines := []string{}
	write := func(what string, values ...any) {
		data, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, what+" "+string(data))
	}
	for key, u := range c.traffic.uses {
		for status, s := range u.statuses {
			for _, seed := range s.seeds {
				write(fmt.Sprint(key, status, " seed"), seed.name, seed.exchange,
					string(seed.exchange.Response.Body), string(seed.exchange.Request.Body))
			}
			write(fmt.Sprint(key, status, " shape"), fmt.Sprint(s.body.list("")))
		}
		for place, r := range u.witnesses {
			list := []string{}
			for _, f := range slices.Concat(r.old, r.new) {
				list = append(list, fmt.Sprint(f.ID, f.Pointer, f.Want, f.Got))
			}
			write(fmt.Sprintf("%v %+v", key, place), r.name, r.exchange, string(r.exchange.Response.Body), string(r.exchange.Request.Body), list)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// list lists the pointers of a shape.
func (s *shape) list(at string) []string {
	list := []string{at}
	for name, part := range s.parts {
		list = append(list, part.list(at+"/"+name)...)
	}
	slices.Sort(list)
	return list
}

// TestTrafficSecrets tests that nothing that is kept of an exchange has its secrets, wherever they stand.
func TestTrafficSecrets(t *testing.T) {
	const secret = "s3cr3t-0123456789"
	changed := changedTo(t, "maximum: 100", "maximum: 50", "maxLength: 40", "maxLength: 4", "maxLength: 40", "maxLength: 4",
		"maxLength: 30", "maxLength: 3")
	for _, test := range []struct {
		name string
		put  func(*contract.Exchange)
	}{
		{"header", func(ex *contract.Exchange) { ex.Request.Header.Set("Authorization", "Bearer "+secret) }},
		{"response header", func(ex *contract.Exchange) { ex.Response.Header.Set("X-Subject-Token", secret) }},
		{"query", func(ex *contract.Exchange) { ex.Request.Target += "&token=" + secret }},
		{"cookie", func(ex *contract.Exchange) { ex.Request.Header.Set("Cookie", "session="+secret) }},
		{"cookie of the response", func(ex *contract.Exchange) { ex.Response.Header.Set("Set-Cookie", "session="+secret) }},
		{"body", func(ex *contract.Exchange) {
			ex.Response.Body = []byte(`[{"kind": "cat", "password": "` + secret + `", "home": {"street": "` + secret + `"}}]`)
		}},
		{"name of a member", func(ex *contract.Exchange) {
			ex.Request.Header.Set("X-Auth-Token", secret)
			ex.Response.Body = []byte(`[{"kind": "cat", "notes": {"` + secret + `": {"text": "x"}}}]`)
		}},
		{"host", func(ex *contract.Exchange) { ex.Origin = "https://me:" + secret + "@pets.example.com" }},
		{"a form", func(ex *contract.Exchange) {
			*ex = post("kind=cat&password=" + secret)
			ex.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, limit := range []string{"7", "70"} { // a seed, and a witness
				c := comparerOf(t, usedPets, changed)
				ex := get("/pets?limit="+limit, 200, `[{"kind": "cat"}]`)
				test.put(&ex)
				c.Add("entry 1", ex)
				text := kept(t, c)
				if strings.Contains(text, secret) {
					t.Errorf("a secret is kept: %s", text)
				}
				if test.name != "host" && !strings.Contains(text, "entry 1") {
					t.Errorf("limit %s: nothing is kept: %s", limit, text)
				}
			}
		})
	}
}

// TestWithoutSecrets tests that an exchange which only its secret makes a witness is one all the same, and says so.
func TestWithoutSecrets(t *testing.T) {
	c := comparerOf(t, usedPets, changedTo(t, "maxLength: 40", "maxLength: 10"))
	c.Add("entry 1", get("/pets?token=abcdefghijklmnop", 200, "[]"))
	if got, want := used(t, c), "provider bound/lowered used entry 1, with its secrets"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestBoundedShape tests that the keys of maps, of which traffic has any number, are not kept.
func TestBoundedShape(t *testing.T) {
	c := comparerOf(t, usedPets, usedPets)
	for i := range 300 {
		c.Add("entry", get("/pets", 200, fmt.Sprintf(`[{"kind": "cat", "notes": {"key%d": {"text": "x"}}, "extra%d": {"y%d": 1}}]`, i, i, i)))
	}
	for _, u := range c.traffic.uses {
		for _, s := range u.statuses {
			want := "[ /* /*/* /*/*/* /*/kind /*/notes /*/notes/* /*/notes/*/text]"
			if got := fmt.Sprint(s.body.list("")); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if len(s.seeds) != maxSeeds {
				t.Errorf("got %d seeds, want %d", len(s.seeds), maxSeeds)
			}
		}
	}
}
