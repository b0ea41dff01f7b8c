package spec

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A document may come from a stranger, and its references name files. They are opened through os.Root, which keeps them inside
// the folder: neither "..", an absolute path nor a symbolic link leads out. Only regular files are read, since a pipe may
// block, and all files together have one size limit. The error of a file shows no path of the machine.

// maxBytes limits the total size of all files of a document.
const maxBytes = 64 << 20

var (
	errTooLarge = errors.New("the files of the document have more than 64 MB")
	errNoFile   = errors.New("it is not a regular file")
)

// readFolder returns a function that reads files in a folder and below. It does not follow links that lead out of the folder.
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

// reason describes why a file cannot be read. The errors of the system contain paths of the machine.
func reason(err error) string {
	switch {
	case errors.Is(err, errTooLarge), errors.Is(err, errNoFile):
		return err.Error()
	case errors.Is(err, fs.ErrNotExist):
		return "the file does not exist"
	}
	return "it cannot be read"
}

// file returns a file by its path below the document's folder. It reads each file once.
func (d *Document) file(name string) *file {
	f := d.files[name]
	if f != nil {
		return f
	}
	if d.open == nil {
		return &file{missing: "other files are not read here"}
	}
	data, err := d.open(name)
	if err != nil {
		f = &file{missing: reason(err)}
		d.files[name] = f
	} else if f = d.newFile(name, data); f.root != nil {
		d.join(f)
	}
	return f
}

// folderLength is the length of what comes before the name of a file in a path, or in a revision: 3 of a/b.yaml, 5 of main:b.yaml.
func folderLength(name string) int { return strings.LastIndexAny(name, `/\:`) + 1 }

// newFile reads a file into nodes.
func (d *Document) newFile(name string, data []byte) *file {
	shown := d.File[:folderLength(d.File)] + name
	f := &file{name: shown, path: name, sum: sha256.Sum256(data)}
	d.files[name] = f
	d.bytes += len(data)
	if d.bytes > maxBytes {
		f.findings = []*Finding{newFinding("document/size", f.at(1), "%v", errTooLarge)}
	} else {
		f.parse(data)
	}
	return f
}

// join adds a file without syntax errors to the document.
func (d *Document) join(f *file) {
	d.inOrder = append(d.inOrder, f)
	d.index(f)
}

// readMain reads the file that the caller named. It may be a pipe, and its path may be shown in errors.
func readMain(name string) (data []byte, err error) {
	f, err := os.Open(name)
	if err == nil {
		defer func() { _ = f.Close() }()
		data, err = io.ReadAll(io.LimitReader(f, maxBytes+1)) // Read refuses a larger one
	}
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	return data, nil
}
