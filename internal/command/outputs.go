package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// output is one --report FORMAT=FILE. Its report is written to a temporary file in the same folder, which then replaces FILE,
// so that an older report stays until the new one is complete. A device, a pipe or an output of this process is written
// directly.
type output struct {
	format string      // a name, such as json
	file   string      // as the flag names it
	target string      // the file behind symbolic links
	old    fs.FileInfo // of the target; nil if it does not exist
}

// temporary is the pattern of temporary file names. Such a file has mode 0600, since reports quote responses.
const temporary = ".quotaspec-*"

// Outputs are all reports of a run.
type Outputs []*output

// NewOutputs reads values of the form FORMAT=FILE and checks that each file can be written, before a run sends anything. No two
// outputs may have the same file. The file of a recording counts as an output; record is "" if there is none.
func NewOutputs(values, formats []string, record string) (Outputs, error) {
	list, taken := Outputs{}, Outputs{newOutput("", record)}
	for _, value := range values {
		format, file, ok := strings.Cut(value, "=")
		if !ok || file == "" {
			return nil, Usage(fmt.Errorf("report %q: want FORMAT=FILE", value))
		}
		if file == "-" {
			return nil, Usage(fmt.Errorf("report %q: want a file: standard output is %s=/dev/stdout", value, format))
		}
		if !slices.Contains(formats, format) {
			return nil, Usage(fmt.Errorf("report %q: %w", value, text.Unknown("format", format, formats)))
		}
		o := newOutput(format, file)
		if err := o.check(); err != nil {
			return nil, o.failed(err)
		}
		if slices.ContainsFunc(taken, o.same) {
			return nil, fmt.Errorf("report %q: %s is already the file of another output", value, file)
		}
		list, taken = append(list, o), append(taken, o)
	}
	return list, nil
}

// newOutput returns the output of a file. It follows symbolic links, so that a report replaces the file behind one and not the
// link.
func newOutput(format, file string) *output {
	o := &output{format: format, file: file, target: file}
	o.old, _ = os.Stat(file)
	if target, err := filepath.EvalSymlinks(file); err == nil {
		o.target = target
	}
	return o
}

// SameFile reports whether two names are those of one file, also before it exists.
func SameFile(a, b string) bool { return newOutput("", a).same(newOutput("", b)) }

// same reports whether two outputs have the same file, also by different names or before it exists.
func (o *output) same(other *output) bool {
	if o.old != nil && other.old != nil {
		return os.SameFile(o.old, other.old)
	}
	folder, err := os.Stat(filepath.Dir(o.target))
	otherFolder, otherErr := os.Stat(filepath.Dir(other.target))
	sameFolder := err == nil && otherErr == nil && os.SameFile(folder, otherFolder)
	return sameFolder && filepath.Base(o.target) == filepath.Base(other.target)
}

// check returns an error if the report cannot be written. It creates a temporary file and removes it at once, so that a killed
// run leaves none behind.
func (o *output) check() error {
	switch {
	case o.old != nil && o.old.IsDir():
		return errors.New("is a directory")
	case o.direct():
		return nil
	}
	temp, err := os.CreateTemp(filepath.Dir(o.target), temporary)
	if err == nil {
		err = errors.Join(temp.Close(), os.Remove(temp.Name()))
	}
	return err
}

// direct reports whether the file is written directly: a device, a pipe, or an output of this process.
func (o *output) direct() bool {
	return o.old != nil && (!o.old.Mode().IsRegular() || o.stream() != nil)
}

// stream returns os.Stdout or os.Stderr if it is the file, else nil. Opening the file again would overwrite its beginning.
func (o *output) stream() *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if info, err := f.Stat(); err == nil && os.SameFile(info, o.old) {
			return f
		}
	}
	return nil
}

// Write writes all reports, each by a call of in with its format, and returns the errors of those that could not be written.
func (list Outputs) Write(in func(w io.Writer, format string) error) error {
	var all error
	for _, o := range list {
		if err := o.write(in); err != nil {
			all = errors.Join(all, o.failed(err))
		}
	}
	return all
}

func (o *output) write(in func(w io.Writer, format string) error) error {
	if !o.direct() {
		return o.replace(in)
	}
	if stream := o.stream(); stream != nil {
		return in(stream, o.format)
	}
	f, err := os.OpenFile(o.file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(in(f, o.format), f.Close())
}

// replace writes the report to a temporary file and renames it.
func (o *output) replace(in func(w io.Writer, format string) error) error {
	temp, err := os.CreateTemp(filepath.Dir(o.target), temporary)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // a complete file has been renamed already
	if err := errors.Join(in(temp, o.format), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), o.target)
}

// failed returns an error with the user's name of the file instead of the temporary one.
func (o *output) failed(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	} else if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	}
	return fmt.Errorf("write the report: %s: %w", o.file, err)
}
