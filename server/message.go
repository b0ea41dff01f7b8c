package server

import "regexp"

// placeholder matches one of the vendor's placeholders, such as %(key)s or %s, with the separators before it.
var placeholder = regexp.MustCompile(`([ ,:]*)%(?:\(([A-Za-z_]+)\))?[sd]`)

// fill puts values into a message of the documents. A placeholder without a value is removed with its separators, so that no
// response contains one: "Could not find %(target)s: %(target_id)s." becomes "Could not find domain."
func fill(template string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(template, func(found string) string {
		m := placeholder.FindStringSubmatch(found)
		if value := values[m[2]]; value != "" {
			return m[1] + value
		}
		return ""
	})
}
