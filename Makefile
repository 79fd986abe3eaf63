# AQAD's commands. They need Python 3.11 or newer and make; everything else is fetched into .venv and var.
.DEFAULT_GOAL := help
.PHONY: help run test check story manage bench screenshots pins clean environment

# The first Python that is new enough and can make environments; `make PYTHON=… run` chooses another.
CANDIDATES := python3 python3.11 python3.12 python3.13 python3.14 python
NEW_ENOUGH := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in $(CANDIDATES); do $$each -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$each && break; done)
RUNNER := .venv/bin/python -m aqad.runner
ARGS ?=

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: environment ## start AQAD with everything it needs; Ctrl-C stops it, the data stays in var
	@$(RUNNER) run

test: development ## run the test suite on throwaway servers; ARGS="-k orders -x" goes to pytest
	@$(RUNNER) test $(ARGS)

check: development ## linters, types, import rules, migrations, deployment settings
	@$(RUNNER) check

story: environment ## play the whole story over HTTP against a running AQAD
	@.venv/bin/python -m aqad.story $(ARGS)

manage: environment ## run a manage.py command on the data of `make run`: ARGS="reconcile --fail"
	@$(RUNNER) manage $(ARGS)

bench: development ## how fast AQAD is, beside references and django-oscar; ARGS="--products 1000000 --alone"
	@.venv/bin/python -m bench $(ARGS)

screenshots: development ## every page as a picture into var/screenshots; ARGS=http://127.0.0.1:8000 uses a running AQAD
	@.venv/bin/python -m tests.browser.screenshots $(ARGS)

pins: development ## resolve requirements/*.in again, keeping the versions that still fit
	@$(RESOLVE) requirements/runtime.in --output-file requirements.txt
	@$(RESOLVE) requirements/local.in --output-file requirements-local.txt
	@$(RESOLVE) requirements/dev.in --output-file requirements-dev.txt
RESOLVE = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --annotation-style=line --no-header

clean: ## remove .venv and var: the environment and all data
	@echo "Removing .venv and var: the environment and all data made here."
	@if [ -L var/postgres ]; then rm -rf "$$(readlink -f var/postgres)"; fi
	@rm -rf .venv var

.PHONY: python development
environment: python
	@$(PYTHON) aqad/runner/install.py requirements.txt requirements-local.txt

development: python
	@$(PYTHON) aqad/runner/install.py requirements.txt requirements-local.txt requirements-dev.txt

python:
	@test -n "$(PYTHON)" || { echo "AQAD needs Python 3.11 or newer with its venv module" \
		"(on Debian: apt install python3 python3-venv)."; exit 1; }
