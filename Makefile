# Two commands: `make demo` and `make test`. They need python3 (3.11 or later, with venv and pip) and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= auto

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := install --quiet --require-hashes --no-deps --requirement
COMPILE := $(UV) pip compile pyproject.toml --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-annotate --quiet \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: demo test lint lock bench docs wheel clean help oracles

help:
	@echo "make demo    install from the lock, run the first study, say where its report is"
	@echo "make test    run all tests"
	@echo "make oracles install other programs, so that make test compares ours with them"
	@echo "make lint    formatting, lint rules, types, the direction of imports"
	@echo "make docs    write again what is generated: docs/validation.md"
	@echo "make bench   measure start, memory and a large study"
	@echo "make wheel   build dist/*.whl"
	@echo "make lock    choose the pinned versions anew (needs uv)"
	@echo "make clean   remove the environment and everything that was made"

demo: $(VENV)/.runtime
	@$(BIN)/remission demo

test: $(VENV)/.test
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(VENV)/.lint
	@failed=; for step in "ruff check ." "ruff format --check ." "mypy" "lint-imports"; do \
		echo "$$step"; $(BIN)/$$step || failed="$$failed [$$step]"; \
	done; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

docs: $(VENV)/.runtime
	$(BIN)/python tools/make_validation.py

bench: $(VENV)/.runtime
	$(BIN)/python benchmarks/run.py

wheel: $(VENV)/.runtime
	$(BIN)/python -m hatchling build --target wheel

lock:
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --extra test --constraint requirements.lock --output-file requirements-test.lock
	$(COMPILE) --group build --extra test --extra lint --constraint requirements-test.lock --output-file requirements-lint.lock
	$(COMPILE) --group build --extra test --extra oracles --constraint requirements-lint.lock --output-file requirements-oracles.lock

clean:
	rm -rf $(VENV) remission-demo dist build htmlcov .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache studies/*/out
	find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +

# A stamp says which lock an environment was made from: a second call installs nothing.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "remission needs Python 3.11 or later; $(PYTHON) is: $$($(PYTHON) --version 2>&1)."; \
		echo "Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "$(PYTHON) comes without venv or pip. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements.lock pyproject.toml
	$(PIP) $(LOCKED) requirements.lock
	$(PIP) install --quiet --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements-test.lock
	$(PIP) $(LOCKED) requirements-test.lock
	@touch $@

# other programs beside ours: with them in the environment, `make test` runs tests/golden/test_oracle_*.py too
oracles: $(VENV)/.oracles

$(VENV)/.oracles: $(VENV)/.test requirements-oracles.lock
	$(PIP) $(LOCKED) requirements-oracles.lock
	@touch $@

$(VENV)/.lint: $(VENV)/.test requirements-lint.lock
	$(PIP) $(LOCKED) requirements-lint.lock
	@touch $@
