#!/bin/bash
# One shard of a campaign, as a task of an array. What follows the folder is handed to `mondegreen
# campaign`; the shards are put together by merge.sh:
#
#   job=$(sbatch --parsable --array=0-99 scale/slurm/array.sh /shared/night --mutants all --time 8h)
#   sbatch --dependency="afterany:$job" scale/slurm/merge.sh /shared/night
#
# A task that was preempted, or whose node died, is queued again and goes on where its folder stands.
#SBATCH --job-name=mondegreen
#SBATCH --array=0-7
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=512M
#SBATCH --time=09:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=mondegreen-%A_%a.log
set -u
folder=$1
shift
mkdir -p "$folder"
# Not `exec`: a finding is status 1, and no reason to call the task failed. Slurm's TERM reaches the
# program too, which ends with its report.
"${MONDEGREEN:-mondegreen}" campaign "$folder/shard-$SLURM_ARRAY_TASK_ID" \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" "$@"
status=$?
[ "$status" -le 1 ]
