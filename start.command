#!/bin/sh
# Double-click on macOS, or sh start.command: installs once, makes the first map, opens it.
# With a folder wheels beside it (requirements/pack_wheels) no network is needed.
set -e
cd "$(dirname "$0")"
if [ ! -x .venv/bin/maemoh-gis ]; then
  python3 -m venv .venv
  if [ -d wheels ]; then from="--no-index --find-links wheels"; else from=""; fi
  # shellcheck disable=SC2086
  .venv/bin/python -m pip install -q --require-hashes $from -r requirements/run.lock
  .venv/bin/python -m pip install -q --no-deps --no-build-isolation .
fi
[ -f runs/baseline/map.html ] || .venv/bin/maemoh-gis run
if command -v open > /dev/null; then open runs/baseline/map.html; else xdg-open runs/baseline/map.html; fi
