# Every word here is also what CI says; `make check` before a commit, `make test` before a merge.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

.PHONY: demo test check fmt drill coverage browser advisories lock clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

demo: $(VENV)/runtime.stamp
	@exec $(BIN)/python manage.py demo

test: $(VENV)/dev.stamp
	@exec $(BIN)/python bin/verify.py

check: $(VENV)/dev.stamp
	@exec $(BIN)/python bin/verify.py --quick

browser: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -m browser tests/browser

drill: $(VENV)/dev.stamp
	$(BIN)/python bin/with_postgres.py $(BIN)/python -m pytest -m drill

coverage: $(VENV)/dev.stamp
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --cov --cov-report=
	$(BIN)/python bin/with_postgres.py $(BIN)/python -m pytest -n 2 --cov --cov-append --cov-report=
	$(BIN)/coverage report

fmt: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .
	$(BIN)/djangofmt --quiet templates

advisories: $(VENV)/dev.stamp
	$(BIN)/pip-audit --no-deps --disable-pip --requirement requirements.lock

lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	build/lock/bin/pip freeze --exclude-editable > requirements.lock
	rm -rf build/lock

clean:
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

$(VENV)/runtime.stamp: pyproject.toml requirements.lock
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp
	@echo "Installing the tools ..."
	@$(PIP) --editable '.[dev]'
	@touch $@
