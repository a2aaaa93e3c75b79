#!/usr/bin/env bash
# Runs every notebook from its first cell to its last and fails when a cell fails. Writes the notebook as run and a page
# to out/notebooks/. With --store, keeps the outputs of this run in notebooks/ as well.
#
#     npm run notebooks
#     npm run notebooks -- --store
set -euo pipefail
cd "$(dirname "$0")/.."

needed='apt-get install jupyter-nbconvert jupyter-client python3-ipykernel librsvg2-bin'
if ! jupyter nbconvert --version >/dev/null 2>&1; then
  echo "notebooks: jupyter nbconvert is not installed; on Debian: $needed" >&2
  exit 1
fi
if [ ! -x node_modules/.bin/deno ]; then
  echo 'notebooks: node_modules/.bin/deno is not there; npm ci installs it' >&2
  exit 1
fi

export JUPYTER_PATH="$PWD/notebooks/.jupyter"
# Else the kernel writes colour codes into the notebook.
export NO_COLOR=1
out=out/notebooks
mkdir -p "$out"

for notebook in notebooks/*.ipynb; do
  echo "notebooks: $notebook"
  # Times of execution would make each run's file another one.
  jupyter nbconvert --log-level=WARN --to notebook --execute --ExecutePreprocessor.record_timing=False \
    --output-dir "$out" "$notebook"
  executed="$out/$(basename "$notebook")"
  jupyter nbconvert --log-level=WARN --to html "$executed"
  if [ "${1:-}" = --store ]; then cp "$executed" "$notebook"; fi
done
