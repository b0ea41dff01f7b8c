package quotas

import (
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// documents returns the embedded documents; a test of openapi reads them.
func documents() (docs []*spec.Document) {
	for _, name := range openapi.Names() {
		if doc, err := openapi.Embedded(name); err == nil {
			docs = append(docs, doc)
		}
	}
	return docs
}

// permission describes in words what x-authorization of the operation requires: "a grant of ims:quotas:get, through the IAM
// project". It returns "" for an unknown operation.
func permission(operation string) string {
	for _, doc := range documents() {
		op := doc.Operation(operation)
		if op == nil || op.Authorization == nil {
			continue
		}
		a := op.Authorization
		if a.DefaultAllow {
			return "a user of that account to whom no policy denies " + a.Action
		}
		through := map[[2]bool]string{ // by IAM project, enterprise project
			{true, true}:  ", through the IAM project or the enterprise project",
			{true, false}: ", through the IAM project", {false, true}: ", through the enterprise project",
		}
		return "a grant of " + a.Action + through[[2]bool{a.IAMProject, a.EnterpriseProject}]
	}
	return ""
}

// quotedWord matches one quoted text of a CEL expression.
var quotedWord = regexp.MustCompile(`"([^"]+)"`)

// documentedTypes returns the quota types that the documents list. They are the quoted texts of each rule known-type, whose
// expression has the form: self.type in ["user", "group"].
func documentedTypes() (types []string) {
	for _, doc := range documents() {
		for _, rule := range doc.Rules {
			if strings.HasSuffix(rule.ID, "/known-type") {
				for _, word := range quotedWord.FindAllStringSubmatch(rule.Expr, -1) {
					types = append(types, word[1])
				}
			}
		}
	}
	return types
}
