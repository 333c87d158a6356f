# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced after vm.sh: drives of the tests.  Each has a name; its sockets, state and log are $vm_folder/NAME.*.
#
#   drive_start NAME ARGUMENT...   `vodd serve` with these arguments; returns when it listens
#   drive_kill NAME                kill -9
#   drive_stop NAME                the quit command
#   drive NAME COMMAND...          one control command (status, insert, eject, press, region)
#   drive_attached NAME BUS        prints the QEMU options that attach it
#   drive_reconnect NAME           prints the one among them that makes QEMU connect again, OPTION=VALUE

image=build/cache/image/movie.iso
checksums=build/cache/image/movie.sha256
player_key=A0B1C2D3E4

drive_program=${VODD:-build/release/vodd}
declare -A drive_pid

drive_start() {
  local name=$1
  shift
  # Stated, so that the options in the log are those for the QEMU of vm_start even if that one is slow to say.
  [ -n "${drive_qemu_version+known}" ] || drive_qemu_version=$(vm_qemu_version)
  "$drive_program" serve ${drive_qemu_version:+--qemu-version "$drive_qemu_version"} \
    --socket "$vm_folder/$name.usb" --control "$vm_folder/$name.control" "$@" \
    </dev/null >>"$vm_folder/$name.log" 2>&1 &
  drive_pid[$name]=$!
  while :; do
    [ -S "$vm_folder/$name.usb" ] && [ -S "$vm_folder/$name.control" ] && return 0
    kill -0 "${drive_pid[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "vodd serve $* does not listen" >&2
  show_logs "$vm_folder/$name.log"
  return 1
}

drive() {
  local name=$1 command=$2
  shift 2
  "$drive_program" "$command" --control "$vm_folder/$name.control" "$@"
}

drive_kill() {
  kill -9 "${drive_pid[$1]}"
  wait "${drive_pid[$1]}" 2>/dev/null || true
  unset "drive_pid[$1]"
}

drive_stop() {
  local status=0
  drive "$1" quit >/dev/null || kill "${drive_pid[$1]}"
  wait "${drive_pid[$1]}" || status=$?
  unset "drive_pid[$1]"
  return $status
}

drives_end() {
  local name
  for name in "${!drive_pid[@]}"; do
    kill "${drive_pid[$name]}" 2>/dev/null || true
    wait "${drive_pid[$name]}" 2>/dev/null || true
  done
}

drive_reconnect() {
  for _ in $(seq 300); do
    sed -n 's/^  -device .*,\(reconnect[^, ]*\).*/\1/p' "$vm_folder/$1.log" | tail -n 1 | grep . && return
    sleep 0.1
  done
  echo "vodd serve prints no options for QEMU" >&2
  show_logs "$vm_folder/$1.log"
  return 1
}

drive_attached() {
  local reconnect
  reconnect=$(drive_reconnect "$1") || return
  printf '%s\n' -chardev "socket,id=$1-usb,path=$vm_folder/$1.usb,$reconnect" \
    -device "usb-redir,id=$1,chardev=$1-usb,bus=$2.0"
}

# make_disc NAME [IMAGE]: writes $vm_folder/NAME.disc, the demo image as a CSS disc that opens with $player_key.
make_disc() {
  cat >"$vm_folder/$1.disc" <<END
[disc]
image = ${2:-$PWD/$image}
[copyright]
protection = css
regions = 1,2
[player-keys]
1 = $player_key
END
}

# drives_end_well: a result for each drive: it ends on request, without leak or other finding of a sanitizer.
drives_end_well() {
  local name status
  for name in "${!drive_pid[@]}"; do
    status=0
    drive_stop "$name" || status=$?
    if grep -qE 'Sanitizer|runtime error' "$vm_folder/$name.log"; then
      status=1
    fi
    result $status "the server of drive $name ends well" "exit status $status
$(tail -n 30 "$vm_folder/$name.log")"
  done
}
