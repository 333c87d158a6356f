# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced in the target guest: tcmu-runner, LUNs in configfs, the fabrics.  Times are generous: everything is emulated.

core=/sys/kernel/config/target/core
loop=/sys/kernel/config/target/loopback/naa.5001405000000001/tpgt_1
iqn=iqn.2003-01.org.example:vodd
iscsi=/sys/kernel/config/target/iscsi/$iqn/tpgt_1

# until_true COMMAND...: repeats it until it succeeds
until_true() {
  local deadline=$((SECONDS + 600))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
}

target_modules() {
  modprobe -a target_core_user tcm_loop iscsi_target_mod vhost_scsi sr_mod sg isofs udf nls_utf8 nls_iso8859-1 virtio_net
  mount -t configfs none /sys/kernel/config
}

bus_start() {
  dbus-uuidgen --ensure
  dbus-daemon --system --fork --nopidfile
}

# runner_start HANDLER...: tcmu-runner with these handlers, as a system with those alone would have it.
runner_start() {
  mkdir -p /run/handlers /run/log
  [ $# = 0 ] || { rm -f /run/handlers/*; cp "$@" /run/handlers/; }
  LD_PRELOAD=${runner_preload:-} tcmu-runner --handler-path /run/handlers --tcmu-log-dir /run/log \
    </dev/null >>/run/runner.out 2>&1 &
  until_true runner_is_ready
}

# Asking for a name that nobody owns would make the bus start the system's own tcmu-runner.
runner_is_ready() {
  dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.kernel.TCMUService1 | grep -q 'boolean true' || return
  dbus-send --system --print-reply --dest=org.kernel.TCMUService1 /org/kernel/TCMUService1/vodd \
    org.freedesktop.DBus.Properties.Get string:org.kernel.TCMUService1 string:ConfigDesc
}

# check_config CFGSTRING, by way of D-Bus: the verdict and the reason.
check_config() {
  dbus-send --system --print-reply --dest=org.kernel.TCMUService1 /org/kernel/TCMUService1/vodd \
    org.kernel.TCMUService1.CheckConfig "string:$1"
}

# runner_end SIGNAL: and waits until all its threads and its lock are gone
runner_end() {
  local process
  process=$(pidof tcmu-runner) && kill "-$1" "$process" && until_true test ! -e "/proc/$process"
}

# lun_make NAME CFGSTRING: reservations are the drive's own, not LIO's
lun_make() {
  mkdir -p "$core/user_0/$1" &&
    echo "dev_config=$2" >"$core/user_0/$1/control" &&
    echo "dev_size=2048" >"$core/user_0/$1/control" &&
    echo 1 >"$core/user_0/$1/enable" &&
    echo 0 >"$core/user_0/$1/attrib/pgr_support"
}

lun_remove() {
  rmdir "$core/user_0/$1"
}

# loop_add NAME LUN: on the loopback adapter of this machine
loop_add() {
  if [ ! -d "$loop" ]; then
    mkdir -p "$loop" && echo naa.5001405000000002 >"$loop/nexus" || return
  fi
  mkdir "$loop/lun/lun_$2" && ln -s "$core/user_0/$1" "$loop/lun/lun_$2/$1"
}

loop_remove() {
  rm "$loop/lun/lun_$2/$1" && rmdir "$loop/lun/lun_$2"
}

# loop_device LUN: waits for the drive on this LUN and prints /dev/srN
loop_device() {
  local drive
  for _ in $(seq 3000); do
    for drive in /sys/block/sr*; do
      case $(readlink "$drive/device") in
      *:"$1") echo "/dev/${drive##*/}"; return ;;
      esac
    done
    sleep 0.2
  done
  return 1
}

# portal_start: the network of the guest and an iSCSI target that wants no authentication
portal_start() {
  ip link set lo up
  ip link set eth0 up
  ip address add 10.0.2.15/24 dev eth0
  mkdir -p "$iscsi/np/0.0.0.0:3260" &&
    echo 1 >"$iscsi/attrib/generate_node_acls" &&
    echo 0 >"$iscsi/attrib/demo_mode_write_protect" &&
    echo 0 >"$iscsi/attrib/authentication" &&
    echo 1 >"$iscsi/enable"
}

# portal_add NAME LUN
portal_add() {
  mkdir "$iscsi/lun/lun_$2" && ln -s "$core/user_0/$1" "$iscsi/lun/lun_$2/$1"
}

portal_remove() {
  rm "$iscsi/lun/lun_$2/$1" && rmdir "$iscsi/lun/lun_$2"
}
