package spec

import (
	"fmt"
	"strings"
	"testing"
)

func TestFaultsOfExtensions(t *testing.T) {
	const (
		evidence = "{grade: documented, source: [manual/title, manual/uri]}"
		firstRow = "- {code: T.1, message: Not allowed., when: no-permission}"
		ruleKeys = "it takes id, says, grade, source, probe, rule"
		grades   = "it is one of documented, recorded, inferred, undocumented"
	)
	probes, names := strings.Join(probeNames(), ", "), strings.Join(faultNames(), ", ")
	tests := []broken{
		// Keys that nobody knows.
		{"key of x-rules", "    rule: response.status ==", "    cel: response.status ==", `x-rules: unknown key "cel", ` + ruleKeys},
		{"key of x-evidence", evidence, "{grade: documented, sources: manual}", `x-evidence: unknown key "sources", it takes grade, source`},
		{
			"key of x-authorization", "        default: deny\n", "        @@roles: [admin]\n        default: deny\n",
			`x-authorization: unknown key "roles", it takes action, default, iam-project, enterprise-project, grade, source`,
		},
		{"key of x-error-codes", "            at: /code\n", "            at: /code\n            @@status: 403\n", `x-error-codes: unknown key "status", it takes at, codes`},
		{"key of a code", "Missing., when: other", "Missing., where: other", `x-error-codes: unknown key "where", it takes code, message, when`},
		{"evidence within a rule", "    rule: response.status ==", "    x-evidence: {}\n    rule: response.status ==", `x-rules: unknown key "x-evidence", ` + ruleKeys},

		// What is missing.
		{"no id", "- id: only-200-succeeds\n    says", "- says", "x-rules: id is missing"},
		{"no says", "- id: positive\n          says: The size is positive.\n", "- id: positive\n", "rule positive: says is missing"},
		{"no grade of a rule", "- id: positive\n          says: The size is positive.\n          grade: documented\n", "- id: positive\n          says: The size is positive.\n", "rule positive: grade is missing"},
		{"no source of a rule", "- id: positive\n          says: The size is positive.\n          grade: documented\n          source: manual/size\n", "- id: positive\n          says: The size is positive.\n          grade: documented\n", "rule positive: source is missing"},
		{"no grade of evidence", evidence, "{source: manual}", "x-evidence: grade is missing"},
		{"no source of evidence", evidence, "{grade: documented}", "x-evidence: source is missing"},
		{"no action", "x-authorization:\n        action: things:get\n", "x-authorization:\n", "x-authorization: action is missing"},
		{"no default", "x-authorization:\n        action: things:get\n        default: deny\n", "x-authorization:\n        action: things:get\n", "x-authorization: default is missing"},
		{"no at", "x-error-codes:\n            at: /code\n", "x-error-codes:\n", "x-error-codes: at is missing"},
		{"no codes", "x-error-codes: {at: /code, codes: [{code: T.3, message: Missing., when: other-account}]}", "x-error-codes: {at: /code}", "x-error-codes: codes is missing"},
		{"no code", firstRow, "- {message: Not allowed.}", "x-error-codes: code is missing"},
		{"no message", firstRow, "- {code: T.1}", "x-error-codes: message is missing"},
		{"neither rule nor probe", "- id: positive\n          says: The size is positive.\n          grade: documented\n          source: manual/size\n          rule: self.size > 0\n", "- {id: positive, says: Good., grade: documented, source: us}\n", "rule positive: neither rule nor probe proves it"},

		// Words that nobody knows.
		{"an undocumented promise", evidence, "{grade: undocumented, source: us}", "x-evidence: a promise cannot be undocumented"},
		{"an undocumented rule", "          grade: inferred\n", "          @@grade: undocumented\n", "rule no-permission: a promise cannot be undocumented"},
		{"a misspelt grade", "        grade: recorded\n", "        @@grade: recordd\n", `x-authorization: unknown grade "recordd": ` + grades},
		{"a grade of another case", "          grade: inferred\n", "          @@grade: Inferred\n", `rule no-permission: unknown grade "Inferred": ` + grades},
		{"an id that is no words", "- id: positive", "- id: Positive_size", `x-rules: id "Positive_size": want words joined by hyphens, such as type-filter`},
		{"an id with a slash", "- id: positive", "- id: thing/positive", `x-rules: id "thing/positive": want words joined by hyphens, such as type-filter`},
		{"an id twice", "- id: positive", "- id: only-200-succeeds", fmt.Sprintf("rule only-200-succeeds: the same id stands in line %d", lineOf(t, small, "- id: only"))},
		{"an unknown probe", "probe: no-permission", "probe: no-luck", `rule no-permission: unknown probe "no-luck", it is one of ` + probes},
		{"a fault that no probe provokes", "probe: no-permission", "probe: throttled", `rule no-permission: unknown probe "throttled", it is one of ` + probes},
		{"an unknown fault", "[other-account, no-permission]", "[other-account, no-luck]", `x-error-codes: unknown fault "no-luck", it is one of ` + names},
		{"repeat is no fault", "[other-account, no-permission]", "repeat", `x-error-codes: unknown fault "repeat", it is one of ` + names},
		{"a third default", "default: deny", "default: ask", "x-authorization: default: want allow or deny"},

		// What stands where it means nothing.
		{"a probe on a schema", "rule: self.size > 0", "probe: repeat", "rule positive: no probe can be about a schema"},
		{"x-rules on a response", "          description: The thing.", "          @@x-rules: []\n          description: The thing.", "x-rules belongs to the document, an operation or a schema"},
		{"x-rules on a path", "  /things:\n", "  /things:\n    @@x-rules: []\n", "x-rules belongs to the document, an operation or a schema"},
		{"x-rules on a parameter", "schema: {type: boolean}}", "schema: {type: boolean}, x-rules: []}", "x-rules belongs to the document, an operation or a schema"},
		{"x-authorization on the document", "security:\n", "x-authorization: {}\nsecurity:\n", "x-authorization belongs to an operation"},
		{"x-authorization on a path", "  /things:\n", "  /things:\n    @@x-authorization: {}\n", "x-authorization belongs to an operation"},
		{"x-error-codes on an operation", "      operationId: listThings\n", "      @@x-error-codes: {}\n      operationId: listThings\n", "x-error-codes belongs to a response"},
		{"x-error-codes on a schema", "      description: A part.\n", "      description: A part.\n      @@x-error-codes: {}\n", "x-error-codes belongs to a response"},

		// Values of the wrong type. YAML reads 404, true and null as such; whoever means a text puts quotes around them.
		{"source is an empty list", evidence, "{grade: documented, source: []}", "x-evidence: source: the list is empty"},
		{"source is empty", evidence, "{grade: documented, source: ''}", "x-evidence: source: want a text"},
		{"source is null", evidence, "{grade: documented, source: null}", "x-evidence: source: want a text"},
		{"source is a number", evidence, "{grade: documented, source: 3}", "x-evidence: source: want a text"},
		{"source is a list of lists", evidence, "{grade: documented, source: [[us]]}", "x-evidence: source: want a text"},
		{"source is a mapping", evidence, "{grade: documented, source: {page: us}}", "x-evidence: source: want a text"},
		{"grade is a list", evidence, "{grade: [documented], source: us}", "x-evidence: grade: want a text"},
		{"x-evidence is a text", evidence, "documented", "x-evidence: want a mapping with grade, source"},
		{"x-evidence is empty", evidence, "", "x-evidence: want a mapping with grade, source"},
		{"x-rules is a mapping", "x-rules:\n  - id: only-200-succeeds", "x-rules:\n    @@id: only-200-succeeds", "x-rules: want a list"},
		{"a rule is a text", "          probe: no-permission\n", "          probe: no-permission\n        @@- Another.\n", "x-rules: want a mapping with id, says, grade, source, probe, rule"},
		{"id is a number", "- id: positive", "- id: 7", "x-rules: id: want a text"},
		{"says is a list", "says: Only 200 is a success.", "says: [Only, 200]", "rule only-200-succeeds: says: want a text"},
		{"rule is a number", "rule: self.size > 0", "rule: 7", "rule positive: rule: want a text"},
		{"rule is a flag", "rule: self.size > 0", "rule: true", "rule positive: rule: want a text"},
		{"rule is a list", "rule: self.size > 0", "rule: [true]", "rule positive: rule: want a text"},
		{"a probe to which no code answers", "probe: no-permission", "probe: unknown-key", "rule no-permission: no x-error-codes name unknown-key in when, so nothing says how the probe is to be answered"},
		{"probe is a list", "probe: no-permission", "probe: [no-permission]", "rule no-permission: probe: want a text"},
		{"action is a list", "action: things:get", "action: [things:get]", "x-authorization: action: want a text"},
		{"default is a list", "default: deny", "default: [deny]", "x-authorization: default: want allow or deny"},
		{"a flag is a text", "iam-project: true", "iam-project: perhaps", "x-authorization: iam-project: want true or false"},
		{"a flag in quotes", "enterprise-project: false", "enterprise-project: 'false'", "x-authorization: enterprise-project: want true or false"},
		{"at is no pointer", "            at: /code\n", "            @@at: code\n", `x-error-codes: at "code": want a JSON pointer into the body`},
		{"codes is an empty list", "codes: [{code: T.3, message: Missing., when: other-account}]", "codes: []", "x-error-codes: codes: want a list"},
		{"codes is a mapping", "codes: [{code: T.3, message: Missing., when: other-account}]", "codes: {T.3: Missing.}", "x-error-codes: codes: want a list"},
		{"a code is a text", firstRow, "- T.1", "x-error-codes: want a mapping with code, message, when"},
		{"code is a number", firstRow, "- {code: 403, message: Not allowed.}", "x-error-codes: code: want a text"},
		{"when is an empty list", "[other-account, no-permission]", "[]", "x-error-codes: when: the list is empty"},
		{"when is a mapping", "[other-account, no-permission]", "{no-permission: true}", "x-error-codes: when: want a text"},
	}
	checkBroken(t, tests)
}

// In examples, defaults and enumerations, and below the keys of others, what looks like a key of ours is data.
func TestDataIsNotRead(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{"an example", "{value: {size: 7}}", "{value: {size: 7, x-rules: 1, x-evidence: 2, x-authorization: 3, x-error-codes: 4, x-sources: 5, x-signing-headers: 6}}"},
		{"an example of a schema", "      description: A part.\n", "      description: A part.\n      example: {x-rules: 1, x-evidence: 2}\n"},
		{"a default", "      description: A part.\n", "      description: A part.\n      default: {x-rules: 1, x-evidence: 2}\n"},
		{"an enumeration", "      description: A part.\n", "      description: A part.\n      enum: [{x-rules: 1, x-evidence: 2}]\n"},
		{"another extension", "      description: A part.\n", "      description: A part.\n      x-other: {x-rules: 1, x-evidence: 2}\n"},
		{"a property that is called so", "size: {type: integer}", "size: {type: integer}\n        x-rules: {type: string}\n        x-evidence: {type: string}"},
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

// A name is only a name: what is called like a keyword for data is read like everything else.
func TestNamesAreNotKeywords(t *testing.T) {
	const rule = "x-rules: [{id: named, says: It is read., grade: documented, source: us, rule: 'true'}]"
	tests := []struct{ name, old, new string }{
		{"a schema", "    Part:\n", "    example:\n      " + rule + "\n    Part:\n"},
		{"a schema whose name begins so", "    Part:\n", "    exampleOfThings:\n      " + rule + "\n    Part:\n"},
		{"a property", "size: {type: integer}", "size: {type: integer}\n        example: {" + rule + "}"},
		{"a property called default", "size: {type: integer}", "size: {type: integer}\n        default: {" + rule + "}"},
		{"a path", "  /things:\n    get:\n", "  /example/value:\n    get:\n      " + rule + "\n"},
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
