package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxBytes is how many bytes all files of a document may have together.
const maxBytes = 64 << 20

var (
	errTooLarge = errors.New("the files of the document have more than 64 MB")
	errNoFile   = errors.New("it is no ordinary file")
)

// readFolder returns what reads files of a folder and below. Links that lead out of it are not followed.
func readFolder(folder string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		root, err := os.OpenRoot(folder)
		if err != nil {
			return nil, err
		}
		defer func() { _ = root.Close() }()
		name = filepath.FromSlash(name)
		info, err := root.Stat(name)
		switch {
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular():
			return nil, errNoFile
		case info.Size() > maxBytes:
			return nil, errTooLarge
		}
		return root.ReadFile(name)
	}
}

// reason says in our own words why a file cannot be read: the errors of the system hold paths of the machine.
func reason(err error) string {
	switch {
	case errors.Is(err, errTooLarge), errors.Is(err, errNoFile):
		return err.Error()
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	}
	return "it cannot be read"
}

// file returns a file by its path below the document's folder, which is read at the first request.
func (d *Document) file(name string) *file {
	f := d.files[name]
	if f != nil {
		return f
	}
	if d.open == nil {
		return &file{none: "other files are not read here"}
	}
	data, err := d.open(name)
	if err != nil {
		f = &file{none: reason(err)}
		d.files[name] = f
	} else if f = d.newFile(name, data); f.root != nil {
		d.join(f)
	}
	return f
}

// newFile reads a file into nodes.
func (d *Document) newFile(name string, data []byte) *file {
	shown := name
	if i := strings.LastIndexAny(d.File, `/\`); i >= 0 {
		shown = d.File[:i+1] + name
	}
	f := &file{name: shown, path: name}
	d.files[name] = f
	d.bytes += len(data)
	if d.bytes > maxBytes {
		f.faults = []*Finding{fault("document/size", f.at(1), "%v", errTooLarge)}
	} else {
		f.parse(data)
	}
	return f
}

// join makes a file that could be read part of the document.
func (d *Document) join(f *file) {
	d.inOrder = append(d.inOrder, f)
	d.index(f)
}

// readMain reads the file that the caller named, which may be a pipe, and whose errors may say its path.
func readMain(name string) (data []byte, err error) {
	f, err := os.Open(name)
	if err == nil {
		defer func() { _ = f.Close() }()
		data, err = io.ReadAll(io.LimitReader(f, maxBytes+1)) // Read refuses one with more
	}
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	return data, nil
}
