/** What busybox is called, and says of itself, by the system that it was built for. */
import type { World } from '../world.ts';
import { appletNames } from './alpine.ts';

export interface Busybox {
  readonly banner: string;
  readonly applets: ReadonlySet<string>;
}

const alpine: Busybox = {
  banner: 'BusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary.',
  applets: new Set(appletNames),
};

/** Of Debian 12, whose initramfs needs it; by `busybox --list` (1:1.35.0-4+deb12u1+b1, November 2026). */
const debian: Busybox = {
  banner: 'BusyBox v1.35.0 (Debian 1:1.35.0-4+b3) multi-call binary.',
  applets: new Set(
    '[ [[ acpid adjtimex ar arch arp arping ascii ash awk base64 basename bc blkdiscard blkid blockdev brctl bunzip2 bzcat bzip2 cal cat chgrp chmod chown chroot chvt clear cmp cp cpio crc32 cttyhack cut date dc dd deallocvt depmod devmem df diff dirname dmesg dnsdomainname dos2unix du dumpkmap dumpleases echo egrep env expand expr factor fallocate false fatattr fdisk fgrep find findfs fold free freeramdisk fsfreeze fstrim ftpget ftpput getopt getty grep groups gunzip gzip halt head hexdump hostid hostname httpd hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifup init insmod ionice ip ipcalc ipneigh kill killall klogd last less link linux32 linux64 linuxrc ln loadfont loadkmap logger login logname logread losetup ls lsmod lsscsi lzcat lzma lzop md5sum mdev microcom mim mkdir mkdosfs mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mt mv nameif nc netstat nl nologin nproc nsenter nslookup nuke od openvt partprobe paste patch pidof ping ping6 pivot_root poweroff printf ps pwd rdate readlink realpath reboot renice reset resume rev rm rmdir rmmod route rpm rpm2cpio run-init run-parts sed seq setkeycodes setpriv setsid sh sha1sum sha256sum sha3sum sha512sum shred shuf sleep sort ssl_client start-stop-daemon stat strings stty svc svok swapoff swapon switch_root sync sysctl syslogd tac tail tar taskset tee telnet test tftp time timeout top touch tr traceroute traceroute6 true truncate ts tty ubirename udhcpc udhcpd uevent umount uname uncompress unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vconfig vi w watch watchdog wc wget which who whoami xargs xxd xz xzcat yes zcat'.split(
      ' ',
    ),
  ),
};

export function busyboxOf({ system }: World): Busybox {
  return system === 'debian' || system === 'ubuntu' ? debian : alpine;
}
