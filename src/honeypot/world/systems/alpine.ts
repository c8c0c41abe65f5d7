/** Files of Alpine Linux 3.20 and of the busybox image: a few programs, of which nearly all are links to one. */
import type { Persona } from '../../persona/persona.ts';
import type { Draft } from './draft.ts';
import { osReleaseOf } from './os-release.ts';
import { binary, filler } from './program-file.ts';

/** Of `alpine:3.20`: busybox 1.36.1-r29. */
const applets: Readonly<Record<string, string>> = {
  '/bin':
    'arch ash base64 bbconfig cat chattr chgrp chmod chown cp date dd df dmesg dnsdomainname dumpkmap echo egrep false fatattr fdflush fgrep fsync getopt grep gunzip gzip hostname ionice iostat ipcalc kbd_mode kill link linux32 linux64 ln login ls lsattr lzop makemime mkdir mknod mktemp more mount mountpoint mpstat mv netstat nice pidof ping ping6 pipe_progress printenv ps pwd reformime rev rm rmdir run-parts sed setpriv setserial sh sleep stat stty su sync tar touch true umount uname usleep watch zcat',
  '/sbin':
    'acpid adjtimex arp blkid blockdev depmod fbsplash fdisk findfs fsck fstrim getty halt hwclock ifconfig ifdown ifenslave ifup init inotifyd insmod ip ipaddr iplink ipneigh iproute iprule iptunnel klogd loadkmap logread losetup lsmod mdev mkdosfs mkfs.vfat mkswap modinfo modprobe nameif nologin pivot_root poweroff raidautorun reboot rmmod route setconsole slattach sulogin swapoff swapon switch_root sysctl syslogd tunctl udhcpc vconfig watchdog zcip',
  '/usr/bin':
    '[ [[ awk basename bc beep blkdiscard bunzip2 bzcat bzip2 cal chvt cksum clear cmp comm cpio crontab cryptpw cut dc deallocvt diff dirname dos2unix du eject env expand expr factor fallocate find flock fold free fuser getent groups hd head hexdump hostid id install ipcrm ipcs killall last less logger lsof lsusb lzcat lzma lzopcat md5sum mesg microcom mkfifo mkpasswd nc nl nmeter nohup nproc nsenter nslookup od openvt passwd paste pgrep pkill pmap printf pscan pstree pwdx readlink realpath renice reset resize seq setkeycodes setsid sha1sum sha256sum sha3sum sha512sum showkey shred shuf sort split strings sum tac tail tee test time timeout top tr traceroute traceroute6 tree truncate tty ttysize udhcpc6 unexpand uniq unix2dos unlink unlzma unlzop unshare unxz unzip uptime uudecode uuencode vi vlock volname wc wget which who whoami whois xargs xxd xzcat yes',
  '/usr/sbin':
    'add-shell addgroup adduser arping brctl chpasswd chroot crond delgroup deluser ether-wake fbset killall5 loadfont nanddump nandwrite nbd-client ntpd partprobe rdate rdev readahead readprofile remove-shell rfkill sendmail setfont setlogcons',
};

/** Everything that busybox is called. */
export const appletNames: readonly string[] = Object.values(applets).flatMap((names) => names.split(' '));

/** Size of /bin/busybox in bytes. */
const busyboxSize = 808_712;

export function addAlpine(draft: Draft, persona: Persona): void {
  for (const path of 'bin dev etc home lib media/cdrom media/floppy media/usb mnt opt root run sbin srv usr/bin usr/lib usr/local/bin usr/sbin usr/share var/cache/apk var/lib/apk var/log var/spool/cron'.split(
    ' ',
  ))
    draft.directory(`/${path}`);
  draft.directory('/root', { mode: 0o700 });
  for (const path of ['/tmp', '/var/tmp']) draft.directory(path, { mode: 0o1777 });
  draft.file('/bin/busybox', binary(persona, 'busybox', busyboxSize), { mode: 0o755 });
  for (const [folder, names] of Object.entries(applets))
    for (const name of names.split(' ')) draft.link(`${folder}/${name}`, '/bin/busybox');
  draft.link('/bin/kill', '/bin/busybox');
  draft.link('/var/run', '../run');
  draft.link('/var/lock', '../run/lock');
  const programs: readonly (readonly [string, number])[] = [
    ['/sbin/apk', 69_880],
    ['/sbin/ldconfig', 393],
    ['/usr/bin/getconf', 33_736],
    ['/usr/bin/iconv', 26_528],
    ['/usr/bin/ldd', 18_496],
    ['/usr/bin/scanelf', 79_304],
    ['/usr/bin/ssl_client', 14_224],
  ];
  for (const [path, size] of programs) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    draft.file(path, binary(persona, name, size), { mode: 0o755 });
  }
  const libraries: readonly (readonly [string, number])[] = [
    ['/lib/ld-musl-x86_64.so.1', 650_752],
    ['/lib/libcrypto.so.3', 4_557_048],
    ['/lib/libssl.so.3', 770_944],
    ['/lib/libz.so.1.3.1', 100_232],
    ['/lib/libapk.so.2.14.0', 207_320],
    ['/etc/ssl/certs/ca-certificates.crt', 222_331],
    ['/lib/apk/db/installed', 14_842],
  ];
  for (const [path, size] of libraries)
    draft.file(path, filler(persona, path, size), { mode: path.startsWith('/lib/l') ? 0o755 : 0o644 });
  draft.link('/lib/libc.musl-x86_64.so.1', 'ld-musl-x86_64.so.1');
  draft.link('/lib/libz.so.1', 'libz.so.1.3.1');
  draft.file('/etc/alpine-release', '3.20.3\n');
  draft.file('/usr/lib/os-release', osReleaseOf('alpine'));
  draft.link('/etc/os-release', '../usr/lib/os-release');
  draft.file('/etc/issue', 'Welcome to Alpine Linux 3.20\nKernel \\r on an \\m (\\l)\n\n');
  draft.file(
    '/etc/motd',
    'Welcome to Alpine!\n\nThe Alpine Wiki contains a large amount of how-to guides and general\ninformation about administrating Alpine systems.\nSee <https://wiki.alpinelinux.org/>.\n\nYou can setup the system with the command: setup-alpine\n\nYou may change this message by editing /etc/motd.\n\n',
  );
  draft.file(
    '/etc/apk/repositories',
    'https://dl-cdn.alpinelinux.org/alpine/v3.20/main\nhttps://dl-cdn.alpinelinux.org/alpine/v3.20/community\n',
  );
  draft.file('/etc/apk/arch', 'x86_64\n');
  draft.file('/etc/apk/world', 'alpine-baselayout\nalpine-keys\napk-tools\nbusybox\nlibc-utils\n');
  draft.file('/etc/crontabs/root', crontab, { mode: 0o600 });
  draft.link('/var/spool/cron/crontabs', '../../../etc/crontabs');
  for (const period of ['15min', 'daily', 'hourly', 'monthly', 'weekly'])
    draft.directory(`/etc/periodic/${period}`);
  draft.file('/etc/profile', profile);
  draft.file('/etc/shells', '# valid login shells\n/bin/sh\n/bin/ash\n');
  draft.file('/etc/passwd', passwd);
  draft.file('/etc/group', groups);
  draft.file(
    '/etc/shadow',
    passwd.replace(/^([^:]+):.*$/gm, (_, name) => `${name}:${name === 'root' ? '*' : '!'}::0:::::`),
    {
      mode: 0o640,
      gid: 42,
    },
  );
}

/** The image `busybox`: all applets lie in /bin, as one file under many names. */
export function addBusybox(draft: Draft, persona: Persona): void {
  for (const path of [
    'dev',
    'etc',
    'home',
    'lib',
    'root',
    'usr/bin',
    'usr/sbin',
    'var/spool/mail',
    'var/www',
  ])
    draft.directory(`/${path}`);
  draft.directory('/tmp', { mode: 0o1777 });
  const content = binary(persona, 'busybox', 1_119_792);
  for (const names of Object.values(applets))
    for (const name of names.split(' ')) draft.file(`/bin/${name}`, content, { mode: 0o755 });
  draft.file('/bin/busybox', content, { mode: 0o755 });
  draft.file(
    '/etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  draft.file(
    '/etc/group',
    'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nwheel:x:10:root\nmail:x:8:\nwww-data:x:33:\nnobody:x:65534:\n',
  );
}

const crontab = `# do daily/weekly/monthly maintenance
# min	hour	day	month	weekday	command
*/15	*	*	*	*	run-parts /etc/periodic/15min
0	*	*	*	*	run-parts /etc/periodic/hourly
0	2	*	*	*	run-parts /etc/periodic/daily
0	3	*	*	6	run-parts /etc/periodic/weekly
0	5	1	*	*	run-parts /etc/periodic/monthly

`;

const profile = `append_path () {
	case ":$PATH:" in
		*:"$1":*)
			;;
		*)
			PATH="\${PATH:+$PATH:}$1"
			;;
	esac
}

append_path "/usr/local/sbin"
append_path "/usr/local/bin"
append_path "/usr/sbin"
append_path "/usr/bin"
append_path "/sbin"
append_path "/bin"
unset -f append_path

export PATH
export PAGER=less
umask 022
`;

const passwd = `root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
mail:x:8:12:mail:/var/mail:/sbin/nologin
news:x:9:13:news:/usr/lib/news:/sbin/nologin
uucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin
cron:x:16:16:cron:/var/spool/cron:/sbin/nologin
ftp:x:21:21::/var/lib/ftp:/sbin/nologin
sshd:x:22:22:sshd:/dev/null:/sbin/nologin
games:x:35:35:games:/usr/games:/sbin/nologin
ntp:x:123:123:NTP:/var/empty:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
`;

const groups = `root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
sys:x:3:root,bin
adm:x:4:root,daemon
tty:x:5:
disk:x:6:root
lp:x:7:lp
kmem:x:9:
wheel:x:10:root
floppy:x:11:root
mail:x:12:mail
news:x:13:news
uucp:x:14:uucp
cron:x:16:cron
audio:x:18:
cdrom:x:19:
dialout:x:20:root
ftp:x:21:
sshd:x:22:
input:x:23:
tape:x:26:root
video:x:27:root
netdev:x:28:
kvm:x:34:kvm
games:x:35:
shadow:x:42:
www-data:x:82:
users:x:100:games
ntp:x:123:
utmp:x:406:
ping:x:999:
nogroup:x:65533:
nobody:x:65534:
`;
