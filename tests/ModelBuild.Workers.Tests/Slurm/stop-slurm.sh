#!/usr/bin/env bash
# Ends what start-slurm.sh started in FOLDER: jobs first, then the daemons by their pid files, and waits until they are gone.
dir=$(realpath -m "$1")
export SLURM_CONF=$dir/slurm.conf
timeout 5 scancel --me 2>/dev/null
sleep 1
pids=()
for file in "$dir"/run/slurmctld.pid "$dir"/run/slurmd.*.pid "$dir"/run/munged.pid; do
  [ -f "$file" ] && pid=$(cat "$file") && [ -n "$pid" ] && kill "$pid" 2>/dev/null && pids+=("$pid")
done
for _ in $(seq 30); do
  alive=0
  for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null && alive=1; done
  [ $alive = 0 ] && exit 0
  sleep 0.5
done
for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null; done
