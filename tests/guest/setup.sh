# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced first by the guest tests: working directory, libraries, the guest's files, cleaning up.  Prints nothing.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
. tests/tap.sh
. tests/guest/vm.sh
. tests/guest/drive.sh

guest_clean_up() {
  local status=$?
  vm_stop
  drives_end
  [ $status -eq 0 ] || show_logs "$vm_folder"/*.log
  if [ $status -ne 0 ] && [ -d build/check ]; then
    mkdir -p "build/check/${0##*/}"
    cp "$vm_folder"/*.log "build/check/${0##*/}/" 2>/dev/null || true
  fi
  rm -rf "$vm_folder"
}

# guest_prepare [target]: everything that the guest needs, made where it is missing or old.
guest_prepare() {
  tests/guest/prepare "$@" >&2 || exit
  make_test_folder
  trap guest_clean_up EXIT
}

# The controllers of the guest and the drives behind them, for vm_start.
controllers=(-device "qemu-xhci,id=xhci,addr=5" -device "usb-ehci,id=ehci,addr=6" -device "qemu-xhci,id=xhci2,addr=7")

# device_of xhci|ehci|xhci2: waits for the drive on this controller and prints its /dev/srN.
device_of() {
  local address
  case $1 in xhci) address=0000:00:05.0 ;; ehci) address=0000:00:06.0 ;; xhci2) address=0000:00:07.0 ;; esac
  guest "for i in \$(seq 3000); do
    for drive in /sys/block/sr*; do
      case \$(readlink \$drive) in */$address/*) echo /dev/\${drive##*/}; exit 0 ;; esac
    done
    usleep 200000
  done
  exit 1"
}

# Checksums of every file below the guest's /mnt, as in $checksums but with lower-case names and no path.
mounted_checksums="cd /mnt && find . -type f | while read -r f; do sha256sum \"\$f\"; done |
  sed 's|  .*/|  |' | tr A-Z a-z | sort; cd /"
plain_checksums() {
  sed 's|  .*/|  |' "$checksums" | tr '[:upper:]' '[:lower:]' | sort
}
