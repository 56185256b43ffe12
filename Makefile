# make rehearse: the whole workshop against a Discord on this machine.   make test: everything that must hold.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
OPTIONS ?=

.PHONY: rehearse test clean

rehearse: $(VENV)/.run
	$(BIN)/estrado rehearse $(OPTIONS)

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -W error::SyntaxWarning -m pytest -q -n 3

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build *.egg-info
