// Package redact takes secrets out of everything that is printed, reported or recorded: findings, excerpts, reports,
// HAR.
//
// It works in two steps. Learn reads messages and notes the value of each header, cookie, parameter, form field, JSON
// member and URL whose name or place says that it is secret, and the parts of it that are secret by themselves, such as
// the password in Basic. Message and Text then replace these values by Mark: where they were learned, however short,
// and wherever else they stand, in any of the spellings of spell.go.
//
//	r := redact.New("X-Door")                             // names beside the well-known ones
//	r.Learn(redact.Message{Header: request.Header}, answer)
//	r.Text("no user has the token abcd%2Fefgh")           // no user has the token REDACTED
//
// All of it takes time linear in the bytes it is given. The package knows no document and no other package of this
// module.
package redact

import (
	"net/http"
	"slices"
	"strings"
)

// Mark stands where a secret stood.
const Mark = "REDACTED"

// How many bytes a value must have to be looked for elsewhere: "on" is a value of cookies, and a part of many words.
const (
	minCredential = 4  // the value of a header
	minPart       = 6  // what a name in a query or a body calls secret
	minCookie     = 8  // one cookie of several
	minRemembered = 12 // in later exchanges
)

// MaxRemembered is how many secrets outlive Forget.
const MaxRemembered = 64

// Message is what a redactor reads and cleans of a request or a response. Target is empty in a response.
type Message struct {
	Target string
	Header http.Header
	Body   []byte // may be in a Content-Encoding
}

// Redactor knows the secrets that it has learned. It must not be used concurrently.
type Redactor struct {
	names     []string        // more names of secrets, beside those of names.go
	templates []template      // of paths; the first that fits counts
	secrets   []secret        // what is looked for, the newest last
	learned   map[string]bool // all values; false: too short to be looked for
	finder    *finder         // of the secrets; nil: to be made
}

// secret is a value with its spellings.
type secret struct {
	value string
	forms []string
}

// New makes a redactor. names are those of headers, parameters and members whose values are secret beside the usual
// ones. A name that begins with a slash is the template of a path, such as /sessions/{token}: it gives the parts of a
// path their names.
func New(names ...string) *Redactor {
	isTemplate := func(name string) bool { return strings.HasPrefix(name, "/") }
	paths := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isTemplate(name) })
	names = slices.DeleteFunc(slices.Clone(names), isTemplate)
	return &Redactor{names: names, templates: newTemplates(paths), learned: map[string]bool{}}
}

// Learn notes the secrets of messages. Learn from all of an exchange before any of it is cleaned: an answer may give
// away what stands in its request.
func (r *Redactor) Learn(messages ...Message) {
	l := pass{Redactor: r, learning: true}
	for _, m := range messages {
		l.message(m)
	}
}

// Message returns a message without its secrets, its body decoded. The body is nil where there is one that cannot be
// searched: in an unknown Content-Encoding, of many parts, or in UTF-16.
func (r *Redactor) Message(m Message) Message { return (&pass{Redactor: r}).message(m) }

// Text returns any text without its secrets: those that were learned, and those that it names itself (token=abc).
func (r *Redactor) Text(text string) string { return (&pass{Redactor: r}).text(text, 0) }

// Hide replaces what was learned and nothing else, for texts that are not the provider's or the consumer's own.
func (r *Redactor) Hide(text string) string { return (&pass{Redactor: r}).hide(text) }

// Forget drops all but the newest secrets that are long enough to be told from other words, so that those of a long
// recording do not become more and more.
func (r *Redactor) Forget() {
	kept := slices.DeleteFunc(r.secrets, func(s secret) bool { return len(s.value) < minRemembered })
	if over := len(kept) - MaxRemembered; over > 0 {
		kept = slices.Delete(kept, 0, over)
	}
	if len(kept) != len(r.secrets) {
		r.finder = nil
	}
	r.secrets = kept
	clear(r.learned)
	for _, s := range kept {
		r.learned[s.value] = true
	}
}

// notSecret are words that values of secret names have and that say nothing: to hide them everywhere would hide our own
// words.
var notSecret = []string{"true", "false", "null", "none", "bearer", "basic", "string", "number", "integer", "boolean", "object", "array", strings.ToLower(Mark)}

// pass is one walk over messages or a text: it learns, or it cleans.
type pass struct {
	*Redactor
	learning bool
}

// learn notes a secret. One of fewer bytes than shortest is only replaced where it stood.
func (p *pass) learn(value string, shortest int) {
	value = strings.TrimSpace(value)
	if !p.learning || value == "" || p.learned[value] || slices.Contains(notSecret, strings.ToLower(value)) {
		return
	}
	p.learned[value] = len(value) >= shortest
	if p.learned[value] {
		p.secrets = append(p.secrets, secret{value, spellings(value)})
		p.finder = nil
	}
}

func (p *pass) isSecret(name string) bool { return isSecretName(name) || contains(p.names, name) }

func (p *pass) message(m Message) Message {
	return Message{Target: p.path(p.text(m.Target, 0)), Header: p.header(m.Header), Body: p.body(m.Header, m.Body)}
}

// hide replaces the secrets that were learned, wherever they stand.
func (p *pass) hide(text string) string {
	if p.learning || len(p.secrets) == 0 {
		return text
	}
	if p.finder == nil {
		p.finder = newFinder(p.secrets)
	}
	return p.finder.hide(text)
}
