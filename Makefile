# Every target, and what it is for: `make help`. Needs Python 3.11 or newer; everything else goes into .venv.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOG := $(VENV)/setup.log
BENCHED := $(VENV)/bench/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --retries 2
BENCH_PIP := $(VENV)/bench/bin/python -m pip --disable-pip-version-check --no-input --retries 2
PIP_LOCK := $(VENV)/pip.lock
# The lines of one package's version and hashes, in a lock of its own.
PIP_OF_LOCK := sed -n '/^pip==/,/[^\\]$$/p' requirements-dev.lock >$(PIP_LOCK)
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-annotate --quiet

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY) ## make .venv from the locks; at once when nothing has changed

$(READY): requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Tallywire needs Python 3.11 or newer, and '$(PYTHON)' is not: name another, such as 'make setup PYTHON=python3.12'." >&2; exit 1; }
	@echo "Setting up $(VENV) from the locks: a minute or two, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		echo "No virtual environment could be made in this folder: see that it is writable and that '$(PYTHON) -m venv' works." >&2; exit 1; }
	@{ $(PIP_OF_LOCK) && $(PIP) install --require-hashes -r $(PIP_LOCK) \
		&& $(PIP) install --require-hashes -r requirements.lock \
		&& $(PIP) install --require-hashes -r requirements-dev.lock \
		&& PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) install --no-deps --no-build-isolation --editable .; } >$(LOG) 2>&1 || { \
		echo "The packages could not be installed: see that the package registry can be reached, and run it again; pip's own words are in $(LOG)." >&2; exit 1; }
	@touch $@

.PHONY: run
run: setup ## start everything on the embedded broker and show it work; Ctrl-C ends it
	@exec $(BIN)/tallywire up

.PHONY: test
test: setup ## all tests, with coverage shown
	@$(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=term

.PHONY: lint
lint: setup ## style, types, layers, generated files, deployment
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m schemas.generate --check
	@deploy/check $(BIN)

.PHONY: format
format: setup ## let ruff put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: schemas
schemas: setup ## write the contract's JSON Schemas and AsyncAPI document, and the reference pages, again
	@$(BIN)/python -m schemas.generate
	@$(BIN)/python -m tests.house.reference

.PHONY: bench
bench: setup $(BENCHED) ## measure: what a message costs here and elsewhere, the pipeline, a rebuild (10 minutes)
	@$(BIN)/python -m tests.bench $(PART)

# What the bench compares with wants older libraries than the services have, so it lives in an environment of its own; without the
# registry the bench goes without it, and says so.
$(BENCHED): requirements-bench.lock
	@echo "Setting up what the bench compares with: half a minute, once."
	@{ $(PYTHON) -m venv $(VENV)/bench && $(PIP_OF_LOCK) \
		&& $(BENCH_PIP) install --require-hashes -r $(PIP_LOCK) && $(BENCH_PIP) install --require-hashes -r requirements-bench.lock && touch $@; } >$(LOG) 2>&1 || { \
		rm -rf $(VENV)/bench; echo "It could not be installed; the bench goes without it. pip's own words are in $(LOG)." >&2; }

.PHONY: chaos
chaos: setup ## break everything that may break, on three brokers, and check that nothing is lost or told twice (40 minutes)
	@$(BIN)/python -m pytest tests/chaos -m chaos --durations=0 --durations-min=1

.PHONY: chaos-quick
chaos-quick: setup ## the same, a selection of five minutes
	@$(BIN)/python -m pytest tests/chaos -m "chaos and quick" --durations=0 --durations-min=1

.PHONY: wheel-test
wheel-test: setup ## build the wheel and run the fast tests against it, away from this checkout
	@.ci/wheel-test $(BIN)

.PHONY: lock
lock: setup ## resolve the dependencies of pyproject.toml anew into the locks
	@$(COMPILE) -o requirements.lock
	@$(COMPILE) --group dev -o requirements-dev.lock
	@$(COMPILE) --group bench -o requirements-bench.lock

.PHONY: clean
clean: ## remove what was built and cached here, .venv included
	rm -rf $(VENV) .cache .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
