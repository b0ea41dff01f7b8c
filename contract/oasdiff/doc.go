// Package oasdiff compares our comparison of documents with oasdiff, which has a rule for each kind of change where we have an
// exchange. Both get the same pairs of documents: the seven changes for which contract/breaking was made, single changes of all
// kinds forth and back, mutants of our documents, and rewrites that mean the same.
//
//	mutant "status dropped": ours breaking, status/removed; theirs INFO, response-non-success-status-removed
//
// They agree about a pair if the worst that each finds means the same: breaking and ERR, possibly breaking and WARN, and
// compatible, editorial, INFO or nothing. A disagreement must be of one of the classes in classes_test.go, which say who is
// right and why; a disagreement of no class fails the test, and so does a class that has none. docs/agreement-oasdiff.md is the table
// of all classes; "go test . -args -update" writes it. The names of oasdiff's rules stand here and on that page only.
//
// It has only tests, and is a module of its own, so that no other package gets oasdiff's version of kin-openapi.
package oasdiff
