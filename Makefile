SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The server never speaks MessagePack, and without it the binary is a fifth smaller.
export GOFLAGS := $(strip $(GOFLAGS) -tags=nomsgpack)

PKG ?= ./...
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
IMAGE ?= sochibo:latest
ENGINE ?= $(notdir $(firstword $(foreach e,docker podman buildah,$(shell command -v $(e)))))

# The race detector needs cgo and a C compiler. SQLite, translated from C, is left out of it: there it would find nothing
# of ours and take 25 times as long.
HAVE_CC = $(shell [ "$$(go env CGO_ENABLED)" = 1 ] && command -v "$$(go env CC)" >/dev/null && echo yes)
export RACE = $(if $(HAVE_CC),-race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false)
GO_FILES = git ls-files --cached --others --exclude-standard '*.go'

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-15s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Start a throw-away server with the sample loaded; prints the address, tokens and a line to try
	@bin/sochibo demo

.PHONY: build
build: ## Build the static binary bin/sochibo
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/sochibo ./cmd/sochibo

.PHONY: test
test: ## Run every test on SQLite and PostgreSQL (PKG=./internal/meeting/... for a part)
	@.ci/postgres
	@$(MAKE) say-race
	@go run ./internal/testkit/pgcluster -- .ci/test $(PKG) | go run ./internal/testkit/report -require sqlite,postgres

.PHONY: test-sqlite
test-sqlite: ## Run the tests on SQLite alone, the quick round
	@$(MAKE) say-race
	@SKIP='/^postgres$$|//^postgres$$|///^postgres$$' .ci/test $(PKG) | go run ./internal/testkit/report

.PHONY: say-race
say-race:
	@echo "race detector: $(if $(HAVE_CC),on ($$(go env CC)),off; it needs CGO_ENABLED=1 and a C compiler)"

.PHONY: lint
lint: format-check ## Check formatting, go vet and golangci-lint (whose first build takes minutes)
	go vet ./...
	$(GOLANGCI) run ./...

.PHONY: format
format: ## Format the Go files and the API comments in them
	@go tool swag fmt --dir ./cmd,./internal
	@$(GO_FILES) | xargs -r gofmt -w

.PHONY: format-check
format-check:
	@unformatted=$$($(GO_FILES) | xargs -r gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run make format:"; echo "$$unformatted"; exit 1; fi

.PHONY: generate
generate: OUT ?= api
generate: ## Write the contract (api/swagger.json, openapi.json, openapi.yaml) from the handlers
	@go tool swag init --quiet --generalInfo main.go --dir ./cmd/sochibo,./internal --parseInternal \
		--exclude ./internal/testkit,./internal/openapi,./internal/clients,./internal/bench --outputTypes json --output $(OUT)
	@go run ./internal/openapi/convert $(OUT)

.PHONY: page
page: ## Copy what /docs loads of Swagger UI from the pinned module (a test says when that is needed)
	@go run ./internal/openapi/docs/pack internal/openapi/docs/assets

.PHONY: generate-check
generate-check: ## Fail if the contract or go.mod is not what the source says
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(MAKE) generate OUT="$$fresh"; \
	for file in swagger.json openapi.json openapi.yaml; do \
		diff -u "api/$$file" "$$fresh/$$file" || { echo "api/$$file is out of date: run make generate"; exit 1; }; \
	done
	@go mod tidy -diff
	@echo "generated files are up to date"

.PHONY: clients
clients: build ## Generate clients from the contract, compile them, and let them walk through a running server
	@internal/clients/run.sh bin/sochibo

# How long the long forms may take in one package.
SOAK ?= 60m

.PHONY: soak
soak: ## Run the long forms of all experiments, on both engines (SOAK=60m for each package; EXPERIMENT=E51 for one)
	@.ci/postgres
	@SOCHIBO_SOAK=1 go run ./internal/testkit/pgcluster -- go test -p 1 -parallel 1 -count=1 -timeout $(SOAK) -v \
		-run 'Test$(or $(EXPERIMENT),E[0-9])' $$(go list ./internal/... ./cmd/... | grep -v /clients) \
		| grep -E '^(---|===|FAIL|ok|panic)|\{"id":"E-' | grep -vE '^=== (RUN|PAUSE|CONT|NAME)|no tests to run'

.PHONY: sqlmap
sqlmap: build ## Let sqlmap (Debian's package) try every reading route of a throw-away server, on both engines
	@.ci/postgres
	@internal/testkit/sqlmap.sh bin/sochibo
	@go run ./internal/testkit/pgcluster -- internal/testkit/sqlmap.sh bin/sochibo

.PHONY: bench
bench: ## Measure both engines; the figures go into docs/performance.md
	@.ci/postgres
	@go run ./internal/bench

.PHONY: image
image: ## Build the container image (ENGINE=docker, podman or buildah)
	$(or $(ENGINE),$(error no docker, podman or buildah found)) build $(if $(filter-out docker,$(ENGINE)),--format docker) \
		--build-arg VERSION=$(VERSION) --tag $(IMAGE) .

.PHONY: check
check: lint generate-check test ## Am I done? Formatting, lint, generated files and all tests

.PHONY: ci
ci: test generate-check lint clients ## All that .ci/run runs
