package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A document of breaking is a file, a URL, or a file in a revision of the git repository of the working directory:
//
//	openapi.yaml            a file
//	main:api/openapi.yaml   the path begins at the root of the repository, whatever the working directory is
//	v1.0.0:./openapi.yaml   the path begins at the working directory
//
// git itself reads the revision. What the document refers to is read from the same revision, even if a branch moves meanwhile.

// readVersion reads the document that an argument names. A file that exists wins over a revision. C:\openapi.yaml is a file.
func readVersion(ctx context.Context, from *http.Client, name string) (*spec.Document, error) {
	rev, file, hasColon := strings.Cut(name, ":")
	isURL := strings.HasPrefix(file, "//")
	hasDrive := len(rev) == 1 && strings.IndexAny(file, `\/`) == 0
	_, statErr := os.Stat(name)
	if hasColon && !isURL && !hasDrive && errors.Is(statErr, fs.ErrNotExist) {
		return readRevision(ctx, rev, filepath.ToSlash(file))
	}
	docs, err := command.LoadDocuments(ctx, from, name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !command.IsDocument(name) && !hasColon:
		return nil, fmt.Errorf("%w; to read a file of a revision, name both: %s:openapi.yaml", err, name)
	case err != nil:
		return nil, err
	}
	return docs[0], nil
}

// revision is a tree of the repository.
type revision struct {
	ctx  context.Context //nolint:containedctx // package spec opens files without one
	name string          // as the user gives it
	tree string          // its object
}

// readRevision reads a document in a revision. Errors begin with REVISION:PATH.
func readRevision(ctx context.Context, name, file string) (*spec.Document, error) {
	shown := name + ":" + file
	if name == "" || file == "" {
		return nil, command.Usage(fmt.Errorf("%s: want REVISION:PATH, such as main:openapi.yaml", shown))
	}
	prefix, err := git(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, fmt.Errorf("%s: there is no such file, and no revision can be read: %w", shown, err)
	}
	prefix = strings.TrimSuffix(prefix, "\n")
	r, err := findRevision(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	at := path.Clean(file)
	if isHere := strings.HasPrefix(file, "./") || strings.HasPrefix(file, "../"); isHere {
		at = path.Join(prefix, file)
	}
	data, err := r.read(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: revision %s has no such file%s", shown, name, r.near(at, prefix))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return spec.Read(abbreviated(name)+":"+at, data, func(other string) ([]byte, error) {
		if !fs.ValidPath(other) {
			return nil, fs.ErrNotExist // it is not below the folder of the document
		}
		return r.read(path.Join(path.Dir(at), other))
	})
}

// hash is a whole hash of a commit, as git merge-base prints it.
var hash = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// abbreviated is a revision as reports name it: of a whole hash, its beginning.
func abbreviated(name string) string {
	if hash.MatchString(name) {
		return name[:12]
	}
	return name
}

// findRevision finds the tree of a revision. The error of an unknown one names a branch or tag with a similar name, or what a
// clone lacks.
func findRevision(ctx context.Context, name string) (*revision, error) {
	if !strings.HasPrefix(name, "-") { // which git would take for a flag
		tree, err := git(ctx, "rev-parse", "--verify", "--quiet", name+"^{tree}")
		if err == nil {
			return &revision{ctx, name, strings.TrimSpace(tree)}, nil
		}
	}
	unknown := fmt.Errorf("unknown revision %q", name)
	refs, _ := git(ctx, "for-each-ref", "--format=%(refname:short)")
	if meant := text.Nearest(name, strings.Fields(refs)); meant != "" {
		return nil, fmt.Errorf("%w: did you mean %s?", unknown, meant)
	}
	if shallow, _ := git(ctx, "rev-parse", "--is-shallow-repository"); strings.TrimSpace(shallow) == "true" {
		return nil, fmt.Errorf("%w; this clone is shallow: git fetch --unshallow --tags gets the others", unknown)
	}
	return nil, unknown
}

// read reads a file by its path from the root of the repository. The error of a file that does not exist is fs.ErrNotExist.
func (r *revision) read(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, errors.New("the path leads out of the repository")
	}
	// One row: 100644 blob 83baae61804e65cc73a7201a7252750c76066a30      30<tab>openapi.yaml<nul>
	row, err := git(r.ctx, "ls-tree", "-z", "-l", "--full-tree", r.tree, "--", name)
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(row)
	if len(fields) < 4 {
		return nil, fs.ErrNotExist
	}
	mode, object := fields[0], fields[2]
	size, _ := strconv.Atoi(fields[3])
	switch {
	case !strings.HasPrefix(mode, "100"): // a folder, a symbolic link, a submodule
		return nil, errors.New("it is not a regular file")
	case size > command.MaxDocument:
		return nil, fmt.Errorf("it is larger than %d MB", command.MaxDocument>>20)
	}
	data, err := git(r.ctx, "cat-file", "blob", object)
	return []byte(data), err
}

// near ends the error of a file that does not exist, with the file that may be meant: of the same name in another folder, first
// below the working directory, or of a similar path.
func (r *revision) near(name, prefix string) string {
	rows, err := git(r.ctx, "ls-tree", "-r", "-z", "--name-only", "--full-tree", r.tree)
	if err != nil {
		return ""
	}
	files := strings.Split(rows, "\x00")
	meant := ""
	if slices.Contains(files, path.Join(prefix, name)) {
		meant = path.Join(prefix, name)
	}
	if i := slices.IndexFunc(files, func(f string) bool { return path.Base(f) == path.Base(name) }); i >= 0 {
		meant = cmp.Or(meant, files[i])
	}
	if meant = cmp.Or(meant, text.Nearest(name, files)); meant == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %s:%s?", r.name, meant)
}

// git runs git and returns what it prints. The error is the first line of its own.
func git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...) //nolint:gosec // arguments of git that read, and names that are no flags
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("git is not installed")
	case ctx.Err() != nil:
		return "", errors.New("it was stopped")
	case err != nil && errs.Len() > 0:
		return "", errors.New(strings.TrimPrefix(text.FirstLine(errs.String()), "fatal: "))
	}
	return out.String(), err
}
