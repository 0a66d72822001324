# Everything a developer types. Needs only make and Python 3.11 or newer; the rest goes into .venv.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PY := .venv/bin/python
READY := .venv/.ready
DEEP := .venv/.deep
MINUTES ?= 20

.PHONY: help setup demo test check deep bench docs dev

help: ## print this list
	@echo "Authsome. Each target sets up .venv by itself the first time."
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv and install what the lock file names, by hash

# Bootstrapping is a Python script; this only finds a Python that is new enough to run it.
$(READY): requirements/dev.lock pyproject.toml tools/bootstrap.py
	@for python in $$PYTHON python3 python3.11 python3.12 python3.13 python3.14; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec $$python tools/bootstrap.py; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer found. On Debian: apt-get install python3 python3-venv" >&2; \
	echo "Or name one: make setup PYTHON=/path/to/python3.11" >&2; exit 1

# ClickHouse's embedded engine is half a gigabyte, so nothing but `make deep` installs it.
$(DEEP): requirements/deep.lock $(READY)
	@$(PY) tools/bootstrap.py deep

demo: $(READY) ## show an agent's request going through the gateway (ONCE=1: and stop)
	@$(PY) -m authsome.testing.demo $(if $(ONCE),--once)

# In the order of the folders: tests/browser has the longest ones, and a worker that begins them last works alone.
test: $(READY) ## run every test but the deep ones (ARGS="tests/unit -k handle" for some)
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations=15 $(ARGS)

check: $(READY) ## lint, format, types, import directions, shape, generated files, audit of events
	@$(PY) -m tools.check

deep: $(DEEP) ## run the long variants for MINUTES=20: crashes, fuzzing, random seeds, metrics on ClickHouse
	@AUTHSOME_REQUIRE_CHDB=1 AUTHSOME_DEEP_MINUTES=$(MINUTES) \
	  $(PY) -m pytest -m deep -n auto --durations=15 $(ARGS)
	@AUTHSOME_DEEP_MINUTES=$(MINUTES) $(PY) -m pytest -n auto --durations=15 tests/property tests/unit/proxy/http tests/e2e/api/test_openapi.py

bench: $(READY) ## measure, as ratios in one run
	@$(PY) -m bench $(ARGS)

docs: $(READY) ## write the generated pages and dashboards anew
	@$(PY) -m tools.docs

dev: $(READY) ## serve with reload on changes, in a home of its own (.dev)
	@AUTHSOME_HOME=$(CURDIR)/.dev $(PY) -m tools.dev
