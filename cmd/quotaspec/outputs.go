package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/report"
)

// output is a report and the file that it becomes. The report goes to a temporary file in the same folder, which takes the
// place of the file when it is whole: until then an older report stays as it is.
type output struct {
	format report.Format
	file   string      // as the flag names it
	target string      // the file behind symbolic links
	old    fs.FileInfo // of the target; nil: there is none
}

// temporary is how a temporary file is named. Only this user may read it, since reports quote what was answered.
const temporary = ".quotaspec-*"

// outputs are all reports that a run was asked for.
type outputs []*output

// newOutputs reads FORMAT=FILE and makes sure that each file can be written, before anything is sent. No report may be written
// to the file of a recording either, which is empty if there is none.
func newOutputs(values []string, record string) (outputs, error) {
	list, taken := outputs{}, outputs{newOutput(report.Format{}, record)}
	for _, value := range values {
		name, file, ok := strings.Cut(value, "=")
		if !ok || file == "" {
			return nil, fmt.Errorf("report %q: want FORMAT=FILE", value)
		}
		format, err := report.ParseFormat(name)
		if err != nil {
			return nil, fmt.Errorf("report %q: %w", value, err)
		}
		o := newOutput(format, file)
		if err := o.check(); err != nil {
			return nil, o.failed(err)
		}
		if slices.ContainsFunc(taken, o.same) {
			return nil, fmt.Errorf("report %q: %s is the file of another output", value, file)
		}
		list, taken = append(list, o), append(taken, o)
	}
	return list, nil
}

func newOutput(format report.Format, file string) *output {
	o := &output{format: format, file: file, target: file}
	o.old, _ = os.Stat(file)
	if target, err := filepath.EvalSymlinks(file); err == nil {
		o.target = target
	}
	return o
}

// same says whether two reports would be one file.
func (o *output) same(other *output) bool {
	if o.old != nil && other.old != nil {
		return os.SameFile(o.old, other.old)
	}
	folder, err := os.Stat(filepath.Dir(o.target))
	otherFolder, otherErr := os.Stat(filepath.Dir(other.target))
	return err == nil && otherErr == nil && os.SameFile(folder, otherFolder) && filepath.Base(o.target) == filepath.Base(other.target)
}

// check makes a temporary file and removes it at once, so that a run which is killed leaves none behind.
func (o *output) check() error {
	switch {
	case o.old != nil && o.old.IsDir():
		return errors.New("is a directory")
	case o.stays():
		return nil
	}
	temp, err := os.CreateTemp(filepath.Dir(o.target), temporary)
	if err == nil {
		err = errors.Join(temp.Close(), os.Remove(temp.Name()))
	}
	return err
}

// stays says whether the file takes the report as it is: a device, a pipe, or an output of this process.
func (o *output) stays() bool {
	return o.old != nil && (!o.old.Mode().IsRegular() || o.own() != nil)
}

// own returns the standard output or that of errors if it is the file: opened again, it would be written over from its
// beginning.
func (o *output) own() *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if info, err := f.Stat(); err == nil && os.SameFile(info, o.old) {
			return f
		}
	}
	return nil
}

// write writes all reports. One that cannot be written does not keep the others from it.
func (list outputs) write(r *report.Report) error {
	var all error
	for _, o := range list {
		if err := o.write(r); err != nil {
			all = errors.Join(all, o.failed(err))
		}
	}
	return all
}

func (o *output) write(r *report.Report) error {
	if !o.stays() {
		return o.replace(r)
	}
	if own := o.own(); own != nil {
		return o.format.Write(own, r)
	}
	f, err := os.OpenFile(o.file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(o.format.Write(f, r), f.Close())
}

// replace puts the whole report in place of the file.
func (o *output) replace(r *report.Report) error {
	temp, err := os.CreateTemp(filepath.Dir(o.target), temporary)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // renamed before, if it was written well
	if err := errors.Join(o.format.Write(temp, r), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), o.target)
}

// failed names the file as the user did, and not the temporary one.
func (o *output) failed(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	} else if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	}
	return fmt.Errorf("write the report: %s: %w", o.file, err)
}
