# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by test scripts: results as TAP.  A script ends with tap_end.

# Programs say what they say in English, and a character is a character, wherever the tests run.
export LC_ALL=C.UTF-8
. "$(dirname "${BASH_SOURCE[0]}")/logs.sh"

tap_tests=0
tap_failures=0

# result STATUS NAME [TEXT]: one result; TEXT is shown with a failure.
result() {
  tap_tests=$((tap_tests + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $tap_tests - $2"
  else
    tap_failures=$((tap_failures + 1))
    echo "not ok $tap_tests - $2"
    [ -z "${3:-}" ] || printf '%s\n' "$3" | tail -n 40 | sed 's/^/#   /'
  fi
}

# check NAME COMMAND...: the command succeeds.
check() {
  local name=$1 output status=0
  shift
  output=$("$@" 2>&1) || status=$?
  result $status "$name" "$output (exit status $status)"
}

# is NAME ACTUAL EXPECTED
is() {
  local status=0
  [ "$2" = "$3" ] || status=1
  result $status "$1" "expected: $3
found:    $2"
}

# like NAME TEXT PATTERN: an extended regular expression matches a line of the text.
like() {
  local status=0
  grep -qE -- "$3" <<<"$2" || status=1
  result $status "$1" "no line matches $3 in:
$2"
}

# unlike NAME TEXT PATTERN: no line of the text matches; no text at all is a failure, for then nobody has spoken.
unlike() {
  local status=0
  if [ -z "$2" ]; then
    result 1 "$1" "there is no text in which $3 could be missing"
    return
  fi
  ! grep -qE -- "$3" <<<"$2" || status=1
  result $status "$1" "a line matches $3 in:
$2"
}

# adopt: takes the results of a program that prints TAP into this script's own; standard input is its output.
adopt() {
  local line prefix=$1 seen=0
  while IFS= read -r line; do
    case $line in
    'ok '*) seen=$((seen + 1)); result 0 "$prefix: ${line#* - }" ;;
    'not ok '*) seen=$((seen + 1)); result 1 "$prefix: ${line#* - }" ;;
    '1..'*) is "$prefix: it finished its $seen tests" "${line#1..}" "$seen"; seen=done ;;
    *) echo "#   ${line#\# }" ;;
    esac
  done
  [ "$seen" = done ] || result 1 "$prefix: it ended in the middle"
}

tap_end() {
  echo "1..$tap_tests"
  [ $tap_failures -eq 0 ]
}
