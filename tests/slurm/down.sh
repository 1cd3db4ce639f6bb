#!/usr/bin/env bash
# Stop what up.sh started: cancel the jobs, then end the daemons by their recorded process ids.
set -u
D=${D:?set D to an empty folder}; export SLURM_CONF=$D/slurm.conf
up=$(cat "$D/up.pid" 2>/dev/null) && for _ in $(seq 200); do kill -0 "$up" 2>/dev/null || break; sleep 0.2; done
scancel -u root 2>/dev/null; for _ in $(seq 50); do [ -z "$(squeue -h 2>/dev/null)" ] && break; sleep 0.2; done
for f in slurmd.pid slurmctld.pid munge/pid; do
  p=$(cat "$D/$f" 2>/dev/null) || continue
  kill "$p" 2>/dev/null; for _ in $(seq 75); do kill -0 "$p" 2>/dev/null || break; sleep 0.2; done
  kill -0 "$p" 2>/dev/null && { echo "$f: pid $p still there, KILL" >&2; kill -9 "$p"; }
  rm -f "$D/$f"
done
# one that was interrupted before it had written its process id
for p in $(pgrep -f -- "$D/(slurm\.conf|run/munge\.sock)"); do kill -9 "$p"; done
[ "$(readlink /etc/slurm/slurm.conf)" = "$D/slurm.conf" ] && rm -f /etc/slurm/slurm.conf
rm -rf "$D/state" "$D/spool" "$D/run"
