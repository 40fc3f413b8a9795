# Recoup. `make run` starts it, `make test` tests it; each installs what it needs first.
#
#   make run         the whole system on this machine: database, sample portfolio, night, web, worker
#   make test        the tests (ARGS='tests/core -x' chooses; WORKERS=4 for more at once)
#   make check       format, lint, types, arrows, migrations, catalogues
#   make bench       what we claim about speed, measured anew (BENCH_SIZES=100000,1000000,3000000)
#   make sbom        what it is made of, as CycloneDX: var/sbom.cdx.json
#   make audit       whether a locked package is known to be weak (RECOUP_OSV_URL: a mirror;
#                    FEED=file: an OSV feed on this machine, without a network)
#   make fuzz        the API against its own description, 500 examples an operation
#   make lock        resolve requirements/*.in anew into the hashed locks
#   make format      put the code into the house's format
#   make clean       remove the sample's data and caches (asks nothing: var/ is lost)
#
# PYTHON names the interpreter (3.11 or newer), RECOUP_DATABASE_URL another PostgreSQL (15 or newer),
# RECOUP_PORT the port (8000).

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
ARGS ?=

export RECOUP_VENV := $(abspath $(VENV))
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1
BIN := $(VENV)/bin
LOCK := $(RECOUP_VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test check bench sbom audit fuzz lock format clean base dev browser

help:
	@sed -n 's/^# \{0,1\}//p' Makefile

base:
	@$(PYTHON) requirements/install.py base

dev:
	@$(PYTHON) requirements/install.py dev

run: base
	@$(BIN)/python -m recoup run

browser: dev
	@$(BIN)/python requirements/browser.py

test: dev browser
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m recoup.foundation.catalogues
	$(BIN)/python -m recoup manage makemigrations --check --dry-run

bench: dev
	@$(BIN)/python -m bench.report

sbom: dev
	@$(BIN)/python requirements/sbom.py

audit: dev
	@$(BIN)/python requirements/audit.py $(if $(FEED),--feed $(FEED))

fuzz: dev
	@RECOUP_FUZZ_EXAMPLES=500 $(BIN)/python -m pytest -n $(WORKERS) tests/interfaces/api/test_schema.py

lock: dev
	cd requirements && $(LOCK) bootstrap.in -o bootstrap.lock.txt
	cd requirements && $(LOCK) base.in -o base.lock.txt
	cd requirements && $(LOCK) -c base.lock.txt dev.in -o dev.lock.txt
	cd requirements && $(LOCK) browser.in -o browser.lock.txt

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	@[ ! -e var/run.lock ] || flock -n var/run.lock true || { echo "Recoup is running: end it first."; exit 1; }
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
