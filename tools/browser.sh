#!/usr/bin/env bash
# Makes sure that Chromium and a Chinese font are there for the browser tests.
set -euo pipefail

browser=${ZHENGSHU_CHROMIUM:-/usr/bin/chromium}
if [ -x "$browser" ] && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium and a Chinese font for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fontconfig fonts-noto-cjk >/dev/null
    exit 0
fi
echo "The browser tests need Chromium. Install it and set ZHENGSHU_CHROMIUM to its path." >&2
exit 1
