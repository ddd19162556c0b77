#!/bin/bash
# Puts the shards of a campaign together, in the folder `whole` beside them, and prints the report.
#SBATCH --job-name=mondegreen-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=01:00:00
#SBATCH --output=mondegreen-merge-%j.log
set -u
folder=$1
"${MONDEGREEN:-mondegreen}" merge "$folder"/shard-* -o "$folder/whole"
status=$?
[ "$status" -le 1 ]
