package spec

import (
	"fmt"
	"strings"
	"testing"
)

// TestInvalidExtensions breaks the small document in one place each, and checks the error and its line.
func TestInvalidExtensions(t *testing.T) {
	const (
		evidence = "{grade: documented, source: [manual/title, manual/uri]}"
		firstRow = "- {code: T.1, message: Not allowed., when: no-permission}"
		ruleKeys = "it is one of id, says, grade, source, probe, rule"
		grades   = "it is one of documented, recorded, inferred, undocumented"
	)
	probes, names := strings.Join(probeNames(), ", "), strings.Join(causeNames(), ", ")
	tests := []broken{
		// Unknown keys.
		{
			name: "key of x-rules", old: "    rule: response.status ==", new: "    cel: response.status ==",
			want: `x-rules: unknown key "cel": ` + ruleKeys,
		},
		{
			name: "key of x-evidence", old: evidence, new: "{grade: documented, sources: manual}",
			want: `x-evidence: unknown key "sources": it is one of grade, source`,
		},
		{
			name: "key of x-authorization", old: "        default: deny\n", new: "        @@roles: [admin]\n        default: deny\n",
			want: `x-authorization: unknown key "roles": it is one of action, default, iam-project, enterprise-project, grade, source`,
		},
		{
			name: "key of x-error-codes", old: "            at: /code\n",
			new:  "            at: /code\n            @@status: 403\n",
			want: `x-error-codes: unknown key "status": it is one of at, codes`,
		},
		{
			name: "key of a code", old: "Missing., when: other", new: "Missing., where: other",
			want: `x-error-codes: unknown key "where": it is one of code, message, when`,
		},
		{
			name: "evidence within a rule", old: "    rule: response.status ==",
			new: "    x-evidence: {}\n    rule: response.status ==", want: `x-rules: unknown key "x-evidence": ` + ruleKeys,
		},

		// Missing keys.
		{name: "no id", old: "- id: only-200-succeeds\n    says", new: "- says", want: "x-rules: id is missing"},
		{
			name: "no says", old: "- id: positive\n          says: The size is positive.\n", new: "- id: positive\n",
			want: "rule positive: says is missing",
		},
		{
			name: "no grade of a rule",
			old:  "- id: positive\n          says: The size is positive.\n          grade: documented\n",
			new:  "- id: positive\n          says: The size is positive.\n", want: "rule positive: grade is missing",
		},
		{
			name: "no source of a rule",
			old:  "- id: positive\n          says: The size is positive.\n          grade: documented\n          source: manual/size\n",
			new:  "- id: positive\n          says: The size is positive.\n          grade: documented\n",
			want: "rule positive: source is missing",
		},
		{name: "no grade of evidence", old: evidence, new: "{source: manual}", want: "x-evidence: grade is missing"},
		{name: "no source of evidence", old: evidence, new: "{grade: documented}", want: "x-evidence: source is missing"},
		{
			name: "no action", old: "x-authorization:\n        action: things:get\n", new: "x-authorization:\n",
			want: "x-authorization: action is missing",
		},
		{
			name: "no default", old: "x-authorization:\n        action: things:get\n        default: deny\n",
			new: "x-authorization:\n        action: things:get\n", want: "x-authorization: default is missing",
		},
		{
			name: "no at", old: "x-error-codes:\n            at: /code\n", new: "x-error-codes:\n",
			want: "x-error-codes: at is missing",
		},
		{
			name: "no codes", old: "x-error-codes: {at: /code, codes: [{code: T.3, message: Missing., when: other-account}]}",
			new: "x-error-codes: {at: /code}", want: "x-error-codes: codes is missing",
		},
		{name: "no code", old: firstRow, new: "- {message: Not allowed.}", want: "x-error-codes: code is missing"},
		{name: "no message", old: firstRow, new: "- {code: T.1}", want: "x-error-codes: message is missing"},
		{
			name: "neither rule nor probe",
			old: "- id: positive\n          says: The size is positive.\n          grade: documented\n          source: " +
				"manual/size\n          rule: self.size > 0\n",
			new:  "- {id: positive, says: Good., grade: documented, source: us}\n",
			want: "rule positive: want a rule or a probe that proves it",
		},

		// Unknown names.
		{
			name: "an undocumented promise", old: evidence, new: "{grade: undocumented, source: us}",
			want: "x-evidence: a promise cannot be undocumented",
		},
		{
			name: "an undocumented rule", old: "          grade: inferred\n", new: "          @@grade: undocumented\n",
			want: "rule no-permission: a promise cannot be undocumented",
		},
		{
			name: "a misspelt grade", old: "        grade: recorded\n", new: "        @@grade: recordd\n",
			want: `x-authorization: unknown grade "recordd": ` + grades,
		},
		{
			name: "a grade of another case", old: "          grade: inferred\n", new: "          @@grade: Inferred\n",
			want: `rule no-permission: unknown grade "Inferred": ` + grades,
		},
		{
			name: "an id in another form", old: "- id: positive", new: "- id: Positive_size",
			want: `x-rules: id "Positive_size": want words joined by hyphens, such as type-filter`,
		},
		{
			name: "an id with a slash", old: "- id: positive", new: "- id: thing/positive",
			want: `x-rules: id "thing/positive": want words joined by hyphens, such as type-filter`,
		},
		{
			name: "an id twice", old: "- id: positive", new: "- id: only-200-succeeds",
			want: fmt.Sprintf("rule only-200-succeeds: duplicate id, first in line %d", lineOf(t, small, "- id: only")),
		},
		{
			name: "an unknown probe", old: "probe: no-permission", new: "probe: no-luck",
			want: `rule no-permission: unknown probe "no-luck": it is one of ` + probes,
		},
		{
			name: "a cause that no probe provokes", old: "probe: no-permission", new: "probe: throttled",
			want: `rule no-permission: unknown probe "throttled": it is one of ` + probes,
		},
		{
			name: "an unknown cause", old: "[other-account, no-permission]", new: "[other-account, no-luck]",
			want: `x-error-codes: unknown cause "no-luck": it is one of ` + names,
		},
		{
			name: "repeat is not a cause", old: "[other-account, no-permission]", new: "repeat",
			want: `x-error-codes: unknown cause "repeat": it is one of ` + names,
		},
		{
			name: "a third default", old: "default: deny", new: "default: perhaps",
			want: "x-authorization: default: want allow or deny",
		},

		// Extensions in the wrong place.
		{
			name: "a probe on a schema", old: "rule: self.size > 0", new: "probe: repeat",
			want: "rule positive: a rule of a schema has no probe",
		},
		{
			name: "x-rules on a response", old: "          description: The thing.",
			new:  "          @@x-rules: []\n          description: The thing.",
			want: "x-rules belongs to the document, an operation or a schema",
		},
		{
			name: "x-rules on a path", old: "  /things:\n", new: "  /things:\n    @@x-rules: []\n",
			want: "x-rules belongs to the document, an operation or a schema",
		},
		{
			name: "x-rules on a parameter", old: "schema: {type: boolean}}", new: "schema: {type: boolean}, x-rules: []}",
			want: "x-rules belongs to the document, an operation or a schema",
		},
		{
			name: "x-authorization on the document", old: "security:\n", new: "x-authorization: {}\nsecurity:\n",
			want: "x-authorization belongs to an operation",
		},
		{
			name: "x-authorization on a path", old: "  /things:\n", new: "  /things:\n    @@x-authorization: {}\n",
			want: "x-authorization belongs to an operation",
		},
		{
			name: "x-error-codes on an operation", old: "      operationId: listThings\n",
			new: "      @@x-error-codes: {}\n      operationId: listThings\n", want: "x-error-codes belongs to a response",
		},
		{
			name: "x-error-codes on a schema", old: "      description: A part.\n",
			new: "      description: A part.\n      @@x-error-codes: {}\n", want: "x-error-codes belongs to a response",
		},

		// Values of the wrong type. YAML reads 404, true and null as such; a string needs quotes.
		{
			name: "source is an empty list", old: evidence, new: "{grade: documented, source: []}",
			want: "x-evidence: source: the list is empty",
		},
		{
			name: "source is empty", old: evidence, new: "{grade: documented, source: ''}",
			want: "x-evidence: source: want a non-empty string",
		},
		{
			name: "source is null", old: evidence, new: "{grade: documented, source: null}",
			want: "x-evidence: source: want a non-empty string",
		},
		{
			name: "source is a number", old: evidence, new: "{grade: documented, source: 3}",
			want: "x-evidence: source: want a non-empty string",
		},
		{
			name: "source is a list of lists", old: evidence, new: "{grade: documented, source: [[us]]}",
			want: "x-evidence: source: want a non-empty string",
		},
		{
			name: "source is a mapping", old: evidence, new: "{grade: documented, source: {page: us}}",
			want: "x-evidence: source: want a non-empty string",
		},
		{
			name: "grade is a list", old: evidence, new: "{grade: [documented], source: us}",
			want: "x-evidence: grade: want a non-empty string",
		},
		{
			name: "x-evidence is a text", old: evidence, new: "documented",
			want: "x-evidence: want a mapping with grade, source",
		},
		{name: "x-evidence is empty", old: evidence, want: "x-evidence: want a mapping with grade, source"},
		{
			name: "x-rules is a mapping", old: "x-rules:\n  - id: only-200-succeeds",
			new: "x-rules:\n    @@id: only-200-succeeds", want: "x-rules: want a list",
		},
		{
			name: "a rule is a text", old: "          probe: no-permission\n",
			new:  "          probe: no-permission\n        @@- Another.\n",
			want: "x-rules: want a mapping with id, says, grade, source, probe, rule",
		},
		{name: "id is a number", old: "- id: positive", new: "- id: 7", want: "x-rules: id: want a non-empty string"},
		{
			name: "says is a list", old: "says: Only 200 is a success.", new: "says: [Only, 200]",
			want: "rule only-200-succeeds: says: want a non-empty string",
		},
		{name: "rule is a number", old: "rule: self.size > 0", new: "rule: 7", want: "rule positive: rule: want a non-empty string"},
		{name: "rule is a flag", old: "rule: self.size > 0", new: "rule: true", want: "rule positive: rule: want a non-empty string"},
		{name: "rule is a list", old: "rule: self.size > 0", new: "rule: [true]", want: "rule positive: rule: want a non-empty string"},
		{
			name: "a probe without an error code", old: "probe: no-permission", new: "probe: unknown-key",
			want: "rule no-permission: no x-error-codes list unknown-key in when, so the expected response is unknown",
		},
		{
			name: "probe is a list", old: "probe: no-permission", new: "probe: [no-permission]",
			want: "rule no-permission: probe: want a non-empty string",
		},
		{
			name: "action is a list", old: "action: things:get", new: "action: [things:get]",
			want: "x-authorization: action: want a non-empty string",
		},
		{
			name: "default is a list", old: "default: deny", new: "default: [deny]",
			want: "x-authorization: default: want allow or deny",
		},
		{
			name: "a flag is a text", old: "iam-project: true", new: "iam-project: perhaps",
			want: "x-authorization: iam-project: want true or false",
		},
		{
			name: "a flag in quotes", old: "enterprise-project: false", new: "enterprise-project: 'false'",
			want: "x-authorization: enterprise-project: want true or false",
		},
		{
			name: "at is not a pointer", old: "            at: /code\n", new: "            @@at: code\n",
			want: `x-error-codes: at "code": want a JSON pointer into the body`,
		},
		{
			name: "codes is an empty list", old: "codes: [{code: T.3, message: Missing., when: other-account}]",
			new: "codes: []", want: "x-error-codes: codes: want a list",
		},
		{
			name: "codes is a mapping", old: "codes: [{code: T.3, message: Missing., when: other-account}]",
			new: "codes: {T.3: Missing.}", want: "x-error-codes: codes: want a list",
		},
		{
			name: "a code is a text", old: firstRow, new: "- T.1",
			want: "x-error-codes: want a mapping with code, message, when",
		},
		{
			name: "code is a number", old: firstRow, new: "- {code: 403, message: Not allowed.}",
			want: "x-error-codes: code: want a non-empty string",
		},
		{
			name: "when is an empty list", old: "[other-account, no-permission]", new: "[]",
			want: "x-error-codes: when: the list is empty",
		},
		{
			name: "when is a mapping", old: "[other-account, no-permission]", new: "{no-permission: true}",
			want: "x-error-codes: when: want a non-empty string",
		},
	}
	checkBroken(t, tests)
}

// TestDataIsNotRead checks that extensions in examples, defaults, enumerations and other extensions are data.
func TestDataIsNotRead(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{
			name: "an example", old: "{value: {size: 7}}",
			new: "{value: {size: 7, x-rules: 1, x-evidence: 2, x-authorization: 3, x-error-codes: 4, x-sources: 5, x-signing-headers: 6}}",
		},
		{
			name: "an example of a schema", old: "      description: A part.\n",
			new: "      description: A part.\n      example: {x-rules: 1, x-evidence: 2}\n",
		},
		{
			name: "a default", old: "      description: A part.\n",
			new: "      description: A part.\n      default: {x-rules: 1, x-evidence: 2}\n",
		},
		{
			name: "an enumeration", old: "      description: A part.\n",
			new: "      description: A part.\n      enum: [{x-rules: 1, x-evidence: 2}]\n",
		},
		{
			name: "another extension", old: "      description: A part.\n",
			new: "      description: A part.\n      x-other: {x-rules: 1, x-evidence: 2}\n",
		},
		{
			name: "a property that is called so", old: "size: {type: integer}",
			new: "size: {type: integer}\n        x-rules: {type: string}\n        x-evidence: {type: string}",
		},
	}
	for _, test := range tests {
		d, err := Read("small.yaml", []byte(replace(t, small, test.old, test.new)), nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if len(d.Rules) != 3 {
			t.Errorf("%s: got %d rules, want 3", test.name, len(d.Rules))
		}
	}
}

// TestNamesAreNotKeywords checks that a schema, a property or a path with the name of a keyword is read like any other.
func TestNamesAreNotKeywords(t *testing.T) {
	const rule = "x-rules: [{id: named, says: It is read., grade: documented, source: us, rule: 'true'}]"
	tests := []struct{ name, old, new string }{
		{name: "a schema", old: "    Part:\n", new: "    example:\n      " + rule + "\n    Part:\n"},
		{
			name: "a schema whose name begins so", old: "    Part:\n",
			new: "    exampleOfThings:\n      " + rule + "\n    Part:\n",
		},
		{name: "a property", old: "size: {type: integer}", new: "size: {type: integer}\n        example: {" + rule + "}"},
		{
			name: "a property called default", old: "size: {type: integer}",
			new: "size: {type: integer}\n        default: {" + rule + "}",
		},
		{name: "a path", old: "  /things:\n    get:\n", new: "  /example/value:\n    get:\n      " + rule + "\n"},
	}
	for _, test := range tests {
		d, err := Read("small.yaml", []byte(replace(t, small, test.old, test.new)), nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if len(d.Rules) != 4 {
			t.Errorf("%s: got %d rules, want 4", test.name, len(d.Rules))
		}
	}
}
