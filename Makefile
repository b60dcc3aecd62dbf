# Everything Wuzha can do from a checkout. `make` alone says what there is.
# Needs make and Python 3.11 or later; the rest is fetched into .venv at the first use.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PORT ?= 8000
BIN := .venv/bin
RUN_READY := .venv/.stamp-run
DEV_READY := .venv/.stamp-dev
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard src/wuzha/web/locale/*/LC_MESSAGES/*.po))
CODE := src tests scripts

export DJANGO_SETTINGS_MODULE := wuzha.settings

##@ Use

.PHONY: run
run: $(RUN_READY) $(CATALOGUES) ## Set up, load the sample county and serve the site (PORT=8000)
	@$(BIN)/wuzha demo
	@exec $(BIN)/wuzha serve --port $(PORT)

.PHONY: demo
demo: $(RUN_READY) $(CATALOGUES) ## Prepare the database and the sample county without serving
	@$(BIN)/wuzha demo

.PHONY: install
install: $(RUN_READY) $(CATALOGUES) ## What serving needs, nothing more (docs/deploy.md)

##@ Check

# The tests start hundreds of processes; a shell that forbids compiled files would have each compile everything anew.
test test-postgresql: export PYTHONDONTWRITEBYTECODE :=

.PHONY: test
test: $(DEV_READY) $(CATALOGUES) browser java office services ## Set up and run every test, the browser journeys last
	@$(BIN)/pytest -n 2 -m "not browser"
	@$(BIN)/pytest -n 2 --dist loadfile tests/e2e

.PHONY: test-postgresql
test-postgresql: $(DEV_READY) $(CATALOGUES) ## Run the tests of the pages and of survival on a PostgreSQL of their own
	@scripts/bootstrap database
	@scripts/postgresql $(BIN)/pytest -n 2 tests/survival tests/web -m "not browser"

.PHONY: check
check: static test ## All that must hold before a merge; .ci/run calls this
	@$(MAKE) --no-print-directory test-postgresql

# The types take as long as all the others together and one processor, so they are looked at beside them.
.PHONY: static
static: $(DEV_READY) audit-offline ## All that is checked without running anything
	@$(BIN)/mypy & types=$$!; \
	$(MAKE) --no-print-directory lint contracts migrations messages; others=$$?; \
	wait $$types && exit $$others

.PHONY: lint
lint: $(DEV_READY) ## Style and formatting
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)

.PHONY: types
types: $(DEV_READY) ## Types, strict
	@$(BIN)/mypy

.PHONY: contracts
contracts: $(DEV_READY) ## Which package may import which
	@$(BIN)/lint-imports

.PHONY: migrations
migrations: $(DEV_READY) ## No model change without its migration
	@$(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

.PHONY: messages
messages: $(DEV_READY) ## Every sentence of the pages is translated into Chinese
	@$(BIN)/python scripts/messages.py check

.PHONY: audit
audit: $(DEV_READY) ## Packages: hashes, licences, what is imported, and known weaknesses (asks the advisory service)
	@$(BIN)/python scripts/audit.py

.PHONY: audit-offline
audit-offline: $(DEV_READY)
	@$(BIN)/python scripts/audit.py --offline

.PHONY: bench
bench: $(DEV_READY) $(CATALOGUES) ## Benchmarks, kept apart from the tests
	@$(BIN)/pytest -s -o python_files='bench_*.py' tests/bench
	@scripts/postgresql --durable $(BIN)/pytest -s -o python_files='bench_*.py' tests/bench/bench_intake.py tests/bench/bench_live.py

# Ten minutes each on a machine that does nothing else; LOAD="--minutes 1 --users 200" is a first try.
.PHONY: load
load: $(DEV_READY) $(CATALOGUES) ## A county's day of 2,000 users against a running site, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.load $(LOAD)
	@scripts/postgresql --durable $(BIN)/python -m tests.load $(LOAD)

##@ Work on it

.PHONY: setup
setup: $(DEV_READY) $(CATALOGUES) ## Everything needed to work on the code

.PHONY: format
format: $(DEV_READY) ## Put the code into the house format
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

.PHONY: catalogue
catalogue: $(DEV_READY) ## Bring the message catalogue up to date with code and templates
	@$(BIN)/python scripts/messages.py update

.PHONY: access
access: $(DEV_READY) $(CATALOGUES) ## Write docs/access.md from the table of who may what
	@$(BIN)/python scripts/access.py

.PHONY: screens
screens: $(DEV_READY) $(CATALOGUES) browser ## Take the screenshots of the documentation
	@$(BIN)/python scripts/screens.py

.PHONY: vendor
vendor: $(DEV_READY) ## Copy the front-end files of package-lock.json into static/vendor (needs npm)
	@npm ci --ignore-scripts
	@$(BIN)/python scripts/vendor.py

.PHONY: bundle
bundle: $(DEV_READY) $(CATALOGUES) ## One file that installs Wuzha on a machine without a network: dist/wuzha-bundle.tar
	@scripts/bundle dist

.PHONY: browser
browser: $(DEV_READY)
	@scripts/bootstrap browser

.PHONY: java
java: $(DEV_READY)
	@scripts/bootstrap java

.PHONY: office
office: $(DEV_READY)
	@scripts/bootstrap office

.PHONY: services
services: $(DEV_READY)
	@scripts/bootstrap services

.PHONY: clean
clean: ## Remove what was built; the data folder stays
	@rm -rf .venv node_modules dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -f src/wuzha/web/locale/*/LC_MESSAGES/*.mo

.PHONY: help
help: ## This text
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp is newer than the lock when the environment holds what the lock says.
$(RUN_READY): pyproject.toml uv.lock scripts/bootstrap
	@scripts/bootstrap run
	@touch $@

$(DEV_READY): pyproject.toml uv.lock scripts/bootstrap
	@scripts/bootstrap dev
	@touch $(RUN_READY) $@

%.mo: %.po | $(RUN_READY)
	@$(BIN)/pybabel --quiet compile -i $< -o $@
