#!/usr/bin/env bash
# tests/python.sh: the Python client (clients/python) against real servers of the release build.
set -u
cd "$(dirname "$0")/.." || exit 1
export MAINSTAY=${MAINSTAY:-$PWD/build/mainstay} PYTHONDONTWRITEBYTECODE=1
unset MAINSTAY_URL MAINSTAY_TOKEN MAINSTAY_TOKEN_FILE
exec python3 tests/python/test_client.py
