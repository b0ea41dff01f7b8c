package recordings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// manifestHead begins a new manifest.
const manifestHead = `# yaml-language-server: $schema=https://raw.githubusercontent.com/quotaspec/quotaspec/main/docs/manifest.schema.json
#
# Recordings of live traffic, one row each. Credentials were removed, and ids were replaced by stand-ins such as
# 11000000110000001100000011000000: the same id has the same stand-in everywhere.
`

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// writeFiles writes the bodies of a recording, and then its row. The files are new, and only their owner may read them.
func (r *Recorder) writeFiles(recording Recording) error {
	stem := r.newStem(recording)
	recording.File = stem + extension(recording.ContentType, recording.Body)
	if err := r.create(recording.File, recording.Body); err != nil {
		return err
	}
	if len(recording.Request.Body) > 0 {
		recording.Request.File = stem + ".request" + extension(recording.Request.ContentType, recording.Request.Body)
		if err := r.create(recording.Request.File, recording.Request.Body); err != nil {
			return err
		}
	}
	row, err := recording.row()
	if err != nil {
		return err
	}
	return r.append(row)
}

// newStem returns a name that no file of the folder begins with: showThing-200, showThing-200-2.
func (r *Recorder) newStem(recording Recording) string {
	operation := strings.Trim(notInNames.ReplaceAllString(recording.Operation, "-"), "-")
	base := fmt.Sprintf("%.60s-%d", operation, recording.Status)
	stem := base
	for n := 2; r.stems[stemOf(stem)]; n++ {
		stem = fmt.Sprintf("%s-%d", base, n)
	}
	r.stems[stemOf(stem)] = true
	return stem
}

// create writes a new file, or none if the disk is full.
func (r *Recorder) create(name string, data []byte) error {
	f, err := os.OpenFile(filepath.Join(r.folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// append adds a row to the manifest by one call of Write, with the head if the manifest is new. If the disk is full, the part of
// the row that was written is taken back, so that the rows before it can be read.
func (r *Recorder) append(row []byte) error {
	if !r.begun {
		row = append([]byte(manifestHead), row...)
	}
	f, err := os.OpenFile(filepath.Join(r.folder, Manifest), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	r.begun = true
	before, err := f.Stat()
	if err == nil {
		if _, err = f.Write(row); err != nil {
			err = errors.Join(err, f.Truncate(before.Size()))
		}
	}
	return errors.Join(err, f.Close())
}
