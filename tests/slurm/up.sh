#!/usr/bin/env bash
# A Slurm of one node, without systemd, on loopback only; for the tests. Run as root.
#   D=/empty/folder tests/slurm/up.sh; export SLURM_CONF=/empty/folder/slurm.conf; ...
#   D=/empty/folder tests/slurm/down.sh
set -euo pipefail
D=${D:?set D to an empty folder}; PORT=${PORT:-16817}; CPUS=${CPUS:-$(nproc)}; H=$(hostname -s)
[ -e "$D/slurmctld.pid" ] && { echo "already up in $D (run down.sh)" >&2; exit 1; }
echo $$ > "$D/up.pid"; trap 'rm -f "$D/up.pid"' EXIT                           # down.sh waits for it
mkdir -p "$D"/{munge,state,spool}; chmod 755 "$D"; chmod 700 "$D/munge"; chown munge: "$D/munge"
getent hosts "$H" | grep -q '^127\.' || echo "127.0.0.1 $H" >> /etc/hosts   # srun/slurmd must resolve the host to loopback
mkdir -p "$D/run"; chown munge: "$D/run"; chmod 755 "$D/run"                 # socket dir must be searchable by all
[ -s "$D/munge/key" ] || { (umask 077; head -c 1024 /dev/urandom > "$D/munge/key"); chown munge: "$D/munge/key"; }
cat > "$D/slurm.conf" <<C
ClusterName=ci
SlurmctldHost=$H(127.0.0.1)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=$PORT
SlurmdPort=$((PORT+1))
SrunPortRange=$((PORT+100))-$((PORT+400))
AuthType=auth/munge
AuthInfo=socket=$D/run/munge.sock
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
SlurmctldPidFile=$D/slurmctld.pid
SlurmdPidFile=$D/slurmd.pid
SlurmctldLogFile=$D/slurmctld.log
SlurmdLogFile=$D/slurmd.log
StateSaveLocation=$D/state
SlurmdSpoolDir=$D/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$D/jobcomp.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=3600
KillWait=5
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0
NodeName=$H NodeAddr=127.0.0.1 CPUs=$CPUS RealMemory=$(awk '/MemTotal/{print int($2/1024)-1024}' /proc/meminfo) State=UNKNOWN
PartitionName=ci Nodes=$H Default=YES MaxTime=INFINITE State=UP
C
# the plugin's job step drops SLURM_CONF, so srun inside a job reads the default place only
[ -e /etc/slurm/slurm.conf ] && [ ! -L /etc/slurm/slurm.conf ] && { echo "/etc/slurm/slurm.conf exists" >&2; exit 1; }
mkdir -p /etc/slurm; ln -sfn "$D/slurm.conf" /etc/slurm/slurm.conf
runuser -u munge -- munged --socket="$D/run/munge.sock" --key-file="$D/munge/key" --pid-file="$D/munge/pid" \
  --log-file="$D/munge/log" --seed-file="$D/munge/seed"
export SLURM_CONF=$D/slurm.conf
slurmctld -c -f "$SLURM_CONF"; slurmd -c -f "$SLURM_CONF"
for _ in $(seq 100); do [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && { sinfo; exit 0; }; sleep 0.2; done
echo "Slurm did not become idle" >&2; tail -5 "$D"/slurm{ctld,d}.log >&2; exit 1
