package contract

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// hidden stands where a credential was.
const hidden = "******"

// shortestSecret is how long a credential must be to be looked for: a shorter one would be found everywhere.
const shortestSecret = 4

// secrets finds the credentials of a request wherever a provider repeats them.
type secrets struct {
	known   []string
	pattern *regexp.Regexp // made when it is first needed
}

// hide replaces every credential in a printable text, in any case and in the forms in which JSON, URLs and pointers write it.
func (s *secrets) hide(text string) string {
	if len(s.known) == 0 || text == "" {
		return text
	}
	if s.pattern == nil {
		forms := []string{}
		for _, secret := range s.known {
			quoted := strconv.Quote(secret)
			for _, form := range []string{
				secret, quoted[1 : len(quoted)-1], escapePointer(secret), url.QueryEscape(secret), url.PathEscape(secret), printable(secret),
				strings.ReplaceAll(secret, "/", `\/`), compact(secret)[1 : len(compact(secret))-1], doubly(secret),
			} {
				if form = printable(form); !slices.Contains(forms, form) {
					forms = append(forms, form)
				}
			}
		}
		slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
		for i := range forms {
			forms[i] = regexp.QuoteMeta(forms[i])
		}
		s.pattern = regexp.MustCompile("(?i)" + strings.Join(forms, "|"))
	}
	return s.pattern.ReplaceAllString(text, hidden)
}

// hidePointer does the same for the names in a pointer into a message; its first two tokens are ours.
func (s *secrets) hidePointer(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i := 3; i < len(tokens); i++ {
		tokens[i] = s.hide(tokens[i])
	}
	return strings.Join(tokens, "/")
}

// doubly is a text as JSON writes it in a string that is JSON itself.
func doubly(secret string) string {
	once := compact(secret)
	twice := compact(once[1 : len(once)-1])
	return twice[1 : len(twice)-1]
}

// Credentials lists the names of the headers, parameters and cookies in which the document expects a credential, for who
// writes traffic down.
func (j *Judge) Credentials() []string {
	names := slices.Concat(j.credentialHeaders, j.credentialsInQuery)
	if j.doc.T.Components == nil {
		return names
	}
	for _, key := range sortedKeys(j.doc.T.Components.SecuritySchemes) {
		if s := j.doc.T.Components.SecuritySchemes[key].Value; s.Type == "apiKey" && s.In == "cookie" {
			names = append(names, s.Name)
		}
	}
	return names
}

// secretsOf collects what must never be shown of a request: the values of headers, cookies and parameters that carry
// credentials, and the parts of them that are secret by themselves.
func (j *Judge) secretsOf(header http.Header, query query) *secrets {
	s := &secrets{}
	for _, name := range j.credentialsInQuery {
		s.add(query.values[name]...)
	}
	for name, values := range header {
		lower := strings.ToLower(name)
		switch {
		case lower == "cookie":
			s.add(values...)
			for _, cookie := range (&http.Request{Header: http.Header{"Cookie": values}}).Cookies() {
				s.add(cookie.Value)
			}
		case strings.HasSuffix(lower, "authorization"):
			for _, value := range values {
				s.add(value)
				_, parameters, _ := strings.Cut(value, " ")
				s.add(parameters)
				if _, signature, ok := strings.Cut(parameters, "Signature="); ok {
					s.add(strings.TrimRight(signature, " \""))
				}
			}
		case strings.Contains(lower, "token"), strings.Contains(lower, "secret"), strings.Contains(lower, "password"),
			slices.Contains(j.credentialHeaders, http.CanonicalHeaderKey(name)):
			s.add(values...)
		}
	}
	return s
}

func (s *secrets) add(values ...string) {
	for _, value := range values {
		if len(value) >= shortestSecret && !slices.Contains(s.known, value) {
			s.known = append(s.known, value)
		}
	}
}
