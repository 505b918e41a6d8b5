# `make` alone lists what there is. Works with GNU make 3.81 (macOS) and newer, also in a folder with spaces in its path.

# The first Python on the path that is new enough. Another one: make lab PYTHON=/path/to/python3.12
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; exit; }; done; echo python3)
IN_VENV = .venv/bin/python -m
LAB_FLAGS ?=
LESSON ?=
FROM ?= simulator
LOCK_FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help lab test check record lessons snippets reference bench lock install install-tests

help: ## what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

lab: python-exists ## install, once, and open JupyterLab on the lessons (LAB_FLAGS=... are JupyterLab's own)
	@exec "$(PYTHON)" lab.py $(LAB_FLAGS)

test: check ## prove it all: check, then every test and every lesson
	$(IN_VENV) pytest -n logical

check: install-tests ## the quick part of test: ruff, mypy, secrets
	$(IN_VENV) ruff check
	$(IN_VENV) ruff format --check
	$(IN_VENV) mypy
	$(IN_VENV) pytest -q tests/repo/test_secrets.py

record: install-tests ## record a lesson and write its outputs: make record LESSON=05_tools [FROM=azure]
	$(IN_VENV) tests.notebooks.execute record --from "$(FROM)" $(LESSON)

lessons: install-tests ## run a lesson as it is recorded and write its outputs: make lessons LESSON=05_tools
	$(IN_VENV) tests.notebooks.execute run $(LESSON)

snippets: install-tests ## write the scripts of snippets/ from the lessons' cells
	$(IN_VENV) snippets.generate

reference: install-tests ## write the pages of docs/ that are made from data
	$(IN_VENV) docs.generate

bench: install-tests ## measure, print the table and write it to README and bench/RESULTS.md
	$(IN_VENV) bench

# The tests' lock takes its versions from the lessons' lock, so the two agree.
UV_COMPILE = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml
lock: ## pin the dependencies again, from pyproject.toml (needs uv: pip install uv)
	$(UV_COMPILE) $(LOCK_FLAGS) -o requirements.txt
	$(UV_COMPILE) $(LOCK_FLAGS) --extra test -c requirements.txt -o requirements-test.txt

install: python-exists
	@"$(PYTHON)" lab.py --install

install-tests: python-exists
	@"$(PYTHON)" lab.py --install --tests

.PHONY: python-exists
python-exists:
	@command -v "$(PYTHON)" >/dev/null || { echo "No $(PYTHON) here. The lessons need Python 3.11 or newer: python.org/downloads, \
	or sudo apt install python3 python3-venv, or brew install python." >&2; exit 1; }
