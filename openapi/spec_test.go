package openapi

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Package spec reads what this package reads: these tests compare the two.

// checkFaultsInBoth wants the same line of both readers.
func checkFaultsInBoth(t *testing.T, faults []fault) {
	t.Helper()
	checkFaults(t, faults)
	for _, f := range faults {
		if f.name == "an edition that is a date" { // in JSON a date is a text
			continue
		}
		text, line := f.put(t)
		_, err := spec.Read("small.yaml", []byte(text), nil)
		if got, want := fmt.Sprint(err), fmt.Sprintf("small.yaml:%d: %s", line, f.want); got != want {
			t.Errorf("package spec: %s:\n got %s\nwant %s", f.name, got, want)
		}
	}
}

// One reading of a small document, and of each of ours, by both packages.
func TestSpecReadsTheSame(t *testing.T) {
	for file, source := range map[string]func() ([]byte, error){
		"small.yaml":       func() ([]byte, error) { return []byte(small), nil },
		"openapi/iam.yaml": func() ([]byte, error) { return Source("iam") },
		"openapi/ims.yaml": func() ([]byte, error) { return Source("ims") },
	} {
		t.Run(file, func(t *testing.T) {
			data, err := source()
			if err != nil {
				t.Fatal(err)
			}
			old, err := Load(file, data)
			if err != nil {
				t.Fatal(err)
			}
			d, err := spec.Read(file, data, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sayingsOf(t, old), sayingsOfSpec(t, d)); diff != "" {
				t.Errorf("(-package openapi +package spec):\n%s", diff)
			}
			for _, op := range d.Operations {
				if op.Refused != nil {
					t.Errorf("%s is refused: %s", op.ID, op.Refused)
				}
			}
			if file != "small.yaml" && len(d.Findings) > 0 {
				t.Errorf("findings: %v", d.Findings)
			}
		})
	}
}

// saying is one thing that a document says, in a form that both readers can give.
type saying struct{ What, At, Text string }

type sayingList struct {
	t    *testing.T
	list []saying
}

func (s *sayingList) add(what, at string, values ...any) {
	s.t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		s.t.Fatal(err)
	}
	s.list = append(s.list, saying{what, at, string(text)})
}

func sayingsOf(t *testing.T, d *Document) []saying {
	s := &sayingList{t: t}
	s.add("document", d.File, d.Name, d.T.Info.Title, d.T.Info.Version, len(d.T.Servers))
	for _, op := range d.Operations {
		s.add("operation "+op.ID, op.Pointer, op.Method, op.Path, op.Evidence, op.Spec.Tags, op.Spec.RequestBody != nil)
		if a := op.Authorization; a != nil {
			s.add("authorization", fmt.Sprint(a.Line), a.Action, a.DefaultAllow, a.IAMProject, a.EnterpriseProject, a.Evidence)
		}
		for _, p := range op.Parameters {
			s.add("parameter "+p.Name, p.Pointer, p.In, p.Required, d.SchemaPointer(p.Schema.Value), p.Example)
		}
		for _, r := range op.Responses {
			s.add("response "+r.Status, r.Pointer, r.Evidence, len(r.Spec.Headers), len(r.Spec.Content))
			if media := r.Spec.Content.Get("application/json"); media != nil {
				s.add("schema", d.SchemaPointer(media.Schema.Value), media.Schema.Value.Required, len(media.Examples))
			}
			if r.Codes != nil {
				s.add("codes", fmt.Sprint(r.Codes.Line), r.Codes.At, r.Codes.Codes)
			}
		}
	}
	for _, r := range d.Rules {
		s.add("rule "+r.ID, fmt.Sprint(r.Pointer, " ", r.Line), r.Says, r.Evidence, r.Expr, r.Probe, r.Scope, r.Holder)
	}
	for _, p := range d.Sources {
		s.add("source "+p.Name, fmt.Sprint(p.Line), p.Title, p.URL, p.Edition)
	}
	for _, h := range d.SigningHeaders["Signature"] {
		s.add("signing header "+h.Name, h.Pointer, h.Says, h.Pattern, h.Evidence)
	}
	return s.list
}

func sayingsOfSpec(t *testing.T, d *spec.Document) []saying {
	s := &sayingList{t: t}
	s.add("document", d.File, d.Name, d.Title, d.InfoVersion, len(d.Servers))
	for _, op := range d.Operations {
		tags := op.Tags
		if len(tags) == 0 {
			tags = nil
		}
		s.add("operation "+op.ID, op.Pointer, op.Method, op.Path, op.Evidence, tags, op.Body != nil)
		if a := op.Authorization; a != nil {
			s.add("authorization", fmt.Sprint(a.Node.Place().Line), a.Action, a.DefaultAllow, a.IAMProject, a.EnterpriseProject, a.Evidence)
		}
		for _, p := range op.Parameters {
			s.add("parameter "+p.Name, p.Node.Pointer(), p.In, p.Required, p.Schema.Node.Pointer(), p.Example.Value())
		}
		for _, r := range op.Responses {
			s.add("response "+r.Status, r.Node.Pointer(), r.Evidence, len(r.Headers), len(r.Content))
			for _, media := range r.Content {
				if media.Name == "application/json" {
					s.add("schema", media.Schema.Node.Pointer(), media.Schema.Required, len(media.Examples))
				}
			}
			if r.Codes != nil {
				s.add("codes", fmt.Sprint(r.Codes.Node.Place().Line), r.Codes.At, r.Codes.Codes)
			}
		}
	}
	for _, r := range d.Rules {
		s.add("rule "+r.ID, fmt.Sprint(r.Node.Pointer(), " ", r.Node.Place().Line), r.Says, r.Evidence, r.Expr, r.Probe, r.Scope, r.Holder.Pointer())
	}
	for _, p := range d.Sources {
		s.add("source "+p.Name, fmt.Sprint(p.Node.Place().Line), p.Title, p.URL, p.Edition)
	}
	for _, scheme := range d.Schemes {
		for _, h := range scheme.SigningHeaders {
			s.add("signing header "+h.Name, h.Node.Pointer(), h.Says, h.Pattern, h.Evidence)
		}
	}
	return s.list
}
