# Runs one step after another for as long as the job goes on. $1 is the folder that the runner shares.
# A line of `commands` is a step; what becomes of it is said in `answers`.
exec 3<"$1/commands" 4>"$1/answers" || exit 1
nl='
'
leader=
if command -v setsid >/dev/null 2>&1; then leader=setsid; else set -m 2>/dev/null; fi
echo ready >&4
while IFS= read -r line <&3; do
  ( eval "$line" )
  echo "ended $?" >&4
done
