// Package corpus is a published set of exchanges to test validators with: raw HTTP messages, each with the findings that a
// judge must report. Most exchanges break the contract in one way. The others look odd and are correct, so that a judge
// that refuses everything scores badly too.
//
// The file index.json lists the cases and names two files of bytes for each, in requests and responses. Cases parses them into
// exchanges. The files serve judges in any language; the package only reads them and judges nothing.
package corpus

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

//go:embed index.json requests/*.http responses/*.http
var embedded embed.FS

// Case is one exchange and the findings that a judge must report.
type Case struct {
	Name      string     `json:"name"`               // unique, in words
	Says      string     `json:"says"`               // one sentence: what is wrong, or what is odd and yet correct
	Document  string     `json:"document"`           // iam or ims
	Operation string     `json:"operation"`          // operation id; "" if the document has no such path or method
	Request   string     `json:"request"`            // file with the request
	Response  string     `json:"response"`           // file with the response
	Probe     spec.Probe `json:"probe,omitempty"`    // kind of the probe that sent the request; "" for traffic
	Previous  string     `json:"previous,omitempty"` // for the probe repeat: file with the first response
	Want      []Want     `json:"want"`               // expected findings in the order of the judge; none if the exchange is correct

	// Exchange has the parsed messages.
	Exchange contract.Exchange `json:"-"`
}

// Want is one expected finding.
type Want struct {
	ID      string `json:"id"`
	Pointer string `json:"pointer"` // into the message; below /request the consumer is wrong, else the provider
	Grade   string `json:"grade"`   // of the broken promise
}

// Cases returns the cases in the order of the index. Their messages are parsed anew by each call.
func Cases() ([]Case, error) { return load(embedded) }

// load reads the index of a folder and the messages that it names. Errors name the case and the file.
func load(folder fs.FS) ([]Case, error) {
	text, err := fs.ReadFile(folder, "index.json")
	if err != nil {
		return nil, fmt.Errorf("read the corpus: %w", err)
	}
	var index struct {
		Cases []Case `json:"cases"`
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, errors.New("read the corpus: index.json: want an object with a list of cases")
	}
	for i := range index.Cases {
		c := &index.Cases[i]
		if c.Exchange, err = c.read(folder); err != nil {
			return nil, fmt.Errorf("read the corpus: %s: %w", c.Name, err)
		}
	}
	return index.Cases, nil
}

// read parses the messages of a case.
func (c *Case) read(folder fs.FS) (ex contract.Exchange, err error) {
	ex.Probe = c.Probe
	if ex.Request, err = message(folder, c.Request, contract.ParseRequest); err != nil {
		return ex, err
	}
	if ex.Response, err = message(folder, c.Response, contract.ParseResponse); err != nil || c.Previous == "" {
		return ex, err
	}
	previous, err := message(folder, c.Previous, contract.ParseResponse)
	ex.Previous = &previous
	return ex, err
}

func message[T any](folder fs.FS, name string, parse func([]byte) (T, error)) (m T, err error) {
	raw, err := fs.ReadFile(folder, name)
	if err != nil {
		return m, err
	}
	return parse(raw)
}
