// Package servers judges servers that other people wrote, by the documents that they publish: JupyterLab, Prefect (FastAPI),
// and a service made with huma. They are what strangers have: documents without examples, credentials or refusals.
//
// The test installs each server from its registry, pinned, starts it on loopback, and runs the command quotaspec against it as
// its users do. Somebody has judged every finding by hand: testdata/SERVER/verdicts.yaml says whether the server is wrong or the
// judge, and a finding without a verdict fails the test. docs/interop-servers.md is the table of the last run.
//
// TestStubs judges small providers on our generated stubs, for echo v4 and v5. It needs nothing but Go.
//
// It has only tests, and is a module of its own, so that no other package downloads huma or echo v5.
package servers
