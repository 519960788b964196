#!/usr/bin/env bash
# Foreign programs against which the tests check ours; Debian's packages, installed when missing and allowed.
set -euo pipefail
wanted=()
command -v go >/dev/null || wanted+=(golang-go)
[ -d /usr/share/gocode/src/golang.org/x/mod ] || wanted+=(golang-golang-x-mod-dev)
[ ${#wanted[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "The tests against foreign programs need: ${wanted[*]}. Install them, then run this again." >&2
  exit 1
fi
printf '\033[1mInstalling foreign verifiers for the tests: %s\033[0m\n' "${wanted[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
