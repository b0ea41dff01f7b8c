// Package redact removes secrets from everything that is printed, reported or recorded: findings, excerpts, reports, HAR.
//
// A secret is the value of a header, cookie, parameter, form field, JSON member or URL whose name or place says so: its name
// contains a word such as token, or the caller has named it, or it is the password in a URL. Redaction takes two steps. First,
// Learn collects these values from all messages of an exchange. Then Message and Text replace each of them by Mark: in its own
// place, however short it is, and wherever else it appears.
//
//	r := redact.New("X-Ticket")                            // in addition to the well-known names
//	r.Learn(request, response)                             // with the header X-Auth-Token: abcd/efgh
//	r.Text("no user has the token abcd%2Fefgh")            // no user has the token REDACTED
//
// A provider may repeat a secret in another spelling. Encodings such as base64 change all characters, so those
// spellings are computed once for each secret (spellings.go). Escapes such as %2F change single characters, in too
// many combinations to list. So they are decoded in the text instead, and a hit is mapped back to the bytes of the
// original (escape.go). One pass over each decoded text finds all spellings of all secrets (find.go).
//
// The time is linear in the number of bytes, whatever they contain. The package knows no documents.
package redact

import (
	"net/http"
	"slices"
	"strings"
)

// Mark replaces a secret.
const Mark = "REDACTED"

// A value must have a minimum number of bytes to be searched for elsewhere: a cookie may have the value "on", which
// is part of many words. The less certain it is that a value is secret, the longer it must be.
const (
	minCredential = 4  // the value of a header
	minPart       = 6  // the value of a secret name in a query or a body
	minCookie     = 8  // one of several cookies
	minRemembered = 12 // to be searched for in later exchanges
)

// maxRemembered is the number of secrets that outlive Forget.
const maxRemembered = 64

// Message is the part of a request or a response that a redactor reads and cleans.
type Message struct {
	Target string // of a request; empty in a response
	Header http.Header
	Body   []byte // possibly with a Content-Encoding
}

// Redactor knows the secrets that it has learned. It is not safe for concurrent use.
type Redactor struct {
	names     []string        // names of secrets, in addition to those of names.go
	letters   []letters       // of each of the names
	templates []template      // of paths; the first one that matches counts
	secrets   []secret        // to be searched for, newest last
	learned   map[string]bool // all values; false: too short to be searched for
	finder    *finder         // of the secrets; nil: to be made
}

// secret is a value with its spellings.
type secret struct {
	value     string
	spellings []string
}

// New returns a redactor. The names are those of headers, parameters and members with secret values, in addition to
// the well-known names. A name that begins with a slash is a path template, such as /sessions/{token}. It gives
// names to the segments of a path.
func New(names ...string) *Redactor {
	isTemplate := func(name string) bool { return strings.HasPrefix(name, "/") }
	paths := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isTemplate(name) })
	names = slices.DeleteFunc(slices.Clone(names), isTemplate)
	r := &Redactor{names: names, templates: newTemplates(paths), learned: map[string]bool{}}
	for _, name := range names {
		r.letters = append(r.letters, lettersOf(name))
	}
	return r
}

// Learn collects the secrets of messages. Call it with all messages of an exchange before cleaning any of them: a
// response may repeat a secret of its request.
func (r *Redactor) Learn(messages ...Message) {
	s := scan{Redactor: r, learning: true}
	for _, m := range messages {
		s.message(m)
	}
}

// Add adds a value that is secret although no name says so.
func (r *Redactor) Add(value string) {
	(&scan{Redactor: r, learning: true}).learn(value, minCredential)
}

// Message returns a copy of the message without secrets and with the body decoded. If the body cannot be searched,
// the copy has none: that is a body with an unknown Content-Encoding, with several parts, or in UTF-16.
func (r *Redactor) Message(m Message) Message { return (&scan{Redactor: r}).message(m) }

// Text returns a text without the learned secrets, and without secrets that it names itself, as in token=abc.
func (r *Redactor) Text(text string) string { return (&scan{Redactor: r}).text(text, 0) }

// Hide replaces only the learned secrets. It is for texts that do not come from the provider or the consumer.
func (r *Redactor) Hide(text string) string { return (&scan{Redactor: r}).hide(text) }

// Forget drops all secrets except the newest maxRemembered. It also drops the short ones, which could be ordinary
// words in a later exchange. So a long recording does not collect more and more secrets.
func (r *Redactor) Forget() {
	remaining := slices.DeleteFunc(r.secrets, func(s secret) bool { return len(s.value) < minRemembered })
	remaining = slices.Delete(remaining, 0, max(0, len(remaining)-maxRemembered))
	if len(remaining) != len(r.secrets) {
		r.finder = nil
	}
	r.secrets = remaining
	clear(r.learned)
	for _, s := range remaining {
		r.learned[s.value] = true
	}
}

// notSecret are common values of secret names that reveal nothing. Hiding them everywhere would hide ordinary words.
var notSecret = []string{
	"true", "false", "null", "none", "bearer", "basic",
	"string", "number", "integer", "boolean", "object", "array", strings.ToLower(Mark),
}

// scan is one walk over messages or a text. It either learns or cleans. Both walk the same way, so a secret that is
// hidden in its own place is also learned.
type scan struct {
	*Redactor
	learning bool
	checking bool // only the syntax of JSON counts
}

// learn adds a secret. A value of fewer than shortest bytes is only replaced in its own place.
func (s *scan) learn(value string, shortest int) {
	value = strings.TrimSpace(value)
	if !s.learning || value == "" || s.learned[value] || slices.Contains(notSecret, strings.ToLower(value)) {
		return
	}
	value = strings.Clone(value) // so that it does not keep a large body in memory
	s.learned[value] = len(value) >= shortest
	if s.learned[value] {
		s.secrets = append(s.secrets, secret{value, spellings(value)})
		s.finder = nil
	}
}

// isSecret reports whether the value of a parameter or member with this name is secret.
func (s *scan) isSecret(name string) bool { return isSecretName(name) || contains(s.names, name) }

// message walks all parts of a message.
func (s *scan) message(m Message) Message {
	return Message{Target: s.path(s.text(m.Target, 0)), Header: s.header(m.Header), Body: s.body(m.Header, m.Body)}
}

// hides reports whether there are secrets to be replaced anywhere.
func (s *scan) hides() bool { return !s.learning && len(s.secrets) > 0 }

// hide replaces the learned secrets anywhere in a text. A scan that learns does not need it.
func (s *scan) hide(text string) string {
	if !s.hides() {
		return text
	}
	if s.finder == nil {
		s.finder = newFinder(s.secrets)
	}
	return s.finder.hide(text)
}
