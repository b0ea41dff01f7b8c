package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/openapi"
)

// packed is the time of all files in the archive, so that it depends on their contents alone.
var packed = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// pack writes the corpus as a tar archive, compressed by gzip, in which all files are below a folder.
func pack(root, folder string) ([]byte, error) {
	files, err := corpusFiles(root)
	if err != nil {
		return nil, fmt.Errorf("pack the corpus: %w", err)
	}
	b := &bytes.Buffer{}
	compressed, _ := gzip.NewWriterLevel(b, gzip.BestCompression)
	archive := tar.NewWriter(compressed)
	for _, f := range files {
		header := tar.Header{Name: folder + "/" + f.name, Mode: 0o644, Size: int64(len(f.data)), ModTime: packed, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(&header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	err = compressed.Close()
	return b.Bytes(), err
}

// content is a file of the archive.
type content struct {
	name string
	data []byte
}

// corpusFiles returns the files of the archive in their order: what a reader opens first, the documents, and the messages that
// the index names.
func corpusFiles(root string) ([]content, error) {
	corpus := filepath.Join(root, "contract", "corpus")
	messages, err := messagesOf(filepath.Join(corpus, "index.json"))
	if err != nil {
		return nil, err
	}
	files := []content{}
	add := func(folder, name string) {
		data, readErr := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if name == "README.md" { // where the documents stand beside it
			data = bytes.ReplaceAll(data, []byte("](../../openapi/"), []byte("]("))
		}
		if err == nil {
			err = readErr
		}
		files = append(files, content{name: name, data: data})
	}
	for _, name := range []string{"README.md", "index.json", "index.schema.json", "scores.json", "scores.schema.json"} {
		add(corpus, name)
	}
	add(root, "LICENSE")
	for _, name := range openapi.Names() {
		add(filepath.Join(root, "openapi"), name+".yaml")
	}
	for _, name := range messages {
		add(corpus, name)
	}
	return files, err
}

// messagesOf returns the files of messages that an index names, sorted.
func messagesOf(index string) ([]string, error) {
	data, err := os.ReadFile(index)
	if err != nil {
		return nil, err
	}
	var list struct {
		Cases []struct{ Request, Response, Previous string }
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", index, err)
	}
	names := []string{}
	for _, c := range list.Cases {
		names = append(names, c.Request, c.Response, c.Previous)
	}
	slices.SortFunc(names, strings.Compare)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" }), nil
}
