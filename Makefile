# Two commands do all set-up: `make run` starts the product, `make test` runs every test.
# They need Python 3.11–3.13, make and a network to the package registries; nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that fits; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null \
  && { echo $$p; break; }; done)
DEMO ?= 1

.PHONY: help run test bench lint lock clean browser

help:  ## Say what can be made.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

$(VENV)/.complete: requirements.lock requirements-bootstrap.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
	  echo "需要 Python 3.11–3.13 · Python 3.11, 3.12 or 3.13 is needed; found: $$(python3 --version 2>&1 || echo none). PYTHON=/path/to/python chooses one." >&2; exit 2; fi
	@if ! mkdir -p $(VENV) 2>/dev/null || ! [ -w $(VENV) ]; then \
	  echo "此目录不可写 · this folder cannot be written: $(CURDIR)" >&2; exit 2; fi
	@if [ "$$(df -Pm . | awk 'NR==2 {print $$4}')" -lt 3000 ]; then \
	  echo "磁盘空间不足 3 GB · less than 3 GB of disk is free here" >&2; exit 2; fi
	@echo "安装运行环境（锁定并校验哈希）… · installing the environment, locked and hashed…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: $(VENV)/.complete  ## Start everything: Airflow, the pages and, unless DEMO=0, the demonstration district.
	@exec $(BIN)/greenmfg serve $(if $(filter-out 0,$(DEMO)),--demo)

browser:
	@$(BIN)/python tests/browser.py

test: $(VENV)/.complete browser lint  ## Run every check and test.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python tests/postgres.py $(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.complete
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project
	@$(BIN)/greenmfg generate --check

bench: $(VENV)/.complete  ## Measure speed and memory, as ratios in one run.
	@$(BIN)/python -m tests.bench

lock: $(VENV)/.complete  ## Compile the lock anew.
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --group dev \
	  --generate-hashes --no-emit-index-url --quiet --custom-compile-command "make lock" -o requirements.lock
	@grep -A200 '^uv==' requirements.lock | awk 'NR==1 || /^    --hash/ {print; next} {exit}' > requirements-bootstrap.lock

clean:  ## Remove the environment and what builds leave behind. The home folder (var) stays.
	@rm -rf $(VENV) dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache test-artefacts
