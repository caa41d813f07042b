# `make run` and `make test` are all a newcomer needs: Python 3.11 or later and make.
# Everything else is installed into .venv from requirements.lock (hashes checked; uv where present, else pip).

PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out
SCENARIO ?= drugs-minus-two
SEED   ?= 1

BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test test-all test-lowest test-browser lint fmt bench docs lock install clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

run: $(STAMP)  ## install, run the main job, write out/
	$(BIN)/minustwo run $(SCENARIO) --out $(OUT) --seed $(SEED)

test: lint  ## install, then lint, types and the tests (not the slow ones, not the browser)
	$(PYTEST)

test-all: lint  ## the same with the slow tests
	$(PYTEST) -m "not browser"

lint: $(STAMP)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/python -m mypy

fmt: $(STAMP)  ## let ruff put right what it can
	$(BIN)/ruff check --fix .

install: $(STAMP)  ## make .venv

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: Python 3.11 or later is needed, $(PYTHON) is `$(PYTHON) -V 2>&1`; try: make PYTHON=python3.12"; exit 1; }
	@if command -v uv >/dev/null; then \
	  set -ex; \
	  test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV); \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock; \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else \
	  set -ex; \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || \
	    { echo "make: $(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@

lock:  ## make requirements.lock again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --all-extras \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  --upgrade --output-file requirements.lock pyproject.toml

clean:  ## remove what make has made
	rm -rf $(VENV) $(OUT) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
