#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cluster.sh PROGRAM: a scan in shards by GNU parallel, and by a real Slurm of which a node is killed on the
# way; each report must be the single run's. Needs root, slurm-wlm, munge and parallel; says so when they
# are not there.
set -u
LASTWORDS=$(realpath "$1")
export LASTWORDS
top=$(pwd)
for tool in parallel slurmctld slurmd sbatch munged; do
    command -v $tool > /dev/null && continue
    echo "check-cluster: skipped: there is no $tool (apt install slurm-wlm munge parallel)"
    exit 0
done
[ "$(id -u)" = 0 ] || { echo "check-cluster: skipped: starting a Slurm of one's own needs root"; exit 0; }
work=$(mktemp -d)
pids=
stop() {
    for pid in $pids; do kill "$pid" 2> /dev/null; done
    sleep 1
    for pid in $pids; do kill -9 "$pid" 2> /dev/null; done
    rm -rf "$work"
}
trap stop EXIT
failed=0
same() { if cmp -s "$1" "$2"; then echo "check-cluster: $3: identical to the single run"; else echo "FAILED: $3 differs"; failed=1; fi; }

python3 - "$top/tests/bench" "$work/lab" << 'EOF'
import sys
sys.path.insert(0, sys.argv[1])
sys.argv, root = ["scan.py"], sys.argv[2]
import scan
filler = scan.body(20_000)
for number in range(600):
    scan.write_vm(root, number, filler, scan.failing(number))
EOF
shards=32
"$LASTWORDS" scan --run-time none --ndjson "$work/single.ndjson" "$work/lab" > "$work/single.txt"
"$LASTWORDS" plan --shards $shards -o "$work/plan" "$work/lab"

mkdir "$work/out-parallel" "$work/out-slurm"
seq 0 $((shards - 1)) | parallel -j 2 --joblog "$work/jobs" --resume \
    sh "$top/packaging/slurm/map.sh" "$work/plan" "$work/out-parallel" {} 2> "$work/parallel.err"
sh packaging/slurm/reduce.sh "$work/out-parallel" --run-time none --ndjson "$work/p.ndjson" > "$work/p.txt"
same "$work/single.ndjson" "$work/p.ndjson" "GNU parallel, $shards shards"

host=$(hostname -s)
conf=$work/slurm.conf
cat > "$conf" << EOF
ClusterName=t
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmdPidFile=$work/d-%n.pid
SlurmctldPidFile=$work/ctld.pid
SlurmctldPort=17000
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17002] CPUs=1 RealMemory=500
PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
export SLURM_CONF="$conf"
mkdir -p "$work/state" /run/munge
chown munge /run/munge
if ! pgrep -x munged > /dev/null; then
    runuser -u munge -- munged
    pids="$pids $(cat /run/munge/munged.pid)"
fi
slurmctld -D -f "$conf" > "$work/ctld.log" 2>&1 & pids="$pids $!"
slurmd -D -f "$conf" -N n1 > "$work/n1.log" 2>&1 & pids="$pids $!"
slurmd -D -f "$conf" -N n2 > "$work/n2.log" 2>&1 & lost=$!
sleep 4
job=$(sbatch --parsable --requeue --array="0-$((shards - 1))" --output=/dev/null \
    --wrap "sh '$top/packaging/slurm/map.sh' '$work/plan' '$work/out-slurm' \$SLURM_ARRAY_TASK_ID") ||
    { tail -5 "$work"/*.log; echo "FAILED: sbatch"; exit 1; }
sleep 3
kill -9 $lost
scontrol update nodename=n2 state=down reason=killed
sleep 2
slurmd -D -f "$conf" -N n2 > "$work/n2.log" 2>&1 & pids="$pids $!"
sleep 1
scontrol update nodename=n2 state=resume 2> /dev/null
i=0
while [ $i -lt 120 ] && squeue -h -j "$job" 2> /dev/null | grep -q .; do sleep 1; i=$((i + 1)); done
sh packaging/slurm/reduce.sh "$work/out-slurm" --run-time none --ndjson "$work/s.ndjson" > "$work/s.txt"
same "$work/single.ndjson" "$work/s.ndjson" "Slurm, $shards tasks, one of two nodes killed ($(ls "$work/out-slurm" | wc -l) shards)"
exit $failed
