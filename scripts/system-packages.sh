#!/usr/bin/env bash
# What the tests need and npm does not bring: a browser, in which the HTML report is opened. Installs it where that is
# possible without a question, and otherwise says what is missing. Never fails: the tests that need it skip by name.
set -uo pipefail

if [ -x /usr/bin/chromium ]; then
  exit 0
fi
missing="no /usr/bin/chromium: the test of the HTML report in a browser will be skipped"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || ! grep -qs '^ID=debian' /etc/os-release; then
  echo "$missing (Debian: apt-get install chromium)" >&2
  exit 0
fi
echo "installing Chromium for the test of the HTML report" >&2
export DEBIAN_FRONTEND=noninteractive
log="$(mktemp)"
if ! { apt-get update && apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
  echo "$missing; apt-get said:" >&2
  tail -n 5 "$log" >&2
fi
rm -f "$log"
