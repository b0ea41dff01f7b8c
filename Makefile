# "make" or "make help" lists what can be made. CI runs "make ci" and nothing else.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# In a Turkish locale [a-z] has no i: targets would not be listed, and fuzz targets not be run.
export LC_ALL := C

# All targets but the race detector compile with the same flags, so that they share the cache of compiled packages: without cgo,
# as a release is built.
export CGO_ENABLED := 0

VERSION := $(shell git --git-dir=.git describe --tags --match 'v*.*.*' --always --dirty 2>/dev/null || echo devel)
BUILD   := go build -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION:v%=%)' -o '$(CURDIR)/bin/'
TOOLS   := go tool -modfile=tools/go.mod

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: verify
verify: ## compile the command as "make build" does, judge the documents, the recordings and the reference server, and print the report
	@tools/compile.sh $(BUILD) -v ./cmd/quotaspec
	@bin/quotaspec verify

.PHONY: test
test: ## run the tests
	go test -timeout 30m ./...

# What starts hundreds of providers or processes, repeats, or waits: make test has all of it.
SLOW_TESTS := BadDataFile Batches BeyondLimits Bounds BoundsOfMemory BoundsOfPatterns BrokenGateway Deadline FaultyNetwork \
	BrokenProviders BrokenOtherAPIs GeneratedRulesAgreeWithCEL HelpExamples HTMLStructure LargeObject LegalProviders Linear \
	LoadOfLargeDocument LongChains LongNumbers ManySecrets ManySteps MarkdownLimit MarkdownRoom \
	MutantsAreThoseOfTheScore NoFalseAlarm OtherModule OthersAreServed NoSecretInProxy NoSecretInReports Pages \
	ProxyCapturesUpToLimit PublicDocuments ReadHAR.*Large ReadHAR.*LargeEntry ReadHAR.*LargestEntry ReadHAR.*Memory \
	ReadHARLargeEntryCutOff ReadmeProgram Rules RulesAgreeWithCEL RulesTakeNoCEL Scripts SecondSignal \
	ServeTerminated SlowPattern SlowProviders SplitDocuments SplitReports Timeout TooManySteps UniqueItems \
	UseFromGoProgram VerifyTimeout VisibleFormats WeakenedRules WriterHidesEverywhere WriterJudgedTheSame
space := $(subst ,, )
SLOW := ^Test($(subst $(space),|,$(strip $(SLOW_TESTS))))$$

.PHONY: quick
quick: ## run the tests but for what takes long: browsers, hundreds of providers and processes, repetitions; enough for most edits
	go test -short -skip '$(SLOW)' ./...

ARGS :=

.PHONY: test-interop
test-interop: ## run the tests with the vendor's own SDK (downloads it: 48 MB)
	cd contract/interop && go test -timeout 30m ./...

.PHONY: interop
interop: ## run testers, readers, generators and SDKs of other people in five languages, and compare docs/interop.md (needs python3, node, java, mvn, cargo)
	cd contract/interop && go test . -run '^TestTools$$' -count 1 -timeout 60m -v -args -tools $(ARGS) | grep -vE '^ *(=== |--- PASS)'

.PHONY: test-consumers
test-consumers: ## run docs/test-my-consumer.md, pact-js and the program for the corpus, in Python and TypeScript (needs python3, node, curl; npm downloads 60 MB)
	go test ./cmd/quotaspec -run '^Test(Consumers|PactJS)$$' -count 1 -args -consumers
	go test ./deploy/dist -run '^TestPython$$' -count 1 -args -python

.PHONY: test-providers
test-providers: ## judge right and wrong providers, one of them in FastAPI, and run Schemathesis beside it (needs python3; pip downloads 50 MB)
	@venv=$$(mktemp -d); trap 'rm -rf "$$venv"' EXIT; python3 -m venv "$$venv"; \
	"$$venv/bin/pip" install -q --disable-pip-version-check -r cmd/quotaspec/testdata/providers/requirements.txt; \
	go test ./cmd/quotaspec -run '^Test(Faults|FaultSets|HiddenFaults|Schemathesis)$$' -count 1 -timeout 40m -v \
		-args -providers "$$venv/bin/python" $(ARGS) | grep -vE '^ *(=== |--- PASS)'

.PHONY: test-actions
test-actions: ## run the GitHub action, the GitLab template, the hooks and all examples of docs/ci.md as CI would (needs python3, git, shellcheck)
	@venv=$$(mktemp -d); trap 'rm -rf "$$venv"' EXIT; python3 -m venv "$$venv"; \
	"$$venv/bin/pip" install -q --disable-pip-version-check -r deploy/testdata/requirements.txt; \
	go test ./deploy -run '^TestActions$$' -count 1 -timeout 20m -v -args -actions "$$venv/bin" | grep -vE '^ *(=== |--- PASS)'

.PHONY: test-exporter
test-exporter: ## run the exporter between the reference provider and Prometheus, with all files of deploy for it (needs prometheus, systemd, python3)
	@venv=$$(mktemp -d); trap 'rm -rf "$$venv"' EXIT; python3 -m venv "$$venv"; \
	"$$venv/bin/pip" install -q --disable-pip-version-check -r deploy/testdata/requirements.txt; \
	go test ./deploy -run '^TestExporter(Files)?$$' -count 1 -timeout 20m -v -args -prometheus "$$venv/bin" | grep -vE '^ *(=== |--- PASS)'
	cd deploy/kubernetes && go test -count 1 ./...

.PHONY: test-fleet
test-fleet: ## run the tests of contract/fleet with the race detector and a real Kafka, whose workers are killed (needs java, mvn, a C compiler; Maven downloads 45 MB once)
	cd contract/fleet && CGO_ENABLED=1 go test -race -count 1 -timeout 30m ./...

.PHONY: test-release
test-release: ## make a release twice, compare its bytes, install it by install.sh and by go install, and build and run the image (needs buildah; compiles goreleaser once)
	go test ./deploy -run '^Test(Release|Image|GoInstall)$$' -count 1 -timeout 20m -v -args -release

.PHONY: interop-servers
interop-servers: ## judge JupyterLab, Prefect and a huma service by their own documents (needs python3; pip downloads 200 MB once)
	cd contract/servers && go test . -count 1 -timeout 60m -v

CHECKS := check-generate check-stubs check-breaking vet check-cross lint test-race check-fuzz check-promises check-operation \
	check-vulnerabilities mutate

.PHONY: check
check: ## what a change must pass: generated code, stubs, what the documents break, vet, other systems, lint, races, fuzzing, promises, one more operation, known vulnerabilities, mutants
	@$(call timed,$(CHECKS))

.PHONY: ci
ci: ## run everything, as CI does: verify, all tests, check, other validators and tools, the action, the exporter beside Prometheus, the fleet on Kafka, and a release
	@$(call timed,verify test test-interop test-consumers test-providers check two-judges agreement-oasdiff test-actions test-exporter test-fleet test-release interop)

# timed runs targets one after the other, up to the first that fails, and lists the seconds of each.
timed = list=""; trap 'printf "\n%s" "$$list"' EXIT; \
	for target in $(1); do \
		start=$$SECONDS; failed=""; $(MAKE) "$$target" || failed=", failed"; \
		list+=$$(printf '%6d s  make %s%s' $$((SECONDS - start)) "$$target" "$$failed")$$'\n'; \
		[ -z "$$failed" ] || exit 1; \
	done

.PHONY: generate
generate: ## write the generated code and docs/promises.md anew from the documents
	go generate -tags generate ./tools.go
	@if go build ./cmd/quotaspec ./server; then go test ./cmd/quotaspec -run 'Promises' -update; \
	else echo "gen is up to date; docs/promises.md is written once the server compiles" >&2; fi

.PHONY: notice
notice: ## write NOTICE of each command, the licences of all that is linked into it
	go test ./deploy -run '^TestNotice$$' -update

.PHONY: update
update: generate ## write anew whatever follows from the documents, the recordings and the corpus: goldens, counts, scores
	go test ./openapi -run 'Versions|Inventory' -update
	go test ./contract/corpus/mutants -run Inventory -update
	go test ./contract/probe -run Derive -update
	go test ./cmd/quotaspec -run 'Pages|Principals|Transcripts|Reference' -update
	go test ./cmd/quotaspec -run 'Readme' -update
	cd contract/fleet && go test ./cmd/quotaspec-fleet -run '^TestReference$$' -update
	cd contract/twojudges && go test -run 'Scores|WholeExchanges' -update

.PHONY: check-operation
check-operation: ## add an operation to a copy of the repository by docs/adding-an-operation.md, and test it
	go test . -run Operation -timeout 30m -args -rehearse

.PHONY: check-generate
check-generate: ## generate again and fail if that changes anything
	@before=$$(mktemp -d); trap 'rm -rf "$$before"' EXIT; \
	cp -r gen docs/promises.md "$$before"; $(MAKE) generate; \
	diff -r "$$before/gen" gen && diff "$$before/promises.md" docs/promises.md || \
	{ echo "gen or docs/promises.md is not what openapi says: commit the result of 'make generate'" >&2; exit 1; }

.PHONY: check-stubs
check-stubs: ## judge a small provider on the stubs for echo v4, one on those for v5, and wrong ones (in a module of its own)
	cd contract/servers && go test . -run '^TestStubs$$' -count 1

.PHONY: check-breaking
check-breaking: ## fail if the documents break what the last release promised; without one, what the branch began with
	@tools/check-breaking.sh

# The folders with a go.mod of their own, which ./... of the root leaves out; those of tools have no code.
MODULES := $(filter-out tools/%,$(patsubst %/go.mod,%,$(wildcard */*/go.mod)))

.PHONY: vet
vet: ## run go vet
	@for module in . $(MODULES); do echo "vet $$module"; (cd $$module && go vet ./...); done

CROSS := linux/arm64 darwin/arm64 windows/amd64

.PHONY: check-cross
check-cross: ## build and vet the commands for other systems, and vet for 32 bits
	@for target in $(CROSS); do \
		echo "build and vet for $$target"; export GOOS=$${target%/*} GOARCH=$${target#*/}; \
		go build -o /dev/null ./cmd/quotaspec; go vet ./...; \
		(cd contract/fleet && go build -o /dev/null ./cmd/quotaspec-fleet && go vet ./...); \
	done
	GOARCH=386 go vet ./...
	cd contract/fleet && GOARCH=386 go vet ./...

.PHONY: lint
lint: ## run golangci-lint, as pinned in tools/go.mod
	@for module in . $(MODULES); do \
		echo "lint $$module"; (cd $$module && go tool -modfile='$(CURDIR)/tools/go.mod' golangci-lint run ./...); \
	done

.PHONY: test-race
test-race: ## run the tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -short -timeout 40m ./...

FUZZTIME := 10s

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (10s; a number of runs is written 2000x)
	@for dir in $$(grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z]*' "$$dir"/*_test.go | sed 's/func //'); do \
			go test "$$dir" -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x; \
		done; \
	done

.PHONY: check-fuzz
check-fuzz: ## run each fuzz target a thousand times
	@$(MAKE) fuzz FUZZTIME=1000x

.PHONY: two-judges
two-judges: ## judge the corpus, the recordings and their mutants by two other validators, too (a module of its own)
	cd contract/twojudges && go test -timeout 30m ./...

.PHONY: agreement-oasdiff
agreement-oasdiff: ## compare hundreds of pairs of documents as breaking does and as oasdiff does (a module of its own; downloads oasdiff)
	cd contract/oasdiff && go test . -count 1

.PHONY: check-vulnerabilities
check-vulnerabilities: ## fail if a module has a known vulnerability: by govulncheck or, without its database, by tools/vulnerabilities.txt
	@for command in cmd/quotaspec contract/fleet/cmd/quotaspec-fleet; do tools/check-vulnerabilities.sh "$$command"; done

.PHONY: check-promises
check-promises: ## fail if a promise of the documents is proven by nothing
	@go run ./cmd/quotaspec rules --unproven

.PHONY: mutate
mutate: ## fail if a mutant of the documents or of the exchanges survives, and print the score
	@go run ./cmd/quotaspec mutate

.PHONY: bench-verify
bench-verify: ## measure verify from process start: everything embedded, and a live provider on loopback
	go test ./cmd/quotaspec -run '^$$' -bench '^BenchmarkVerify$$' -benchtime 20x

ENTRIES := 100000

.PHONY: bench-har
bench-har: ## measure verify --har: exchanges a second and a core, and the peak of memory; ENTRIES=1000000 for more
	go test ./cmd/quotaspec -run '^$$' -bench '^BenchmarkHAR$$' -benchtime 1x -args -entries $(ENTRIES)

.PHONY: bench-fleet
bench-fleet: ## measure a worker of contract/fleet, its topics and its broker beside verify --har (Linux; needs java, mvn)
	cd contract/fleet && go test . -run '^TestBench$$' -count 1 -v -timeout 30m -args -bench-fleet $(ARGS) | \
		grep -vE '^ *(=== |--- PASS)'

.PHONY: bench-exporter
bench-exporter: ## measure the exporter of 1,000 accounts that asks all the time: memory, and the time of a scrape (Linux)
	go test ./cmd/quotaspec -run '^TestExporterOfManyAccounts$$' -count 1 -v -args -exporter-load

.PHONY: bench-client
bench-client: ## measure the client: by hand, generated, ours, and the vendor's SDK
	go test ./client -run '^$$' -bench . -count 5
	cd contract/interop && go test . -run '^$$' -bench . -count 5

.PHONY: bench-judge
bench-judge: ## measure the judge beside kin-openapi, libopenapi-validator, ajv, openapi-core and Prism's proxy; ARGS=-update writes (Linux; needs node, python3)
	@tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; cp contract/twojudges/testdata/judges/* "$$tools"; \
	(cd "$$tools" && npm ci --loglevel=error --no-audit --no-fund) || echo "npm installs nothing" >&2; \
	{ python3 -m venv "$$tools/venv" && "$$tools/venv/bin/pip" install -q --disable-pip-version-check \
		-r contract/interop/testdata/validators/openapi-core/requirements.txt; } || echo "pip installs nothing" >&2; \
	cd contract/twojudges && go test . -run '^TestJudges$$' -count 1 -timeout 30m -v -args -judges "$$tools" $(ARGS) | grep -vE '^ *(=== |--- PASS)'

.PHONY: bench-growth
bench-growth: ## measure what judging costs as operations, bodies, rules and cores grow; ARGS=-update writes table and drawing (Unix)
	go test ./contract -run '^TestGrowth$$' -count 1 -v -args -growth $(ARGS)

PACKAGE := ./internal/signature

.PHONY: mutate-go
mutate-go: ## break the code of PACKAGE in one place at a time and list what its tests do not notice (docs/mutants.md); takes minutes
	$(TOOLS) gremlins unleash $(PACKAGE) --output-statuses lct --timeout-coefficient 20

.PHONY: bench-server
bench-server: ## measure the reference provider beside net/http, echo and Prism's mock (npm)
	tools/bench-server.sh

.PHONY: build
build: ## build bin/quotaspec, a static binary
	$(BUILD) ./cmd/quotaspec

.PHONY: build-fleet
build-fleet: ## build bin/quotaspec-fleet, which judges the traffic of a fleet out of Kafka (downloads what its module needs)
	cd contract/fleet && $(BUILD) ./cmd/quotaspec-fleet

.PHONY: dist
dist: ## write dist: the documents in all published forms, the corpus as an archive, and checksums
	go run ./deploy/dist -version '$(VERSION)' -to dist

.PHONY: soak-tokens
soak-tokens: ## verify a provider whose tokens die after 2 s, for five minutes
	go test ./cmd/quotaspec -run '^TestSoakTokens$$' -v -timeout 20m -args -soak-tokens 5m

.PHONY: soak-fleet
soak-fleet: ## judge 2 million exchanges by 1 and 2 workers, kill workers 30 times and their Kafka 5 times, and compare the reports; a quarter of an hour (needs java, mvn, 3 GB of disk)
	cd contract/fleet && go test . -run '^TestSoak$$' -count 1 -v -timeout 60m -args -soak $(ARGS)
