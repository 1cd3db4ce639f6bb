#!/usr/bin/env bash
# What the tests need beyond .venv, installed where it can be had; what cannot is said in a line
# and its tests skip. Prints the folder of the CmdStan to use; all else goes to standard error.
set -uo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp); trap 'rm -f "$log"' EXIT

say() { echo "prerequisites: $*" >&2; }

# debian WHAT PROGRAM PACKAGE...: install the packages unless the program is there.
debian() {
  local what=$1 program=$2; shift 2
  PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null && return
  if ! command -v apt-get >/dev/null; then say "no $what: not a Debian-like system"; return; fi
  if [ "$(id -u)" -ne 0 ]; then say "no $what: not root; apt-get install $*"; return; fi
  say "installing $what"
  if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; } \
      >"$log" 2>&1 </dev/null; then
    say "no $what: $(grep '^E:' "$log" | head -n 1 || tail -n 1 "$log")"
  fi
}

axe() {
  cmp -s tests/package-lock.json tests/node_modules/.installed-lock && return
  if ! command -v npm >/dev/null; then say "no axe-core: no npm"; return; fi
  say "installing axe-core"
  if npm ci --prefix tests --silent --no-audit --no-fund --ignore-scripts >"$log" 2>&1 </dev/null; then
    cp tests/package-lock.json tests/node_modules/.installed-lock
  else
    say "no axe-core: $(grep . "$log" | tail -n 1)"
  fi
}

debian Chromium chromium chromium
debian Slurm slurmctld slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge
# The server's programs stand outside of the path.
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':') debian PostgreSQL initdb postgresql
axe
# In the project's own folder: engine `auto` does not look there, so `make` stays as it was.
.venv/bin/python tests/install_cmdstan.py --dir "$PWD/.cmdstan" </dev/null
exit 0
