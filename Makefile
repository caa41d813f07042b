# `make run` and `make test` are all a newcomer needs: Python 3.11 or later and make.
# Everything else is installed into .venv, whole and without resolving (a lock is complete; a resolver would take what
# is newer next month), hashes checked, with uv where present, else pip: what the command needs from
# requirements-run.lock, and for every other word all the rest from requirements.lock, with the same versions.

PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out
SCENARIO ?= drugs-minus-two
SEED   ?= 1

BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
RUN_STAMP := $(VENV)/.installed-run
LOWEST := .venv-lowest
PYTHON3_11 ?= $(PYTHON)
PYTEST := $(BIN)/python -m pytest
SHARED := --numprocesses auto --dist worksteal  # the processors share the tests

unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes, and each would compile the project anew

.DEFAULT_GOAL := help
.PHONY: help docs notebooks picture run test test-fast test-all test-install test-lowest test-browser mutants lint fmt bench \
  lock install clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

run: $(RUN_STAMP)  ## install, run the main job, write out/
	$(BIN)/minustwo run $(SCENARIO) --out $(OUT) --seed $(SEED)

test: lint  ## install, then lint, types and the tests (not the slow ones, not the browser)
	$(PYTEST) $(SHARED)

test-fast: $(STAMP)  ## under a minute, for a change of a table or a rule: tables, law and structure
	$(PYTEST) $(SHARED) tests/tables tests/guidelines tests/test_architecture.py

test-all: lint  ## the same as test, with the slow tests
	MINUSTWO_FUZZ=2000 $(PYTEST) $(SHARED) -m "not browser"

test-install: $(STAMP)  ## install both locks into fresh environments, with Python's own pip and the newest
	$(PYTEST) -m slow tests/packaging/test_install.py

test-lowest:  ## the tests with the lowest versions the package promises, on Python 3.11
	test -x $(LOWEST)/bin/python || $(PYTHON3_11) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --requirement requirements-lowest.lock
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(LOWEST)/bin/python -m pip --disable-pip-version-check check
	$(LOWEST)/bin/python -m pytest -p no:cacheprovider $(SHARED)

test-browser: $(STAMP)  ## the tests that need Chromium (as root, installs Debian's where there is none)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes chromium >/dev/null; } || \
	  { echo "make: no Chromium here; on Debian: apt-get install chromium"; exit 1; }
	$(PYTEST) -m browser

mutants: $(STAMP)  ## change guidelines at 160 random places and count what the tests notice; takes about an hour
	$(BIN)/python tests/mutants.py

bench: $(STAMP)  ## measure against the floors and the peers; prints ratios, writes bench-results/
	@mkdir -p bench-results
	@for file in benchmarks/[a-z]*.py; do $(BIN)/python $$file --json bench-results/$$(basename $$file .py).json || exit 1; done

docs: $(STAMP)  ## build the documentation into docs/_build/html, running all it shows
	$(BIN)/python -m sphinx --jobs auto --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

notebooks: $(STAMP)  ## run every notebook; writes notebooks/*.ipynb, to open in any Jupyter
	$(BIN)/jupytext --quiet --to ipynb notebooks/*.py
	$(BIN)/jupyter-execute --inplace notebooks/*.ipynb

picture: $(RUN_STAMP)  ## draw the picture of the README anew
	$(BIN)/minustwo run drugs-minus-two --out $(OUT) --seed 1
	cp $(OUT)/pictures/releases_by_month.svg $(OUT)/pictures/releases_by_month.csv docs/picture/

lint: $(STAMP)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/python -m mypy

fmt: $(STAMP)  ## let ruff put right what it can, and write the generated files anew
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .
	$(PYTEST) -q -k 'schema_in_the_folder or was_read' --regenerate

install: $(STAMP)  ## make .venv

$(RUN_STAMP): requirements-run.lock pyproject.toml
	$(call install_from,requirements-run.lock)
	@touch $@

$(STAMP): requirements.lock pyproject.toml
	$(call install_from,requirements.lock)
	@touch $(RUN_STAMP) $@

define install_from
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "make: Python 3.11 or later is needed, $(PYTHON) is `$(PYTHON) -V 2>&1`; try: make PYTHON=python3.12"; exit 1; }
@if command -v uv >/dev/null; then \
  set -ex; \
  test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV); \
  uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --require-hashes --requirement $(1); \
  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
  uv pip check --quiet --python $(BIN)/python; \
else \
  set -ex; \
  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || \
    { echo "make: $(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }; \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $(1); \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
  $(BIN)/python -m pip --disable-pip-version-check check; \
fi
endef

LOCKED := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate

lock:  ## make the locks again with the newest versions (needs uv)
	uv pip compile $(LOCKED) --upgrade --all-extras --output-file requirements.lock pyproject.toml
	printf '%s\n' editables hatchling | uv pip compile $(LOCKED) --upgrade --constraint requirements.lock \
	  --output-file requirements-run.lock pyproject.toml -
	sed -n -E 's/^((editables|hatchling|html5lib|hypothesis|jsonschema|packaging|pytest|pytest-xdist)==[^ ]+).*/\1/p' \
	  requirements.lock | uv pip compile $(LOCKED) --resolution lowest-direct --extra io \
	  --output-file requirements-lowest.lock pyproject.toml -

clean:  ## remove what make has made
	rm -rf $(VENV) $(LOWEST) $(OUT) bench-results dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
