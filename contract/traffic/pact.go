package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// A Pact file lists what a consumer's tests sent to a mock and what the mock answered, as interactions:
//
//	{"consumer": {"name": "shop"}, "provider": {"name": "pets"}, "interactions": [
//	  {"description": "a request for a pet", "request": {"method": "GET", "path": "/pets/1"}, "response": {"status": 200}}]}
//
// Each becomes an entry. The request is the one that the consumer sends, so it is judged as it is. The response holds only what
// the consumer needs, so the exchange is marked as Expected. Matching rules are not read: the example value stands for all that
// they match. Versions 2 to 4 differ in how they write a query, headers and bodies (pactmessage.go).

// Interaction is where an entry stands in a Pact file.
type Interaction struct {
	Number      int      // from 1
	Description string   // in the words of the consumer's test; may be empty
	States      []string // of the provider, which the test takes for granted
}

// String is the place in words: interaction 3 "a request for a pet" (given "pet 1 exists").
func (i Interaction) String() string {
	s := fmt.Sprintf("interaction %d", i.Number)
	if i.Description != "" {
		s += fmt.Sprintf(" %q", i.Description)
	}
	if len(i.States) > 0 {
		s += fmt.Sprintf(" (given %q)", strings.Join(i.States, ", "))
	}
	return s
}

// pactFile has the members of a Pact file that matter here.
type pactFile struct {
	Interactions []json.RawMessage `json:"interactions"`
}

// pactInteraction is one interaction. Type is that of version 4.
type pactInteraction struct {
	Type        string        `json:"type"`
	Description string        `json:"description"`
	State       string        `json:"providerState"`
	States      []pactState   `json:"providerStates"`
	Request     *pactRequest  `json:"request"`
	Response    *pactResponse `json:"response"`

	isVersion4 bool
}

type pactState struct {
	Name string `json:"name"`
}

// typeHTTP is the type of a request with its response in version 4. Other types are messages.
const typeHTTP = "Synchronous/HTTP"

// maxInteractions is how many interactions a Pact file may have. Each becomes a check of the report.
const maxInteractions = 10_000

// pact reads a Pact file. Such a file is small and written by a program, so the first error ends the reading.
func (h *harReader) pact() error {
	data, err := io.ReadAll(io.LimitReader(h.r, maxEntry+1))
	switch {
	case err != nil:
		return err
	case len(data) > maxEntry:
		return errTooLarge
	}
	var file pactFile
	if err := json.Unmarshal(data, &file); err != nil {
		return pactError(data, err)
	}
	switch n := len(file.Interactions); {
	case n == 0:
		return errors.New("no interactions in it")
	case n > maxInteractions:
		return fmt.Errorf("%d interactions in it, more than %d", n, maxInteractions)
	}
	for i, raw := range file.Interactions {
		e, err := readInteraction(i+1, raw)
		if err != nil {
			return err
		}
		if !h.yield(Decoded(e), nil) {
			return errStopped
		}
	}
	return nil
}

// readInteraction reads one interaction. The error names it.
func readInteraction(number int, raw json.RawMessage) (Entry, error) {
	var head struct{ Type, Description json.RawMessage } // of messages, whose other members differ
	if err := json.Unmarshal(raw, &head); err != nil {
		return Entry{}, fmt.Errorf("%s: %w", Interaction{Number: number}, pactError(raw, err))
	}
	if kind := stringOf(string(head.Type)); kind != "" && kind != typeHTTP {
		return Entry{Number: number, Skip: NotHTTP}, nil
	}
	at := &Interaction{Number: number, Description: stringOf(string(head.Description))}
	p := pactInteraction{isVersion4: len(head.Type) > 0}
	err := json.Unmarshal(raw, &p)
	switch {
	case err != nil:
		err = pactError(raw, err)
	case p.Request == nil:
		err = errors.New("request is missing")
	case p.Request.Method == "":
		err = errors.New("request.method is missing")
	case !strings.HasPrefix(p.Request.Path, "/"):
		err = errors.New("request.path is missing or does not begin with a slash")
	}
	if err != nil {
		return Entry{}, fmt.Errorf("%s: %w", at, err)
	}
	for _, state := range append([]pactState{{p.State}}, p.States...) {
		if state.Name != "" {
			at.States = append(at.States, state.Name)
		}
	}
	e := Entry{Number: number, Size: len(raw), Interaction: at}
	if e.Exchange, err = expected(&p); err != nil {
		return Entry{}, fmt.Errorf("%s: %w", at, err)
	}
	return e, nil
}

// expected returns the exchange of an interaction.
func expected(p *pactInteraction) (ex contract.Exchange, err error) {
	ex.Expected, ex.Unrecorded = true, contract.UnrecordedFraming
	ex.Request.Method = strings.ToUpper(p.Request.Method)
	if ex.Request.Target, err = p.Request.target(); err != nil {
		return ex, err
	}
	if ex.Request.Header, ex.Request.Body, err = p.Request.read(p.isVersion4); err != nil {
		return ex, fmt.Errorf("request.%w", err)
	}
	if ex.Request.Header.Get("Host") == "" {
		ex.Request.Header.Set("Host", "localhost") // every client sends it, and no Pact file has it
	}
	isJSON := len(ex.Request.Body) > 0 && json.Valid(ex.Request.Body)
	if isJSON && ex.Request.Header.Get("Content-Type") == "" {
		ex.Request.Header.Set("Content-Type", "application/json") // as a verifier of Pact files sends it
	}
	if !(headerNames{}).hasCredential(ex.Request.Header) {
		ex.Unrecorded |= contract.UnrecordedCredentials
	}
	if p.Response == nil {
		ex.Unrecorded |= contract.UnrecordedResponse
		return ex, nil
	}
	ex.Response.Status = 200 // what the verifiers of Pact files expect if there is none
	if p.Response.Status != nil {
		ex.Response.Status = *p.Response.Status
	}
	if ex.Response.Header, ex.Response.Body, err = p.Response.read(p.isVersion4); err != nil {
		return ex, fmt.Errorf("response.%w", err)
	}
	return ex, nil
}

// pactError says in one line where a text is not what a Pact file has there: "request.method: want a text, got number", or
// "not JSON at line 12".
func pactError(data []byte, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		want := map[reflect.Kind]string{
			reflect.String: "a text", reflect.Int: "a whole number", reflect.Slice: "a list", reflect.Map: "an object",
			reflect.Struct: "an object",
		}[wrong.Type.Kind()]
		at := strings.Replace(wrong.Field, "pactMessage.", "", 1) // the name of an embedded struct
		if at != "" {
			at += ": "
		}
		kind, _, _ := strings.Cut(wrong.Value, " ") // the rest is the value
		return fmt.Errorf("%swant %s, got %s", at, want, kind)
	}
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		before := data[:min(int(wrong.Offset), len(data))]
		if isCutOff(data) {
			return fmt.Errorf("cut off at line %d", 1+bytes.Count(before, []byte("\n")))
		}
		return fmt.Errorf("not JSON at line %d", 1+bytes.Count(before, []byte("\n")))
	}
	return err
}
