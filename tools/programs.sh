#!/usr/bin/env bash
# Makes sure that foreign programs are there: `programs.sh "what for" PROBE=PACKAGE …`. A probe is a command or an
# absolute path; what is missing is taken from Debian's packages when that is allowed, else named.
set -euo pipefail
purpose=$1
shift
wanted=()
for pair in "$@"; do
  probe=${pair%%=*}
  [[ $probe == /* && -e $probe ]] || command -v "$probe" >/dev/null || wanted+=("${pair#*=}")
done
[ ${#wanted[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "The $purpose need: ${wanted[*]}. Install them, then run this again." >&2
  exit 1
fi
printf '\033[1mInstalling what the %s need: %s\033[0m\n' "$purpose" "${wanted[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
