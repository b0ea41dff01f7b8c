package server

import (
	"regexp"
	"strings"
)

// placeholder is one of the vendor's, such as %(key)s or %s, with what joins it to the words before.
var placeholder = regexp.MustCompile(`([ ,:]*)%(?:\(([A-Za-z_]+)\))?[sd]`)

// fill puts values into a message of the documents. A placeholder without a value goes, and what joined it with it: none is
// ever left in an answer.
func fill(template string, values map[string]string) string {
	if !strings.Contains(template, "%") {
		return template
	}
	var b strings.Builder
	end := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		b.WriteString(template[end:m[0]])
		end = m[1]
		if m[4] < 0 {
			continue
		}
		if value := values[template[m[4]:m[5]]]; value != "" {
			b.WriteString(template[m[2]:m[3]] + value)
		}
	}
	b.WriteString(template[end:])
	return b.String()
}
