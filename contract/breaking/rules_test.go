package breaking

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

const ruledPets = `openapi: 3.0.3
info: {title: pets, version: 1.0.0}
x-rules: %s
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: kind, in: query, schema: {type: string, enum: [cat, dog]}}]
      x-rules: %s
      responses:
        '200':
          description: the pets
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pets'}
              examples:
                two: {value: [{kind: cat, name: tom}, {kind: dog, name: rex}]}
        '403':
          description: no
          x-error-codes: %s
          content:
            application/json:
              schema: {type: object, required: [code], properties: {code: {type: string}}}
              example: {code: A.1}
        '404':
          description: none
          x-error-codes: {at: /code, codes: [{code: B.1, message: None.}]}
          content:
            application/json:
              schema: {type: object, required: [code], properties: {code: {type: string}}}
              example: {code: B.1}
    delete:
      operationId: deletePets
      responses: {'204': {description: done}}
components:
  schemas:
    Pets:
      type: array
      x-rules: %s
      items: {type: object, required: [kind, name], properties: {kind: {type: string}, name: {type: string}}}
`

// rulesIn writes a document with rules of the document, the operation and a schema, and error codes.
func rulesIn(ofDocument, ofOperation, ofSchema, codes string) string {
	or := func(text, other string) string {
		if text == "" {
			return other
		}
		return text
	}
	return fmt.Sprintf(ruledPets, or(ofDocument, "[]"), or(ofOperation, "[]"),
		or(codes, "{at: /code, codes: [{code: A.1, message: No., when: no-permission}]}"), or(ofSchema, "[]"))
}

const (
	twoCodes = "{at: /code, codes: [{code: A.1, message: No., when: no-permission}, {code: A.2, message: Never.}]}"
	each     = `[{id: each-once, says: No twins., grade: documented, source: m, rule: "self.all(p, self.exists_one(o, o.name == p.name))"}]`
	eachWeak = `[{id: each-once, says: No twins., grade: inferred, source: m, rule: "self.all(p, self.exists_one(o, o.name == p.name))"}]`
	anyPets  = `[{id: each-once, says: Anything., grade: documented, source: m, rule: "size(self) >= 0"}]`
	fewPets  = `[{id: each-once, says: One pet., grade: documented, source: m, rule: "size(self) < 2"}]`
	eachSaid = `[{id: each-once, says: Each once., grade: documented, source: m, rule: "self.all(p,  self.exists_one(o, o.name == p.name))"}]`
	other    = `[{id: other, says: No pet has the name of its kind., grade: documented, source: m, rule: "self.all(p, p.kind != p.name)"}]`
	filter   = `[{id: filter, says: Only that kind., grade: documented, source: m,
        rule: 'response.status == 200 && "kind" in request.query ? response.body.all(p, p.kind == request.query["kind"][0]) : true'}]`
	agent  = `[{id: agent, says: It says who asks., grade: documented, source: m, rule: '"User-Agent" in request.headers'}]`
	own403 = `[{id: mine, says: No permission is 403., grade: documented, source: m, probe: no-permission}]`
	own404 = `[{id: mine, says: No permission is 404., grade: documented, source: m, probe: no-permission, rule: response.status == 404}]`
)

// TestRules tests which changes of rules there are, and that the exchange that shows one breaks the rule in one document only.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		name, old, new string
		want           string // id, check, the other checks, level and side of each change
		refuses        string // the document that refuses the witness, and the id of its finding; "": there is no witness
		why            string // a part of the reason
		body           string // of the witness; "": any
	}{
		{name: "the same", old: rulesIn(agent, filter, each, ""), new: rulesIn(agent, filter, each, "")},
		{
			name: "a rule of a schema removed",
			old:  rulesIn("", "", each, ""), new: rulesIn("", "", "", ""),
			want: "rule/removed listPets [] breaking consumer", refuses: "old pets-v1/each-once",
			body: `[{"kind":"cat","name":"tom"},{"kind":"cat","name":"tom"}]`,
		},
		{
			name: "a rule that two members differ removed",
			old:  rulesIn("", "", other, ""), new: rulesIn("", "", "", ""),
			want: "rule/removed listPets [] breaking consumer", refuses: "old pets-v1/other",
			body: `[{"kind":"text","name":"text"}]`,
		},
		{
			name: "the body that has a rule removed",
			old:  rulesIn("", "", each, ""), new: strings.Replace(rulesIn("", "", each, ""), "application/json:", "text/plain:", 1),
		},
		{
			name: "a rule of a schema added",
			old:  rulesIn("", "", "", ""), new: rulesIn("", "", each, ""),
			want: "rule/added listPets [] compatible consumer", refuses: "new pets-v2/each-once",
		},
		{
			name: "a rule of an operation removed",
			old:  rulesIn("", filter, "", ""), new: rulesIn("", "", "", ""),
			want: "rule/removed listPets [] breaking consumer", refuses: "old listPets/filter",
			body: `[{"kind":"dog","name":"rex"}]`,
		},
		{
			name: "a rule of the document, which all operations share, added",
			old:  rulesIn("", "", "", ""), new: rulesIn(agent, "", "", ""),
			want: "rule/added listPets [deletePets] breaking provider", refuses: "new pets-v2/agent",
		},
		{
			name: "a rule about requests removed",
			old:  rulesIn(agent, "", "", ""), new: rulesIn("", "", "", ""),
			want: "rule/removed listPets [deletePets] compatible provider", refuses: "old pets-v1/agent",
		},
		{
			name: "a rule made weaker",
			old:  rulesIn("", "", each, ""), new: rulesIn("", "", anyPets, ""),
			want: "rule/changed listPets [] breaking consumer", refuses: "old pets-v1/each-once",
		},
		{
			name: "a rule made stronger",
			old:  rulesIn("", "", anyPets, ""), new: rulesIn("", "", fewPets, ""),
			want: "rule/changed listPets [] compatible consumer", refuses: "new pets-v2/each-once",
		},
		{
			name: "weaker evidence",
			old:  rulesIn("", "", each, ""), new: rulesIn("", "", eachWeak, ""),
			want: "rule/grade listPets [] breaking consumer", refuses: "old pets-v1/each-once",
		},
		{
			name: "stronger evidence",
			old:  rulesIn("", "", eachWeak, ""), new: rulesIn("", "", each, ""),
			want: "rule/grade listPets [] compatible consumer", refuses: "new pets-v2/each-once",
		},
		{
			name: "a rule that nothing breaks removed, and something else changed",
			old:  rulesIn("", "", anyPets, ""), new: strings.Replace(rulesIn("", "", "", ""), "name: {type: string}", "name: {type: integer}", 1),
			want: "rule/removed listPets [] possibly breaking consumer", why: "none of",
		},
		{
			name: "an inferred rule removed",
			old:  rulesIn("", "", eachWeak, ""), new: rulesIn("", "", "", ""),
			want: "rule/removed listPets [] possibly breaking consumer", why: "only inferred",
		},
		{
			name: "other words and spaces",
			old:  rulesIn("", "", each, ""), new: rulesIn("", "", eachSaid, ""),
			want: "prose/changed listPets [] editorial ",
		},
		{
			name: "the response to a probe",
			old:  rulesIn("", own403, "", ""), new: rulesIn("", own404, "", ""),
			want: "rule/changed listPets [] breaking consumer", refuses: "old listPets/mine",
		},
		{
			name: "an error code added",
			old:  rulesIn("", "", "", ""), new: rulesIn("", "", "", twoCodes),
			want: "error-codes/added listPets/403 [] breaking consumer", refuses: "old error-code/undocumented",
		},
		{
			name: "an error code removed",
			old:  rulesIn("", "", "", twoCodes), new: rulesIn("", "", "", ""),
			want: "error-codes/removed listPets/403 [] compatible consumer", refuses: "new error-code/undocumented",
		},
		{
			name: "no error codes any more",
			old:  rulesIn("", "", "", ""), new: strings.Replace(rulesIn("", "", "", "gone"), "          x-error-codes: gone\n", "", 1),
			want: "error-codes/removed listPets/403 [] breaking consumer", refuses: "old error-code/undocumented",
		},
		{
			name: "another cause of an error code",
			old:  rulesIn("", "", "", ""), new: rulesIn("", "", "", "{at: /code, codes: [{code: A.1, message: No., when: other-account}]}"),
			want:    "error-codes/added listPets/403 [] compatible consumer\nerror-codes/removed listPets/403 [] compatible consumer",
			refuses: "new status/other-account", why: "refused by both",
		},
		{
			name: "another message",
			old:  rulesIn("", "", "", ""), new: rulesIn("", "", "", "{at: /code, codes: [{code: A.1, message: Never., when: no-permission}]}"),
			want: "prose/changed listPets/403 [] editorial ",
		},
		{
			name: "another name",
			old:  rulesIn("", "", each, ""), new: rulesIn("", "", strings.Replace(each, "each-once", "once-each", 1), ""),
			want: "prose/changed listPets [] editorial ",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := comparerOf(t, test.old, test.new)
			lines, why, refuses, body := []string{}, "", "", ""
			for _, ch := range c.changes() {
				if ch.part.kind != ofRule {
					continue
				}
				s := c.show(*ch)
				side := s.side
				if side == "" && ch.id != proseID {
					side = ch.part.side()
				}
				lines = append(lines, fmt.Sprint(ch.id, " ", ch.part.check(), " ", ch.also, " ", s.level, " ", side))
				why += s.why
				if w := s.witness; w != nil {
					body = string(w.Exchange.Response.Body)
					refuses += refusesIn("old", w.Old) + refusesIn("new", w.New)
					checkWitness(t, c, w, side)
				}
			}
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if test.body != "" && body != test.body {
				t.Errorf("got a witness with %s, want %s", body, test.body)
			}
			isReason := (why == "") == (test.why == "") && strings.Contains(why, test.why)
			if refuses != test.refuses || !isReason {
				t.Errorf("got refused by %q, why %q; want %q, %q", refuses, why, test.refuses, test.why)
			}
		})
	}
}

func refusesIn(which string, findings []contract.Finding) string {
	text := ""
	for _, f := range findings {
		text += which + " " + f.ID
	}
	return text
}

// checkWitness checks that one document accepts the exchange of a witness and the other refuses it, with the findings listed.
func checkWitness(t *testing.T, c *Comparer, w *Witness, side contract.Side) {
	t.Helper()
	v, ok := c.check(w.Exchange, side)
	if !ok || !v.differs() || v.old.accepts != (len(w.Old) == 0) || v.new.accepts != (len(w.New) == 0) {
		t.Errorf("the witness is accepted by old %t, new %t; its findings are %v and %v", v.old.accepts, v.new.accepts, w.Old, w.New)
	}
}
