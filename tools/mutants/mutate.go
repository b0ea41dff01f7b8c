package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one place in which the package is broken.
type mutant struct {
	place string // file:line:column
	kind  string
	text  string
}

func (m mutant) String() string { return fmt.Sprintf("%s\t%s\t%s", m.place, m.kind, m.text) }

// chooser is added to the package: it says which mutant lives, and writes down which ones the tests reach.
const chooser = `
import ("os"; "strconv"; "sync")
var mutantNumber, _ = strconv.Atoi(os.Getenv("MUTANT"))
var mutantLog, mutantSeen = os.Getenv("MUTANT_LOG"), sync.Map{}
func mutantOn(n int) bool {
	if mutantLog != "" {
		if _, seen := mutantSeen.LoadOrStore(n, true); !seen {
			if f, err := os.OpenFile(mutantLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
				_, _ = f.WriteString(strconv.Itoa(n) + "\n")
				_ = f.Close()
			}
		}
	}
	return n == mutantNumber
}
`

// edit puts text around a part of a file.
type edit struct {
	from, to    int
	open, close string
}

// mutator collects the edits of a file.
type mutator struct {
	files   *token.FileSet
	text    []byte
	first   int
	edits   []edit
	mutants []mutant
}

// mutate gives a file with all its mutants in it. They are numbered from first + 1, and no line moves.
func mutate(path string, first int) (text []byte, pkg string, mutants []mutant, err error) {
	m := &mutator{files: token.NewFileSet(), first: first}
	if m.text, err = os.ReadFile(path); err != nil {
		return nil, "", nil, err
	}
	file, err := parser.ParseFile(m.files, path, m.text, parser.SkipObjectResolution)
	if err != nil {
		return nil, "", nil, err
	}
	ast.Inspect(file, m.visit)
	return m.apply(), file.Name.Name, m.mutants, nil
}

// visit finds what can be broken: conditions negated, bounds moved by one, statements left out, true for false.
func (m *mutator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok != token.CONST && n.Tok != token.TYPE && n.Tok != token.IMPORT
	case *ast.IfStmt:
		m.condition(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			m.condition(n.Cond)
		}
	case *ast.SwitchStmt:
		if n.Tag == nil {
			for _, clause := range n.Body.List {
				for _, e := range clause.(*ast.CaseClause).List {
					m.condition(e)
				}
			}
		}
	case *ast.BinaryExpr:
		m.binary(n)
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			m.negate(n, "swapped")
		}
	case *ast.BlockStmt:
		m.statements(n.List)
	case *ast.CaseClause:
		m.statements(n.Body)
	case *ast.CommClause:
		m.statements(n.Body)
	}
	return true
}

// statements leaves out each statement that can be spared; those in the head of an if or for cannot.
func (m *mutator) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); !ok || m.source(call.Fun) != "panic" {
				m.leaveOut(s)
			}
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				m.leaveOut(s)
			}
		case *ast.IncDecStmt:
			m.leaveOut(s)
		case *ast.BranchStmt:
			if s.Tok == token.CONTINUE || s.Tok == token.BREAK {
				m.leaveOut(s)
			}
		}
	}
}

// condition negates a condition that is not negated as a comparison anyhow.
func (m *mutator) condition(e ast.Expr) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		m.condition(e.X)
	case *ast.BinaryExpr: // visited later
	case *ast.Ident:
		if e.Name != "true" && e.Name != "false" {
			m.negate(e, "negated")
		}
	default:
		m.negate(e, "negated")
	}
}

func (m *mutator) binary(e *ast.BinaryExpr) {
	switch e.Op {
	case token.LAND, token.LOR: // the operands are conditions, and with both negated the whole is
		m.condition(e.X)
		m.condition(e.Y)
	case token.EQL, token.NEQ:
		m.negate(e, "negated")
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		m.negate(e, "negated")
		if a, b := m.source(e.X), m.source(e.Y); !strings.Contains(strings.NewReplacer("len(", "", "min(", "", "max(", "").Replace(a+b), "(") { // what is evaluated twice must do nothing
			m.add(e, "bound moved", fmt.Sprintf("((mutantOn(%d) && %s == %s) != (", m.next(), a, b), "))")
		}
	}
}

func (m *mutator) negate(e ast.Expr, kind string) {
	m.add(e, kind, fmt.Sprintf("(mutantOn(%d) != (", m.next()), "))")
}

func (m *mutator) leaveOut(s ast.Stmt) {
	m.add(s, "left out", fmt.Sprintf("if !mutantOn(%d) { ", m.next()), " }")
}

func (m *mutator) next() int { return m.first + len(m.mutants) + 1 }

func (m *mutator) source(n ast.Node) string {
	return string(m.text[m.files.Position(n.Pos()).Offset:m.files.Position(n.End()).Offset])
}

func (m *mutator) add(n ast.Node, kind, open, end string) {
	at := m.files.Position(n.Pos())
	m.edits = append(m.edits, edit{at.Offset, m.files.Position(n.End()).Offset, open, end})
	text, _, more := strings.Cut(m.source(n), "\n")
	if more {
		text += " …"
	}
	m.mutants = append(m.mutants, mutant{fmt.Sprintf("%s:%d:%d", filepath.Base(at.Filename), at.Line, at.Column), kind, text})
}

// apply writes the edits into the text. Of edits that begin at one place the outer ones come first, and so they were found;
// of those that end at one place the inner ones are closed first.
func (m *mutator) apply() []byte {
	type insertion struct {
		at, order int
		text      string
	}
	all := []insertion{}
	for i, e := range m.edits {
		all = append(all, insertion{e.from, len(m.edits) + i, e.open}, insertion{e.to, -i, e.close})
	}
	slices.SortFunc(all, func(a, b insertion) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return a.order - b.order
	})
	out, done := []byte{}, 0
	for _, i := range all {
		out = append(append(out, m.text[done:i.at]...), i.text...)
		done = i.at
	}
	return append(out, m.text[done:]...)
}
