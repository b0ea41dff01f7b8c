package server

import "regexp"

// placeholder is one of the vendor's, such as %(key)s or %s, with what joins it to the words before.
var placeholder = regexp.MustCompile(`([ ,:]*)%(?:\(([A-Za-z_]+)\))?[sd]`)

// fill puts values into a message of the documents. A placeholder without a value goes, and what joined it with it: none is
// ever left in an answer.
func fill(template string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(template, func(found string) string {
		m := placeholder.FindStringSubmatch(found)
		if value := values[m[2]]; value != "" {
			return m[1] + value
		}
		return ""
	})
}
