#!/usr/bin/env bash
# What a one-shot `kewen ask` costs with an index that is there: beside `rg` over the same notes, in one interleaved run, and in
# instructions, which do not depend on what else the machine does.
#
#   benches/cold-start.sh [NOTES [WORD [QUESTION]]]      measures; by default over the sample notes
#   benches/cold-start.sh --check                        holds the instructions against benches/instructions.toml
#   benches/cold-start.sh --save                         writes them there
#
# KEWEN (a program, default target/release/kewen) and RUNS (default 60) are read from the environment. rg and valgrind are used
# when they are there; --check and --save need valgrind.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
kewen=$(realpath "${KEWEN:-$root/target/release/kewen}")
runs=${RUNS:-60}
figures=$root/benches/instructions.toml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# One environment for all machines: no settings, no rules of git's, always the same locale.
alone() { env -i PATH="$PATH" HOME="$folder" LC_ALL=C.UTF-8 "$@"; }

# Instructions of a command line, all threads together.
instructions() {
  alone valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}

# The least of three, since threads that wait for each other count their looking.
least_instructions() {
  for _ in 1 2 3; do instructions "$@"; done | sort -n | head -1
}

# Wall time of a command in microseconds, output thrown away.
microseconds() {
  local began=${EPOCHREALTIME/./}
  "$@" >/dev/null 2>&1 || true
  echo $((${EPOCHREALTIME/./} - began))
}

# Median and ninth decile of a file of numbers, in milliseconds.
spread() {
  sort -n "$1" | awk '{ a[NR] = $1 } END { printf "median %.2f ms, p90 %.2f ms", a[int((NR + 1) / 2)] / 1000, a[int((NR * 9 + 9) / 10)] / 1000 }'
}

# The cold path of the figures: the sample notes, a question with an answer, one with a slip, and one that is not answered.
cold_paths() {
  cp -r "$root/corpus" "$folder/notes"
  cd "$folder"
  "$kewen" index --notes notes --index index >/dev/null || return
  printf 'answer\tkube-proxy 是干啥用的\nslip\tkubernets 怎么布署\nnothing\t红烧肉要炖多久\n' | while IFS=$'\t' read -r name question; do
    printf '%s = %s\n' "$name" "$(least_instructions "$kewen" ask --notes notes --index index "$question")"
  done
}

# Says how far each figure is from the saved one, and fails when one has grown by more than the tolerance.
check() {
  local percent name before now bad=0
  cold_paths >"$folder/figures"
  percent=$(sed -n 's/^tolerance_percent = //p' "$figures")
  while IFS=' = ' read -r name now; do
    before=$(sed -n "s/^$name = //p" "$figures")
    if [ -z "$now" ] || [ -z "$before" ]; then
      echo "$name was not counted, or has no figure in $figures." >&2
      exit 1
    fi
    printf '%-8s %10d instructions, %d before (%+.1f %%)\n' "$name" "$now" "$before" \
      "$(awk "BEGIN { print ($now - $before) * 100 / $before }")"
    if [ "$now" -gt $((before + before * percent / 100)) ]; then bad=1; fi
  done <"$folder/figures"
  if [ "$bad" = 1 ]; then
    echo "A cold answer takes over $percent % more instructions than $figures says. If that is meant, --save them." >&2
    exit 1
  fi
}

save() {
  cold_paths >"$folder/figures"
  { sed '/^[a-z]* = /d' "$figures"; cat "$folder/figures"; } >"$folder/whole"
  cp "$folder/whole" "$figures"
  cat "$figures"
}

measure() {
  local notes word question number
  notes=$(realpath "${1:-$root/corpus}") word=${2:-kube-proxy} question=${3:-kube-proxy 是干啥用的}
  cd "$folder"
  "$kewen" index --notes "$notes" --index index >/dev/null
  local ask=("$kewen" ask --notes "$notes" --index index "$question")
  for number in $(seq $((runs + 2))); do
    microseconds alone "${ask[@]}" >>kewen.times
    if command -v rg >/dev/null; then microseconds alone rg -n "$word" "$notes" >>rg.times; fi
  done
  echo "$(uptime)"
  for name in kewen rg; do
    if [ -s "$name.times" ]; then
      sed -i 1,2d "$name.times" # Two rounds fill the caches.
      echo "$name: $(spread "$name.times") over $runs runs"
    fi
  done
  if command -v valgrind >/dev/null; then echo "kewen: $(least_instructions "${ask[@]}") instructions"; fi
}

case "${1:-}" in
  --check) check ;;
  --save) save ;;
  *) measure "$@" ;;
esac
