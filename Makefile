# make demo, make test: each sets the environment up once and then does its work.
PYTHON ?= python3
BIN := .venv/bin

SECONDS_EACH ?= 1200

.PHONY: demo test nightly fuzz lint bench docs sbom licences vulnerabilities lock clean

# Without a resolver: the lock is whole, and pip's own stumbles over extras of a package that is not the newest.
.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps -e .
	touch $@

demo: .venv/.ready
	$(BIN)/zhengji demo

# Hundreds of processes are started: without kept bytecode each compiles the project anew.
test nightly fuzz: export PYTHONDONTWRITEBYTECODE =

test: .venv/.ready
	$(BIN)/python -m pytest -n auto --dist loadgroup

nightly: .venv/.ready
	$(BIN)/python -m pytest -n auto --dist loadgroup -m nightly

# Goes on with the corpus in .fuzz, which is kept out of the repository; see tests/fuzz.
fuzz: .venv/.ready
	$(BIN)/python -m pip install --quiet --no-deps "atheris>=3,<4"
	for one in mail archives word pdf images; do $(BIN)/python -m tests.fuzz $$one --seconds $(SECONDS_EACH) || exit; done

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.ready
	$(BIN)/python -m benchmarks

docs: .venv/.ready
	$(BIN)/python -m reference.findings_page docs/findings.md

sbom: .venv/.ready
	$(BIN)/python -m supply sbom sbom.json

licences: .venv/.ready
	$(BIN)/python -m supply licences

vulnerabilities: .venv/.ready
	$(BIN)/python -m supply vulnerabilities $(OSV)

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --quiet -o requirements.lock

clean:
	rm -rf .venv demo-out
