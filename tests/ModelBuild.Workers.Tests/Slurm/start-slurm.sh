#!/usr/bin/env bash
# Starts a Slurm of two nodes, n1 and n2, on this machine and on loopback, with all its files in one folder. It needs Debian's slurmctld, slurmd, slurm-client and
# munge, and neither systemd nor cgroups.
#   start-slurm.sh FOLDER        prints the path of slurm.conf
#   stop-slurm.sh FOLDER
set -euo pipefail
dir=$(realpath -m "$1")
host=$(hostname -s)
# Linux gives ports from 32768 on to connections that ask for any port.
base=$((20000 + RANDOM % 12000))
memory=$(slurmd -C | sed -n 's/.*RealMemory=\([0-9]*\).*/\1/p')
mkdir -p "$dir"/{munge,state,log,run}
chmod 755 "$dir" "$dir/run"
chmod 700 "$dir/munge"

# The folder lies in one that everybody may write to, so munged needs --force.
(umask 077; head -c 1024 /dev/urandom > "$dir/munge/key")
munged --force --key-file="$dir/munge/key" --socket="$dir/run/munge.socket" --pid-file="$dir/run/munged.pid" \
  --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed" --num-threads=2 2>> "$dir/log/munged.err"

cat > "$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$base
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool.%n
TmpFS=$dir/tmp.%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd.%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=10
InactiveLimit=0
KillWait=5
MinJobAge=3600
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=2
JobRequeue=1
SlurmdParameters=config_overrides
CONF
# Each node has four cores, whatever the machine has, so that eight workers run at a time.
for n in 1 2; do
  echo "NodeName=n$n NodeHostname=$host NodeAddr=127.0.0.1 Port=$((base + n)) CPUs=4 RealMemory=$((memory / 2)) State=UNKNOWN" >> "$dir/slurm.conf"
done
echo "PartitionName=test Nodes=n[1-2] Default=YES MaxTime=60 State=UP" >> "$dir/slurm.conf"
# Slurm 22.05 needs a cgroup plugin also where no cgroup is used. From 23.02 there is the value "disabled".
case $(slurmd -V) in *" 2"[0-2].*) plugin=cgroup/v1 ;; *) plugin=disabled ;; esac
echo "CgroupPlugin=$plugin" > "$dir/cgroup.conf"

export SLURM_CONF=$dir/slurm.conf
slurmctld
for n in 1 2; do
  mkdir -p "$dir/spool.n$n" "$dir/tmp.n$n"
  slurmd -N "n$n"
done
for _ in $(seq 120); do
  [ "$(sinfo -h -t idle -o %D 2>/dev/null || true)" = 2 ] && { echo "$SLURM_CONF"; exit 0; }
  sleep 0.5
done
echo "start-slurm: the nodes did not come up in a minute. $dir/log has the reasons." >&2
exit 1
