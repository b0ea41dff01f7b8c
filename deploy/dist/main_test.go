package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestSameBytes tests that two runs write the same bytes, at another time into another folder, and that SHA256SUMS has them all.
func TestSameBytes(t *testing.T) {
	first, second := written(t, "1.2.3"), written(t, "1.2.3")
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two runs differ: %.2000s", diff)
	}
	sums := []string{}
	for name, data := range first {
		if name != "SHA256SUMS" {
			sums = append(sums, fmt.Sprintf("%x  %s", sha256.Sum256([]byte(data)), name))
		}
	}
	got := strings.Split(strings.TrimSuffix(first["SHA256SUMS"], "\n"), "\n")
	slices.Sort(got)
	slices.Sort(sums)
	if diff := cmp.Diff(sums, got); diff != "" || len(sums) != 2*2*4+1 {
		t.Errorf("SHA256SUMS: %s", diff)
	}
}

// TestOtherVersion tests that a folder holds one archive, the last one.
func TestOtherVersion(t *testing.T) {
	to := t.TempDir()
	for _, version := range []string{"1.0.0", "1.1.0"} {
		if _, err := write(to, "../..", version); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := filepath.Glob(filepath.Join(to, "corpus-*")); len(got) != 1 || filepath.Base(got[0]) != "corpus-1.1.0.tar.gz" {
		t.Errorf("got %s", got)
	}
}

// TestDocumentsJudge tests that each published document is read without a finding and judges a case of the corpus.
func TestDocumentsJudge(t *testing.T) {
	files := written(t, "1.2.3")
	unpacked := unpack(t, files["corpus-1.2.3.tar.gz"])
	for name, text := range unpacked {
		if strings.HasSuffix(name, ".yaml") {
			files["corpus/"+path.Base(name)] = text
		}
	}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for name, text := range files {
		if ext := path.Ext(name); ext != ".yaml" && ext != ".json" {
			continue
		}
		doc, err := spec.Read(name, []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if is31 := strings.Contains(name, "-3.1"); len(doc.Findings) > 0 || doc.InfoVersion == "" || is31 != strings.Contains(text, "3.1.0") {
			t.Errorf("%s: version %q, findings %v", name, doc.InfoVersion, doc.Findings)
		}
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		wanted := map[string]bool{"wrong": false, "right": false}
		for _, c := range cases {
			isOfDocument := strings.HasPrefix(path.Base(name), c.Document)
			if !isOfDocument || c.Probe != "" || len(c.Want) > 1 || len(c.Want) == 1 && !strings.HasPrefix(c.Want[0].ID, "schema/") {
				continue
			}
			result := judge.Check(c.Exchange)
			// Without extensions, headers of a signature are undocumented ones of the consumer.
			isOfConsumer := func(f contract.Finding) bool { return f.Side() == contract.Consumer }
			if got := slices.DeleteFunc(result.Findings, isOfConsumer); len(got) != len(c.Want) || !result.Judged {
				t.Errorf("%s: %s: got %v", name, c.Name, got)
			}
			wanted[map[bool]string{true: "right", false: "wrong"}[len(c.Want) == 0]] = true
		}
		if !wanted["right"] || !wanted["wrong"] {
			t.Errorf("%s judged no case of each kind", name)
		}
		judged++
	}
	if judged != 2*2*4+2 {
		t.Errorf("got %d documents", judged)
	}
}

// TestArchive tests that the archive is below one folder, holds what its index and its README name, and no absolute time or owner.
func TestArchive(t *testing.T) {
	files := unpack(t, written(t, "1.2.3")["corpus-1.2.3.tar.gz"])
	var index struct {
		Schema string `json:"$schema"`
		Cases  []map[string]any
	}
	if err := json.Unmarshal([]byte(files["corpus-1.2.3/index.json"]), &index); err != nil {
		t.Fatal(err)
	}
	named := []string{index.Schema, "LICENSE", "README.md", "scores.json", "scores.schema.json"}
	for _, c := range index.Cases {
		for _, member := range []string{"request", "response", "previous"} {
			if name, ok := c[member].(string); ok {
				named = append(named, name)
			}
		}
		named = append(named, c["document"].(string)+".yaml")
	}
	for _, link := range regexp.MustCompile(`\]\(([^):#]+)\)`).FindAllStringSubmatch(files["corpus-1.2.3/README.md"], -1) {
		named = append(named, link[1])
	}
	for _, name := range named {
		if files["corpus-1.2.3/"+name] == "" {
			t.Errorf("the archive has no %s", name)
		}
	}
	if len(index.Cases) < 400 {
		t.Errorf("got %d cases", len(index.Cases))
	}
}

// TestNotWritten tests what cannot be written: the reason is one line on stderr, and the exit code 2.
func TestNotWritten(t *testing.T) {
	isFile := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(isFile, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := write(isFile, "../..", "1"); err == nil {
		t.Error("a file is a folder")
	}
	stderr := &bytes.Buffer{}
	if code := run([]string{"-to", t.TempDir()}, io.Discard, stderr); code != 2 || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("outside of the repository: got %d, %s", code, stderr)
	}
}

// written returns the files of a run by their names.
func written(t *testing.T, version string) map[string]string {
	t.Helper()
	to := t.TempDir()
	names, err := write(to, "../..", version)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(to, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	return files
}

// unpack returns the files of an archive by their names.
func unpack(t *testing.T, archive string) map[string]string {
	t.Helper()
	plain, err := gzip.NewReader(strings.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for r := tar.NewReader(plain); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if header.Uname != "" || header.Uid != 0 || header.Mode != 0o644 || !header.ModTime.Equal(packed) || header.Typeflag != tar.TypeReg {
			t.Errorf("%s: %+v", header.Name, header)
		}
		files[header.Name] = string(data)
	}
}
