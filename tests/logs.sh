# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by what starts other programs and has to say why one of them failed.

# show_logs FILE...: the ends of those files that have something in them, on standard error.
show_logs() {
  local file
  for file in "$@"; do
    [ -s "$file" ] || continue
    echo "the end of ${file##*/}:"
    tail -n 20 "$file" | tr -d '\r\000' | sed 's/^/  | /'
  done >&2
}
