// Package corpus is the published corpus of exchanges: raw HTTP messages, and of each pair what a judge must say of it.
// Most break the contract in one way; the others look odd and keep it, so that a judge which refuses everything gains nothing.
//
// It reads the corpus and hands it out as exchanges. It judges nothing, and the files are made for judges in any language.
package corpus

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

//go:embed index.json requests/*.http responses/*.http
var embedded embed.FS

// Case is one exchange and what must be said of it.
type Case struct {
	Name      string     `json:"name"`               // unique, in words
	Says      string     `json:"says"`               // what is wrong with it, or what is odd and right, in one sentence
	Document  string     `json:"document"`           // iam or ims
	Operation string     `json:"operation"`          // "" where the document knows not the path, or not the method
	Request   string     `json:"request"`            // the file of the request
	Response  string     `json:"response"`           // the file of the response
	Probe     spec.Probe `json:"probe,omitempty"`    // the kind of the probe that made the request; "" is traffic
	Previous  string     `json:"previous,omitempty"` // the file of the answer to the same request asked before, for the probe repeat
	Want      []Want     `json:"want"`               // what must be said, in the order of judging; nothing: it keeps the contract

	// Exchange is the messages as the judge takes them.
	Exchange contract.Exchange `json:"-"`
}

// Want is one finding that must be told.
type Want struct {
	ID      string `json:"id"`
	Pointer string `json:"pointer"` // into the message; what begins with /request is the consumer's doing
	Grade   string `json:"grade"`   // of the promise that is broken
}

// Cases returns the corpus in the order of its index.
func Cases() ([]Case, error) { return load(embedded) }

// load reads the index of a folder and the messages that it names.
func load(folder fs.FS) ([]Case, error) {
	text, err := fs.ReadFile(folder, "index.json")
	if err != nil {
		return nil, fmt.Errorf("read the corpus: %w", err)
	}
	var index struct {
		Cases []Case `json:"cases"`
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, fmt.Errorf("read the corpus: index.json: %w", err)
	}
	for i := range index.Cases {
		c := &index.Cases[i]
		if c.Exchange, err = c.read(folder); err != nil {
			return nil, fmt.Errorf("read the corpus: %s: %w", c.Name, err)
		}
	}
	return index.Cases, nil
}

// read makes an exchange of the files of a case.
func (c *Case) read(folder fs.FS) (ex contract.Exchange, err error) {
	ex.Probe = c.Probe
	if ex.Request, err = message(folder, c.Request, contract.ParseRequest); err != nil {
		return ex, err
	}
	if ex.Response, err = message(folder, c.Response, contract.ParseResponse); err != nil || c.Previous == "" {
		return ex, err
	}
	before, err := message(folder, c.Previous, contract.ParseResponse)
	ex.Previous = &before
	return ex, err
}

func message[T any](folder fs.FS, name string, parse func([]byte) (T, error)) (m T, err error) {
	raw, err := fs.ReadFile(folder, name)
	if err != nil {
		return m, err
	}
	return parse(raw)
}
