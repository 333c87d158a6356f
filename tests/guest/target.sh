# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced after setup.sh: a guest with Debian's kernel, its target stack and tcmu-runner, on this machine's own files.
# The project's folder is /checkout there.
#
#   target_prepare               what the guest needs, made where it is missing or old
#   target_start [QEMU OPTION...]
#   target SCRIPT                runs it in the guest, with tests/guest/target_commands.sh
#   target_rows PROGRAM [TEXT]   a program with the conformance rows, over iSCSI
#   target_ends_well             results: tcmu-runner ends on request, nothing of ours was found wrong

target_handler=${VODD_HANDLER:-$PWD/build/release/handler_vodd.so}
target_share=security_model=none,readonly=on,multidevs=remap
# One processor: with more, a guest of an emulating QEMU loses a timer now and then and stands still.
target_options=(-m 1024 -virtfs "local,path=/,mount_tag=host,$target_share"
  -virtfs "local,path=${PWD//,/,,},mount_tag=checkout,$target_share")
target_image=/checkout/$image

target_prepare() {
  tests/packages target >&2 || exit
  guest_prepare target
  vm_initramfs=build/guest/target_initramfs
}

# The sanitizers look at the handler; what tcmu-runner itself does not free is not ours.
target() {
  guest "export ASAN_OPTIONS=detect_leaks=0
    cd /checkout; . tests/guest/target_commands.sh; player_key=$player_key; image=$target_image; checksums=/checkout/$checksums
    vodd=/checkout/build/release/vodd; dvd_host=/checkout/build/release/guest/dvd_host; runner_preload=$(target_preload)
    $1"
}

# A handler with sanitizers needs their library in the program that loads it.
target_preload() {
  ldd "$target_handler" | awk '/lib(a|ub)san/ {print $3}' | paste -sd :
}

target_start() {
  vm_start "${target_options[@]}" "$@" || return
  target "target_modules && bus_start && runner_start '/checkout${target_handler#"$PWD"}'"
  result $? "tcmu-runner runs in the target guest" "$(target 'tail -n 20 /run/runner.out /run/log/*; dmesg | tail -n 20')"
}

# target_disc NAME: writes /run/NAME.disc in the guest, the demo image as a CSS disc that opens with $player_key.
target_disc() {
  make_disc "$1" "$target_image"
  guest "cat >/run/$1.disc <<'END'
$(cat "$vm_folder/$1.disc")
END"
}

target_ends_well() {
  check "tcmu-runner ends on request" target "runner_end TERM"
  unlike "nothing was found wrong in tcmu-runner" "$(target 'cat /run/runner.out && echo "that is all"')" 'Sanitizer|runtime error|Segmentation|Aborted'
}

# free_port FIRST: a TCP port from FIRST on that nothing on this machine listens at.  Tests that run at once begin at different ones.
free_port() {
  local port=$(($1 + $$ % 6000))
  while [ -n "$(ss -Htnl "sport = :$port")" ]; do
    port=$((port + 1))
  done
  echo $port
}

# target_rows PROGRAM [ARGUMENT...]: a program whose rows run over iSCSI (tests/conformance/transport.h), the target's
# ports forwarded to this machine's loopback address, libiscsi as initiator here.  Results are adopted.
target_rows() {
  local program=$1 discs=build/guest/discs-${1##*/} portal_port operator_port
  shift
  portal_port=$(free_port 20000) operator_port=$(free_port 26000)
  rm -rf "$discs"
  mkdir -p "$discs"
  build/release/tests/conformance/conformance --write-discs "$discs" || return
  target_start -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$portal_port-:3260,hostfwd=tcp:127.0.0.1:$operator_port-:7000" \
    -device virtio-net-pci,netdev=net || return
  check "a LUN behind an iSCSI portal" target "lun_make conformance 'vodd/;control=/run/conformance.control' && portal_start && portal_add conformance 0"
  target "build/release/guest/target_operator 7000 /run/conformance.control >/run/operator.log 2>&1 &
    until_true test -n \"\$(ss -Hltn sport = 7000)\""
  adopt "${program##*/}" < <("$program" --iscsi "127.0.0.1:$portal_port" "127.0.0.1:$operator_port" "/checkout/$discs" "$@")
  target_ends_well
  rm -rf "$discs"
}
