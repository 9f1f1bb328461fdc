# Daily work; the same commands as continuous integration. `just` alone lists them.

default:
    @just --list

# Build .venv with everything the tests need.
prepare:
    sh -c '. .ci/prepare.sh; prepare_venv requirements/test.txt'

# Everyday tests with lint and types; `just test --all` for every tier.
test *ARGS:
    ./test {{ARGS}}

# Lint, types and import layers alone.
lint:
    .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports --no-logo

# Put every file into the house's form.
format:
    .venv/bin/ruff format . && .venv/bin/ruff check --fix .

# See it at work.
demo *ARGS:
    ./demo {{ARGS}}

# Every figure of the README.
benchmark:
    .venv/bin/python -m benchmarks.filing
    .venv/bin/python -m benchmarks.filing_simulated
    .venv/bin/python -m benchmarks.understanding
    .venv/bin/python -m benchmarks.matching
    .venv/bin/python -m benchmarks.pipeline
    .venv/bin/python -m benchmarks.reading --picture docs/pictures/reading-frontier.svg
    .venv/bin/python -m benchmarks.reading --reading fast --overhead
    .venv/bin/python -m benchmarks.screens
    .venv/bin/python -m benchmarks.search_engines

# The pictures of README and manual, from the running demo.
pictures:
    .venv/bin/python -m benchmarks.pictures

# Pin all requirements anew (hashes, no index addresses).
lock:
    .venv/bin/uv pip compile -q --generate-hashes --no-annotate --no-header --no-emit-index-url --universal --python-version 3.11 --extra build pyproject.toml -o requirements/main.txt
    .venv/bin/uv pip compile -q --generate-hashes --no-annotate --no-header --no-emit-index-url --universal --python-version 3.11 --extra build --extra test -c requirements/main.txt pyproject.toml -o requirements/test.txt
    .venv/bin/uv pip compile -q --generate-hashes --no-annotate --no-header --no-emit-index-url --universal --python-version 3.11 requirements/rivals.in -o requirements/rivals.txt
    grep -A200 '^uv==' requirements/main.txt | awk 'NR>1 && !/^    /{exit} {print}' > requirements/uv.txt
