# Two commands are enough: `make demo` builds an interface, `make test` runs every check.
# The first Python on the path that is new enough; `make PYTHON=...` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; \
	done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= auto

.PHONY: demo test test-slow lint format docs benchmarks clean

$(INSTALLED): pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit(f"heterobuild needs Python 3.11 or newer; {sys.executable} is {v[0]}.{v[1]}. Next: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

demo: $(INSTALLED)
	$(BIN)/heterobuild run recipes/cspbbr3-mapbcl3-vertical.yaml --output demo --force
	$(BIN)/python scripts/draw.py demo/cspbbr3-mapbcl3-vertical.extxyz demo/cspbbr3-mapbcl3-vertical.png

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_docstrings.py
	$(BIN)/python scripts/write_sources.py --check
	$(BIN)/python scripts/write_gallery.py --check

test: lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m 'not slow'

test-slow: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m slow

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(INSTALLED)
	$(BIN)/python scripts/write_sources.py
	$(BIN)/python scripts/write_crystal_tables.py
	$(BIN)/python scripts/write_docs.py
	$(BIN)/python scripts/write_gallery.py -j 2

benchmarks: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable '.[benchmarks]'
	$(BIN)/python benchmarks/main_job.py
	$(BIN)/python benchmarks/matching.py
	$(BIN)/python benchmarks/crystals.py
	$(BIN)/python benchmarks/elastic.py
	$(BIN)/python benchmarks/ligands.py
	$(BIN)/python benchmarks/nanocrystals.py
	$(BIN)/python benchmarks/bulk.py

clean:
	rm -rf $(VENV) build dist demo *.egg-info src/*.egg-info
