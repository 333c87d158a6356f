# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by the scripts that make a guest's root file system; $root is the folder.  Its /bin, /sbin and /lib lead to /usr,
# as those of a Debian system do.
#
#   root_make                   the folder, with busybox
#   root_modules MODULE...      kernel modules with all that they depend on
#   root_pack FILE              the archive for -initrd

kernel_modules=build/cache/kernel/lib/modules/$(tests/guest/kernel)

root_make() {
  root=$(mktemp -d)
  trap 'rm -rf "$root"' EXIT
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{proc,sys,dev,run,tmp,mnt,etc}
  local folder applet
  for folder in bin sbin lib lib64; do
    ln -s usr/$folder "$root/$folder"
  done
  install -m 755 /bin/busybox "$root/bin/busybox"
  for applet in $(/bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
}

# Whether the guest's modprobe can unpack modules is not sure: they are put there unpacked.
unpacked() {
  case $1 in
  *.xz) xz -dc "$1" ;;
  *.zst) zstd -qdc "$1" ;;
  *.gz) gzip -dc "$1" ;;
  *) cat "$1" ;;
  esac
}

root_modules() {
  local version=${kernel_modules##*/} name path target
  mkdir -p "$root/lib/modules/$version"
  for name in "$@"; do
    /sbin/modprobe -d build/cache/kernel -S "$version" --show-depends "$name" || return
  done | sed -n 's/^insmod \(.*\.ko[.a-z]*\).*/\1/p' | sort -u |
    while read -r path; do
      target=$root/lib/modules/$version/${path##*"/$version/"}
      mkdir -p "${target%/*}"
      unpacked "$path" >"${target%.ko*}.ko" || return
    done
  cp "$kernel_modules"/modules.{order,builtin,builtin.modinfo} "$root/lib/modules/$version/"
  /sbin/depmod -b "$root" "$version"
  echo "$*" >"$root/modules"
}

root_pack() {
  mkdir -p "${1%/*}"
  (cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$1.new"
  mv "$1.new" "$1"
}
