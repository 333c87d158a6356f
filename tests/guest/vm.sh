# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced: one QEMU guest, driven from here.  The caller's working directory is the project's top folder.
#
#   vm_start [QEMU OPTION...]   boots $vm_initramfs and returns when the guest takes commands; shows why if it does not
#   guest SCRIPT                runs a shell script in the guest: its output, its exit status; 125 if it does not end
#   guest_until COMMAND         repeats the command in the guest until it succeeds
#   qmp JSON                    executes one QMP command: its answer, 1 if it is an error
#   qmp_event NAME              waits until QEMU has reported the event (since vm_start or the last qmp_event NAME)
#   vm_wait_ready               waits for a guest that boots again
#   vm_stop                     ends the guest; also called by the caller's exit trap
#
# vm_folder holds the guest's files: console.log (kernel messages), qemu.log, and whatever the caller puts there.
#
# Everything waits for what it needs.  The limits are for what will never come; a busy machine does not reach them.

. tests/logs.sh

vm_accel=(-accel "tcg,thread=multi" -cpu "max,smap=off")
vm_machine=(-M q35 -m 512 -nodefaults -nographic -no-user-config)
vm_initramfs=build/guest/initramfs
vm_boot_seconds=900
guest_seconds=900
guest_until_seconds=600
qmp_seconds=300
guest_requests=0
vm_pid=

make_test_folder() {
  # Socket paths are short: 107 characters at the most.
  vm_folder=$(mktemp -d "${TMPDIR:-/tmp}/vodd-guest.XXXXXX")
}

# The version of the QEMU that vm_start starts, such as 7.2.22; nothing if it does not say.
vm_qemu_version() {
  timeout 60 qemu-system-x86_64 --version 2>/dev/null </dev/null |
    sed -n 's/^QEMU emulator version \([0-9]*\.[0-9]*\(\.[0-9]*\)\{0,1\}\).*/\1/p' || true
}

# vm_logs TEXT: what is known of a guest that is not as it should be, on standard error.
vm_logs() {
  local status=0
  echo "$1" >&2
  if [ -n "$vm_pid" ] && ! kill -0 "$vm_pid" 2>/dev/null; then
    wait "$vm_pid" 2>/dev/null || status=$?
    # A subshell does not get to know it.
    [ $status = 127 ] || echo "QEMU has ended, exit status $status" >&2
  fi
  show_logs "$vm_folder/qemu.log" "$vm_folder/console.log"
}

vm_start() {
  rm -f "$vm_folder"/{shell,qmp}.{in,out}
  mkfifo "$vm_folder"/{shell,qmp}.{in,out}
  exec {vm_shell_in}<>"$vm_folder/shell.in" {vm_shell_out}<>"$vm_folder/shell.out"
  exec {vm_qmp_in}<>"$vm_folder/qmp.in" {vm_qmp_out}<>"$vm_folder/qmp.out"
  : >"$vm_folder/events"
  qemu-system-x86_64 "${vm_accel[@]}" "${vm_machine[@]}" \
    -kernel build/cache/kernel/vmlinuz -initrd "$vm_initramfs" \
    -append "console=ttyS0 quiet loglevel=6 panic=-1" \
    -chardev "file,id=console,path=$vm_folder/console.log,append=on" -serial chardev:console \
    -chardev "pipe,id=shell,path=$vm_folder/shell" -serial chardev:shell \
    -chardev "pipe,id=qmp,path=$vm_folder/qmp" -qmp chardev:qmp \
    "$@" </dev/null >>"$vm_folder/qemu.log" 2>&1 &
  vm_pid=$!
  qmp '{"execute":"qmp_capabilities"}' >/dev/null && vm_wait_ready
}

# Reads lines from the file descriptor $1 until one begins with $2, for at most $3 seconds; prints those before it and
# leaves its rest in vm_line.
vm_read_until() {
  local deadline=$((SECONDS + $3)) line pending="" first=1 vm_previous=""
  while :; do
    if IFS= read -r -t 1 -u "$1" line; then
      line=$pending$line
      pending=
      if [[ $line == "$2"* ]]; then
        vm_line=${line#"$2"}
        # An answer that ends with a newline is followed by an empty line.
        [ $first = 1 ] || [ -z "$vm_previous" ] || printf "%s\n" "$vm_previous"
        return 0
      fi
      [ $first = 1 ] || printf "%s\n" "$vm_previous"
      vm_previous=$line first=0
    else
      pending=$pending$line
      kill -0 "$vm_pid" 2>/dev/null || { vm_logs "QEMU has ended"; return 1; }
      [ $SECONDS -lt $deadline ] || { vm_logs "no answer from the guest in $3 s"; return 1; }
    fi
  done
}

vm_wait_ready() {
  vm_read_until "$vm_shell_out" $'\004ready' "$vm_boot_seconds" >/dev/null
}

# The serial port of a busy guest loses a byte now and then: the request has a checksum, and is sent again.  Its number comes
# back with the answer, so that the late answer to an earlier one is not taken for this one's.
guest() {
  local request sum number
  request=$(base64 -w 0 <<<"$1")
  sum=$(printf %s "$request" | sha256sum)
  number=$BASHPID.$((guest_requests += 1))
  for _ in $(seq 20); do
    printf '%s %s %s\n' "$number" "${sum%% *}" "$request" >&"$vm_shell_in"
    while :; do
      vm_read_until "$vm_shell_out" $'\004' "$guest_seconds" >/dev/null || return 125
      case $vm_line in
      "$number begin") vm_read_until "$vm_shell_out" $'\004'"$number " "$guest_seconds" || return 125; return "$vm_line" ;;
      again) break ;;
      esac
    done
  done
  echo "the guest does not get the request" >&2
  return 125
}

guest_until() {
  guest "for i in \$(seq $((guest_until_seconds * 5))); do if $1; then exit 0; fi; usleep 200000; done; exit 1"
}

qmp() {
  local line deadline=$((SECONDS + qmp_seconds))
  printf '%s\n' "$1" >&"$vm_qmp_in"
  while [ $SECONDS -lt $deadline ] && kill -0 "$vm_pid" 2>/dev/null; do
    IFS= read -r -t 1 -u "$vm_qmp_out" line || continue
    case $line in
    *'"return"'*) printf '%s\n' "$line"; return 0 ;;
    *'"error"'*) printf '%s\n' "$line"; return 1 ;;
    *'"event"'*) printf '%s\n' "$line" >>"$vm_folder/events" ;;
    esac
  done
  vm_logs "no answer from QEMU to $1"
  return 1
}

qmp_event() {
  local line deadline=$((SECONDS + qmp_seconds))
  while :; do
    if grep -q "\"event\": \"$1\"" "$vm_folder/events"; then
      grep -v "\"event\": \"$1\"" "$vm_folder/events" >"$vm_folder/events.rest" || true
      mv "$vm_folder/events.rest" "$vm_folder/events"
      return 0
    fi
    [ $SECONDS -lt $deadline ] || return 1
    if IFS= read -r -t 1 -u "$vm_qmp_out" line; then
      printf '%s\n' "$line" >>"$vm_folder/events"
    fi
  done
}

vm_stop() {
  [ -n "$vm_pid" ] || return 0
  kill "$vm_pid" 2>/dev/null || true
  wait "$vm_pid" 2>/dev/null || true
  vm_pid=
  exec {vm_shell_in}>&- {vm_shell_out}>&- {vm_qmp_in}>&- {vm_qmp_out}>&-
}
