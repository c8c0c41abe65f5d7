/**
 * What a Debian 12 server has in its file system: names, sizes, modes, owners and times, nothing of what is in the
 * files. Made in November 2026 of the tar that mmdebstrap writes (--variant=minbase --include=systemd-sysv,
 * openssh-server,docker.io,redis-server,curl,wget,cron,python3-minimal,perl,procps,iproute2,vim-tiny,nano,less,
 * net-tools,iputils-ping,sudo,git,rsync,unzip,bzip2,xz-utils,kmod,udev,logrotate,rsyslog,man-db,bash-completion,
 * lsof,dnsutils,netcat-openbsd,tmux,htop,iptables,ethtool,file,linux-image-cloud-amd64,chrony), and
 * busybox; deep folders that hold data of one package (manuals, locales, modules of Perl and Python) are left out.
 * `file-list.ts` reads it.
 */
export const debianFiles = String.raw`tp46uw te64dj sygxhl rr59ff snbgz6 riillr rokzid tnvl9b sxg2hc te65k9 t0sc62 tobpxt tek7ow tctzqa tm3s6j t79iw1 tla2tp rrfi7z thjw2t rv2ad4 rualsb t3rh0w rn4jn2 tbj3e5 tdbw2b suh447 thkacc ro6sor tnyic6 tn94uo svccwo srrgbh rifs29 tmv32k ra3qle ryj61n rmnes0 sy9wbo tlvyh4 tet8jy rmw6im sv8bk5 swvvdn rqvucj rp7k4w rsufgy teop32 teoqs0 rk0mij teoqtw rv81iz s7jzl7 tabtqs szerfu r9rjca rsj0ia tolb9g sd1vsp rhs2xv sos7y4 teq2b9 rqp19c scvfff rohhru tnf352 sucift tnd3et rdmon2 rk2lw5 t84qn4 sps7xt qrd680 rn54bb tjv7ss rslrif ri7tkj rmw842 rf5pus tmjeyj rpiq40 ro0l2o rpchdv qjx0f2 tna41t rryt6u rj5igc rggt4u rpqo1o rii7i3 sebqzv qfydat rpt404 pzd5tj rggh8s rn6sr3 ronipq rozvjo rqorjc swtqvd skbtx0 tfavcq rqp1ci kzrdgt tn81jy t7c7om sl90xb rmnbtv ssi7j9 t3svhb t13m5l tdbvyx t1b3d9 ssjuy8 t1b3ap ro6id5 sxduur s88ekh sxfw1p s71d7w ronjgv rq2ji3 sw5vch rp9f8o rifl2c ro36g1 s5ucsg rv3vtf rlozel rohane rczqqj tlk55w ru2wo3 rk90sh rrywp3 st4q30 r5xkr0 rimk19 tf2ukg rjyty0 rhc2g7 rj5fri rn3v2m q7r6om re2l3k rhb1pj qkjwg9 ro3anq res7gn q8rw71 rnvo8e ra0wme rlfok8 tdjhay qhzoxc rniepx tmc1st rlb5w9 tmf5st rjoszw rlrw3q rq18o1 se211g tkw5vr srd6ep qb76nn rj4vje s960k6 rnkv9q tg9qtt r5pftu rkvjta rrqi9i r72s0e ox303x rba0su q4mu7u thka9m tcs475 rq3eer qrd6x0 rjx5hn rfsyl9 tcsb21 j3n17l ne4fer sd1vjp rjx4nt rjx4wm rcyqdn qqnfyx onvw00 r38d5t rez618 qyk2vc t86xe0 tgbzdn rb17hz q4vb3h tdu34y rpgd0i rkmn01 rpzp34 tjv4y7 rfykp2 rhdobl tbj2p6 qff08e ra6nhn rthct9 roli28 ro37xt qdj7pa rvbwl9 rpce9m rv63jr rehr3l rodbpz tcs41e pudddq nt8ghd i8zkyp e2hka2 fh2myk oozkzr ox305s ontyk0 onunk0 p3xw58 tmeyw7 sv8bk8 r4qhlh nkjx9s ra53j7 ro6swv mv4gky s6tchq rjqwse rq49fg
bin>usr/bin 0+
initrd.img>boot/initrd.img-{kernel} 0
initrd.img.old>boot/initrd.img-{kernel} 0
lib>usr/lib 0+
lib64>usr/lib64 0+
sbin>usr/sbin 0+
vmlinuz>boot/vmlinuz-{kernel} 0
vmlinuz.old>boot/vmlinuz-{kernel} 0
/. 0+
/boot 0+
System.map-{kernel} 2b 1k
config-{kernel} 2n0h 1k
initrd.img-{kernel} 948av 0
vmlinuz-{kernel} 8g2bk 1k
/dev 0+
/etc 0+
.pwd.lock 0 0+ 600
adduser.conf 2cg 1e+
bash_completion 19 4v
bindresvport.blacklist a7 9+
ca-certificates.conf 4wd 0
debconf.conf 2ah r+
deluser.conf 1be 1e+
e2scrub.conf j1 8+
ethertypes 1fh 50
gai.conf 1zs 51+
host.conf 9 53+
hosts.allow bf 0
hosts.deny jr 0
ld.so.cache 7xf 0+
ld.so.conf y 9+
libaudit.conf 5b 2j+
login.defs 9p5 f+
logrotate.conf dq 24
magic 33 18
magic.mime 33 18
manpath.config 41a h
mke2fs.conf lq 8+
modules 6w 0
nanorc 8tc 55
netconfig lb 2l
networks 1o 0
pam.conf fc a+
protocols 2fc 56
rmt>/usr/sbin/rmt 1f+
rpc pb 57
rsyslog.conf 13q 1y
services 9vx 59
shells 3y 0+
subgid 0 0+
subuid 0 0+
sudo.conf 3cn o
sudo_logsrvd.conf 7kc o
sudoers 1bm 32 440
sysctl.conf 1tf m
ucf.conf z0 1n
wgetrc 3ta 34
xattr.conf ix 2n+
/etc/alternatives 0+
README 2s n+
arptables>/usr/sbin/arptables-nft 6
arptables-restore>/usr/sbin/arptables-nft-restore 6
arptables-save>/usr/sbin/arptables-nft-save 6
awk>/usr/bin/mawk 1v+
ebtables>/usr/sbin/ebtables-nft 6
ebtables-restore>/usr/sbin/ebtables-nft-restore 6
ebtables-save>/usr/sbin/ebtables-nft-save 6
editor>/bin/nano 1l
ex>/usr/bin/vim.tiny v
ip6tables>/usr/sbin/ip6tables-nft 0
ip6tables-restore>/usr/sbin/ip6tables-nft-restore 0
ip6tables-save>/usr/sbin/ip6tables-nft-save 0
iptables>/usr/sbin/iptables-nft 0
iptables-restore>/usr/sbin/iptables-nft-restore 0
iptables-save>/usr/sbin/iptables-nft-save 0
lzcat>/usr/bin/xzcat g
lzcmp>/usr/bin/xzcmp g
lzdiff>/usr/bin/xzdiff g
lzegrep>/usr/bin/xzegrep g
lzfgrep>/usr/bin/xzfgrep g
lzgrep>/usr/bin/xzgrep g
lzless>/usr/bin/xzless g
lzma>/usr/bin/xz g
lzmore>/usr/bin/xzmore g
mt>/bin/mt-gnu 23
nawk>/usr/bin/mawk 1v+
nc>/bin/nc.openbsd 1w
netcat>/bin/nc.openbsd 1w
pager>/usr/bin/less 0+
pico>/bin/nano 1l
rmt>/usr/sbin/rmt-tar 1f+
rview>/usr/bin/vim.tiny v
unlzma>/usr/bin/unxz g
vi>/usr/bin/vim.tiny v
view>/usr/bin/vim.tiny v
which>/usr/bin/which.debianutils z+
/etc/apparmor.d 0
usr.bin.man 2ns h
usr.sbin.chronyd 20u i
/etc/apparmor.d/local 0
usr.bin.man 0 0
usr.sbin.chronyd 0 0
/etc/apt 0+
sources.list 4s 0+
/etc/apt/apt.conf.d 0+
01autoremove b3 7+
70debconf 52 r+
/etc/apt/auth.conf.d 7+
/etc/apt/keyrings 7+
/etc/apt/preferences.d 0+
/etc/apt/sources.list.d 0+
/etc/apt/trusted.gpg.d 0+
debian-archive-bookworm-automatic.asc 95h p+
debian-archive-bookworm-security-automatic.asc 95t p+
debian-archive-bookworm-stable.asc ct p+
debian-archive-bullseye-automatic.asc 95h p+
debian-archive-bullseye-security-automatic.asc 95t p+
debian-archive-bullseye-stable.asc 2mj p+
debian-archive-trixie-automatic.asc 95h p+
debian-archive-trixie-security-automatic.asc 95t p+
debian-archive-trixie-stable.asc 12g p+
/etc/bash_completion.d 0
git-prompt c7 l
/etc/binfmt.d 1
/etc/ca-certificates 0
/etc/ca-certificates/update.d 2v
/etc/chrony 0
chrony.conf 13c i
chrony.keys dd i 640 0:108
/etc/chrony/conf.d 0
README bq i
/etc/chrony/sources.d 0
README du i
/etc/containerd 0
config.toml 73 1g
/etc/cron.d 0+
.placeholder 2u 17
e2scrub_all 5l 8+
/etc/cron.daily 0+
.placeholder 2u 17
apt-compat 152# 7+
dpkg 3f# 2w+
logrotate ah# 24
man-db 12r# h
/etc/cron.hourly 0
.placeholder 2u 17
/etc/cron.monthly 0
.placeholder 2u 17
/etc/cron.weekly 0
.placeholder 2u 17
man-db tb# h
/etc/cron.yearly 0
.placeholder 2u 17
/etc/default 0+
chrony 73 i
cron qj 25
docker ed 2x
hwclock 29 4+
nss 1cs 9+
redis-server 7j 12
rsync 1la s
ssh 3p c
useradd v1 1h+
/etc/default/grub.d 0
init-select.cfg 7m 4x
/etc/dhcp 0
/etc/dhcp/dhclient-exit-hooks.d 0
chrony hb i
/etc/docker 1b
/etc/dpkg 0+
dpkg.cfg ce 4y+
/etc/dpkg/dpkg.cfg.d n+
/etc/dpkg/origins 0+
debian 2b 4z+
default>debian 0+
/etc/groff 0
man.local 10g 3
mdoc.local sy 3
/etc/grub.d 0
00_header 7r2# d
05_debian_theme 4tw# 52
10_linux awb# d
20_linux_xen axw# d
30_os-prober 9yz# d
30_uefi-firmware 124# d
40_custom 5y# d
41_custom 5z# d
README df d
/etc/gss 0
/etc/gss/mech.d 13
/etc/init.d 0+
chrony 1gp# i
cron 2cz# 25
docker 2p7# 2x
hwclock.sh 1ck# 4+
kmod 1lb# 2y
procps qn# m
redis-server 18q# 12
rsync 3ep# s
ssh 34s# c
sudo w9# 1x
udev 5av# 1
/etc/initramfs-tools 0
initramfs.conf 17z 2z
modules 6u 0
update-initramfs.conf ai 54
/etc/initramfs-tools/conf.d u
/etc/initramfs-tools/hooks u
/etc/initramfs-tools/scripts 0
/etc/initramfs-tools/scripts/init-bottom u
/etc/initramfs-tools/scripts/init-premount u
/etc/initramfs-tools/scripts/init-top u
/etc/initramfs-tools/scripts/local-bottom u
/etc/initramfs-tools/scripts/local-premount u
/etc/initramfs-tools/scripts/local-top u
/etc/initramfs-tools/scripts/nfs-bottom u
/etc/initramfs-tools/scripts/nfs-premount u
/etc/initramfs-tools/scripts/nfs-top u
/etc/initramfs-tools/scripts/panic u
/etc/iproute2 0
bpf_pinning 2d 14
ematch_map 29 14
group v 14
nl_protos 7a 14
rt_dsfield 97 14
rt_protos 63 14
rt_realms 34 14
rt_scopes 2k 14
rt_tables 2f 14
/etc/iproute2/rt_protos.d 0
README 40 14
/etc/iproute2/rt_tables.d 0
README 40 14
/etc/kernel 0+
/etc/kernel/install.d 1
/etc/kernel/postinst.d 0+
initramfs-tools nz# 15
/etc/kernel/postrm.d 0
initramfs-tools mo# 15
/etc/ld.so.conf.d 0+
libc.conf 18 9+
x86_64-linux-gnu.conf 2s 9+
/etc/libnl-3 0
classid ve 1m
pktloc 16k 1m
/etc/logcheck 0
/etc/logcheck/ignore.d.server 0
rsyslog i8 1y
/etc/logrotate.d 0+
alternatives 3c 30+
apt 4t 7+
btmp 3m 2k
chrony 4g i
dpkg 34 30+
redis-server 42 12
rsyslog 6w 1y
wtmp 41 2k
/etc/modprobe.d 10
/etc/modules-load.d 0
modules.conf>../modules 1
/etc/network 0
/etc/network/if-post-down.d 0
chrony 3u# i
/etc/network/if-pre-up.d 0
ethtool 9k# 2m
/etc/network/if-up.d 0
chrony 3u# i
ethtool 1at# 2m
/etc/opt 0+
/etc/pam.d 0+
chfn ao 1h+
chpasswd 2k 1h+
chsh g5 1h+
common-account xk 0+
common-auth xq 0+
common-password 190 0+
common-session ux 0+
common-session-noninteractive w2 0+
cron gu 25
login 36m f+
newusers 2k 1h+
other eg a+
passwd 2k 1h+
runuser 3z 4+
runuser-l 3u 4+
sshd 1n9 c
su 1qr 4+
su-l 3t 4+
sudo 55 1x
sudo-i 4q 1x
/etc/perl e+
/etc/perl/Net 0+
libnet.cfg gz 31+
/etc/ppp 0
/etc/ppp/ip-down.d 0
chrony bk# i
/etc/ppp/ip-up.d 0
chrony b6# i
/etc/profile.d 0+
bash_completion.sh k6 1i
/etc/python3.11 0
sitecustomize.py 4b 26
/etc/rc0.d 0+
K01chrony>../init.d/chrony 0
K01docker>../init.d/docker 0
K01hwclock.sh>../init.d/hwclock.sh 0+
K01redis-server>../init.d/redis-server 0
K01udev>../init.d/udev 0
/etc/rc1.d 0+
K01chrony>../init.d/chrony 0
K01docker>../init.d/docker 0
K01redis-server>../init.d/redis-server 0
/etc/rc2.d 0+
S01chrony>../init.d/chrony 0
S01cron>../init.d/cron 0
S01docker>../init.d/docker 0
S01redis-server>../init.d/redis-server 0
S01rsync>../init.d/rsync 0
S01ssh>../init.d/ssh 0
S01sudo>../init.d/sudo 0
/etc/rc3.d 0+
S01chrony>../init.d/chrony 0
S01cron>../init.d/cron 0
S01docker>../init.d/docker 0
S01redis-server>../init.d/redis-server 0
S01rsync>../init.d/rsync 0
S01ssh>../init.d/ssh 0
S01sudo>../init.d/sudo 0
/etc/rc4.d 0+
S01chrony>../init.d/chrony 0
S01cron>../init.d/cron 0
S01docker>../init.d/docker 0
S01redis-server>../init.d/redis-server 0
S01rsync>../init.d/rsync 0
S01ssh>../init.d/ssh 0
S01sudo>../init.d/sudo 0
/etc/rc5.d 0+
S01chrony>../init.d/chrony 0
S01cron>../init.d/cron 0
S01docker>../init.d/docker 0
S01redis-server>../init.d/redis-server 0
S01rsync>../init.d/rsync 0
S01ssh>../init.d/ssh 0
S01sudo>../init.d/sudo 0
/etc/rc6.d 0+
K01chrony>../init.d/chrony 0
K01docker>../init.d/docker 0
K01hwclock.sh>../init.d/hwclock.sh 0+
K01redis-server>../init.d/redis-server 0
K01udev>../init.d/udev 0
/etc/rcS.d 0+
S01hwclock.sh>../init.d/hwclock.sh 0+
S01kmod>../init.d/kmod 0
S01procps>../init.d/procps 0
S01udev>../init.d/udev 0
/etc/redis 0 2770 100:106
redis.conf 2a98 12 640 100:106
/etc/rsyslog.d b
/etc/runit 0
/etc/runit/runsvdir 0
/etc/runit/runsvdir/default 0
ssh>/etc/sv/ssh 0
/etc/security 0+
access.conf 3is a+
faillock.conf 1q2 a+
group.conf 2sz a+
limits.conf 24g a+
namespace.conf 19h a+
namespace.init s8# a+
opasswd 0 0+ 600
pam_env.conf 2aj a+
sepermit.conf bm a+
time.conf 1oj a+
/etc/security/limits.d a+
/etc/security/namespace.d a+
/etc/selinux 0+
semanage.conf 1ld 58+
/etc/skel 0+
.bash_logout 64 1a+
.bashrc 2py 1a+
.profile mf 1a+
/etc/ssh 0
moduli caug c
ssh_config 19u c
/etc/ssh/ssh_config.d c
/etc/ssh/sshd_config.d c
/etc/ssl 0
openssl.cnf 9ik t
/etc/ssl/certs 0
/etc/ssl/private t 700
/etc/sudoers.d 0
README ug 32 440
/etc/sv 0
/etc/sv/ssh 0
finish d2# c
run ax# c
/etc/sv/ssh/.meta 0
installed 0 c
/etc/sv/ssh/log 0
run 3w# c
/etc/sysctl.d 0
99-sysctl.conf>../sysctl.conf 1
README.sysctl m6 m
/etc/systemd 0+
journald.conf zm 1
logind.conf 16r 1
networkd.conf ni 2
pstore.conf im 2
sleep.conf qh 2
system.conf 1ls 1
user.conf 13b 1
/etc/systemd/network 1
/etc/systemd/system 0+
chronyd.service>/lib/systemd/system/chrony.service 0
redis.service>/lib/systemd/system/redis-server.service 0
sshd.service>/lib/systemd/system/ssh.service 0
syslog.service>/lib/systemd/system/rsyslog.service 0
/etc/systemd/system/getty.target.wants 0
getty@tty1.service>/lib/systemd/system/getty@.service 0
/etc/systemd/system/multi-user.target.wants 0+
chrony.service>/lib/systemd/system/chrony.service 0
containerd.service>/lib/systemd/system/containerd.service 0
cron.service>/lib/systemd/system/cron.service 0
docker.service>/lib/systemd/system/docker.service 0
e2scrub_reap.service>/lib/systemd/system/e2scrub_reap.service 0+
redis-server.service>/lib/systemd/system/redis-server.service 0
remote-fs.target>/lib/systemd/system/remote-fs.target 0
rsyslog.service>/lib/systemd/system/rsyslog.service 0
ssh.service>/lib/systemd/system/ssh.service 0
/etc/systemd/system/sockets.target.wants 0
docker.socket>/lib/systemd/system/docker.socket 0
/etc/systemd/system/sysinit.target.wants 0
systemd-pstore.service>/lib/systemd/system/systemd-pstore.service 0
/etc/systemd/system/timers.target.wants 0+
apt-daily-upgrade.timer>/lib/systemd/system/apt-daily-upgrade.timer 0+
apt-daily.timer>/lib/systemd/system/apt-daily.timer 0+
dpkg-db-backup.timer>/lib/systemd/system/dpkg-db-backup.timer 0+
e2scrub_all.timer>/lib/systemd/system/e2scrub_all.timer 0+
fstrim.timer>/lib/systemd/system/fstrim.timer 0+
logrotate.timer>/lib/systemd/system/logrotate.timer 0
man-db.timer>/lib/systemd/system/man-db.timer 0
/etc/systemd/user 33+
/etc/terminfo 0+
README 5w k+
/etc/tmpfiles.d 1
/etc/udev 0
udev.conf 8h 2
/etc/udev/hwdb.d 1
/etc/udev/rules.d 1
/etc/ufw 0
/etc/ufw/applications.d 0
openssh-server 41 c
/etc/update-motd.d 0+
10-uname n# 5a+
/etc/vim 0
vimrc 1yx v
vimrc.tiny ie v
/etc/xdg 0
/etc/xdg/systemd 0
user>../../systemd/user 1
/home q+
/media 0+
/mnt 0+
/opt 0+
/proc q+
/root 0+ 700
/run 0+
/srv 0+
/sys q+
/tmp 0+ 1777
/usr 0+
/usr/bin 0+
[ 1guo* 5+
addpart ny8* 4+
apropos>whatis h
apt egw* 7+
apt-cache 1w94* 7+
apt-cdrom hoo* 7+
apt-config ksg* 7+
apt-get 13t4* 7+
apt-key ll0# 7+
apt-mark 1a4o* 7+
arch xv4* 5+
awk>/etc/alternatives/awk 1v+
b2sum 1als* 5+
base32 111s* 5+
base64 111s* 5+
basename xu8* 5+
basenc 17dc* 5+
bash r4kw* 1a+
bashbug 5ap# 1a+
bunzip2 u9k* w
busctl 1zi8* 1
busybox gkcw* 20
bzcat u9k* w
bzcmp>bzdiff w
bzdiff 1pt# w
bzegrep>bzgrep w
bzexe 3rx# 5b
bzfgrep>bzgrep w
bzgrep 2wv# w
bzip2 u9k* w
bzip2recover b8o* w
bzless>bzmore w
bzmore 101# w
c_rehash 5cd# t
captoinfo>tic k+
cat xyo* 5+
catman xsg* h
chage 1q0o f+ 2755 0:42
chattr b94* 8+
chcon 1h0w* 5+
chfn 1ccw f+ 4755
chgrp 1gz4* 5+
chmod 1drk* 5+
choom 16ww* 4+
chown 1k4w* 5+
chronyc 2cmg* i
chrt 1ge8* 4+
chsh 14sw f+ 4755
cksum 31v4* 5+
clear b94* k+
clear_console b6g* 1a+
cmp 149c* 27+
col r40* 4
colcrt bb4* 4
colrm ny8* 4
column 16ww* 4
comm 112o* 5+
containerd soeq0* 1g
containerd-shim 3m05c* 1g
containerd-shim-runc-v1 6wf2o* 1g
containerd-shim-runc-v2 6wycw* 1g
corelist bv3# e+
cp 38mo* 5+
cpan 6g8# e+
cpan5.36-x86_64-linux-gnu 6gt# e+
cpio 3ha8* 23
crontab xog 17 2755 0:101
csplit 2m5s* 5+
ctr dsqeg* 1g
ctstat>lnstat j
curl 60o0* 1o
cut 114g* 5+
cvtsudoers 7ef4* o
dash 2oy0* 28+
date 2m28* 5+
dd 1wuw* 5+
deb-systemd-helper ism# 5c+
deb-systemd-invoke 4td# 35+
debconf 27f# r+
debconf-apt-progress 8wl# r+
debconf-communicate gw# r+
debconf-copydb 1br# r+
debconf-escape hz# r+
debconf-set-selections 2b7# r+
debconf-show 1er# r+
delpart ny8* 4+
delv wmw* x
df 26uw* 5+
dh_bash-completion 3em# 5d
diff 3brk* 27+
diff3 1h1s* 27+
dig 34t4* x
dir 38s0* 5+
dircolors 148g* 5+
dirname uog* 5+
dmesg 1weo* 4+
dnet 9up88* 1b
dnsdomainname>hostname 20+
dnstap-read ehc* x
docker r5020* 1b
docker-init>tini-static 1b
domainname>hostname 20+
dpkg 6tg0* n+
dpkg-deb 3nkg* n+
dpkg-divert 3e48* n+
dpkg-maintscript-helper gd2# n+
dpkg-query 3hao* n+
dpkg-realpath 38a# n+
dpkg-split 2rxs* n+
dpkg-statoverride 1d8w* n+
dpkg-trigger 1wc0* n+
du 3rdc* 5+
echo xu8* 5+
editor>/etc/alternatives/editor 1l
egrep 15# 2o+
enc2xs wd7# e+
encguess 2d9# e+
env 11g8* 5+
envsubst r40* 1p
eqn 4ib4* 3
ex>/etc/alternatives/ex v
expand xww* 5+
expiry o28 f+ 2755 0:42
expr 2iwg* 5+
factor 1tqo* 5+
faillog hsw* f+
fallocate r40* 4+
false rio* 5+
fgrep 15# 2o+
file kxc* 18
fincore r5c* 4+
find 4ths* 36+
findmnt 1u1s* 4+
findrule 2kf# 37+
flock r68* 4+
fmt 111s* 5+
fold xw0* 5+
free ks8* m
funzip hqw* 21
geqn>eqn 3
getconf kxs* 9+
getent s0w* 9+
getopt r40* 4+
gettext r40* 1p
gettext.sh 404# 1p
git 27lag* l
git-receive-pack>git l
git-shell 19wm8* l
git-upload-archive>git l
git-upload-pack>git l
gpasswd 1wa8 f+ 4755
gpgv a5ts* 5e+
gpic>pic 3
grep 4cr4* 2o+
groff 2r4g* 3
grog 254# 3
grops 42uo* 3
grotty 30mo* 3
groups xw0* 5+
grub-editenv 87oo* d
grub-file hvpk* d
grub-fstest kjuw* d
grub-glue-efi 5dmw* d
grub-kbdcomp 1ap# d
grub-menulst2cfg 5114* d
grub-mkfont 60a0* d
grub-mkimage 7rwo* d
grub-mklayout 5k6g* d
grub-mknetdir 90rc* d
grub-mkpasswd-pbkdf2 5ne0* d
grub-mkrelpath 5de0* d
grub-mkrescue lsoo* d
grub-mkstandalone ap48* d
grub-mount gny0* d
grub-render-label i5mw* d
grub-script-check 5zm0* d
grub-syslinux2cfg h0yg* d
gtbl>tbl 3
gunzip 1t6# y+
gzexe 4z3# y+
gzip 23q0* y+
h2ph mjv# e+
h2xs 1b0m# e+
hardlink 13tc* 4+
hd>hexdump 4
head 113k* 5+
helpztags 1xu# v
hexdump 1a2w* 4
host 2imo* x
hostid uog* 5+
hostname hi0* 20+
hostnamectl o00* 1
htop 6sug* 2p
i386>setarch 4+
iconv 1dvs* 9+
id 115c* 5+
infocmp 1d8g* k+
infotocap>tic k+
install 3f3s* 5+
instmodsh 3dh# e+
ionice r40* 4+
ip et6w* j
ipcmk r5s* 4+
ipcrm r40* 4+
ipcs 1mps* 4+
iptables-xml>../sbin/xtables-legacy-multi 6
ischroot bbc* z+
join 17g0* 5+
journalctl 1mz4* 1
json_pp 3uo# e+
kernel-install a2t# 1
kill hmg* m
kmod 3tow* 10
last 13r4* 4+
lastb>last 4+
lastlog p34* f+
lcf 608# 1n
ld.so>/lib64/ld-linux-x86-64.so.2 9+
ldd 467# 9+
less 49io* 1q
lessecho b94* 1q
lessfile>lesspipe 1q
lesskey io8* 1q
lesspipe 6zb# 1q
lexgrog 2cx4* h
libnetcfg c6a# e+
link uog* 5+
linux-check-removal 3ms# 2q
linux-run-hooks 2qh# 5f
linux-update-symlinks 51d# 2q
linux-version 23y# 2q
linux32>setarch 4+
linux64>setarch 4+
ln 1k6w* 5+
lnstat l08* j
locale 10h4* 9+
localectl ku8* 1
localedef 6en4* 9+
logger 17dk* 4+
login 14ww* f+
loginctl 1a7k* 1
logname uog* 5+
look egw* 4
ls 38s0* 5+
lsattr b94* 8+
lsblk 4fuo* 4+
lscpu 2rsw* 4+
lsfd 2n20* 4+
lsinitramfs kf# 2z
lsipc 25og* 4+
lsirq r8w* 4+
lslocks 1jv4* 4+
lslogins 22io* 4+
lsmem 1ge8* 4+
lsmod>kmod 10
lsns 1t1c* 4+
lsof 3ur4* 5g
lzcat>/etc/alternatives/lzcat g
lzcmp>/etc/alternatives/lzcmp g
lzdiff>/etc/alternatives/lzdiff g
lzegrep>/etc/alternatives/lzegrep g
lzfgrep>/etc/alternatives/lzfgrep g
lzgrep>/etc/alternatives/lzgrep g
lzless>/etc/alternatives/lzless g
lzma>/etc/alternatives/lzma g
lzmainfo baw* g
lzmore>/etc/alternatives/lzmore g
man 2nw0* h
man-recode ryg* h
mandb 38mo* h
manpath rhc* h
mawk 3e7c* 1v+
mcookie r5s* 4+
md5sum 149c* 5+
md5sum.textutils>md5sum 5+
mdig 10ls* x
mesg ego* 4+
mkdir 239s* 5+
mkfifo 1h2o* 5+
mknod 1k9c* 5+
mktemp xww* 5+
more 1a2o* 4+
mount 1a2g 4+ 4755
mountpoint ego* 4+
mt>/etc/alternatives/mt 23
mt-gnu 1tvk* 23
mv 32bc* 5+
namei r40* 4+
nano 65tk* 1l
nawk>/etc/alternatives/nawk 1v+
nc>/etc/alternatives/nc 1w
nc.openbsd xmw* 1w
neqn pd# 3
netcat>/etc/alternatives/netcat 1w
netstat 3bu0* 16
networkctl 2c20* 1
newgrp 11q8 f+ 4755
ngettext r40* 1p
nice xv4* 5+
nisdomainname>hostname 20+
nl 2fsg* 5+
nohup xw0* 5+
nproc xw0* 5+
nroff 2jh# 3
nsenter rag* 4+
nslookup 2ins* x
nstat 2aiw* j
nsupdate 1mwo* x
numfmt 1gy8* 5+
od 1qfk* 5+
openssl kx6w* t
pager>/etc/alternatives/pager 4+
partx 2lhc* 4+
passwd 1gns f+ 4755
paste xw0* 5+
pathchk xv4* 5+
perl 29mpc* e+
perl5.36-x86_64-linux-gnu bds* e+
perl5.36.0 29mpc* e+
perlbug yv3# e+
perldoc 3h# 31+
perlivp 8dv# e+
perlthanks yv3* e+
pgrep r74* m
pic 4u1c* 3
pico>/etc/alternatives/pico 1l
piconv 6g8# e+
pidof>/sbin/killall5 1j+
pidwait r74* m
ping 1xvs* 2r
ping4>ping 2r
ping6>ping 2r
pinky 1168* 5+
pkill>pgrep m
pl2pm 3i0# e+
pldd hxc* 9+
pmap r4o* m
pod2html 36x# e+
pod2man blm# e+
pod2text 8c3# e+
pod2usage 363# e+
podchecker 2tm# e+
pr 1qi8* 5+
preconv 1ghk* 3
printenv rio* 5+
printf 1dps* 5+
prlimit uog* 4+
prove ajf# e+
ps 34xk* m
ptar 2r2# e+
ptardiff 21h# e+
ptargrep 3e3# e+
ptx 2yuo* 5+
pwd xww* 5+
pwdx baw* m
py3clean 60y# 19
py3compile a9o# 19
py3versions>../share/python3/py3versions.py 19
python3>python3.11 19
python3.11 41yl4* 26
rbash>bash 1a+
rdma 3yp4* j
readlink 147k* 5+
realpath 148g* 5+
redis-benchmark g7m0* 12
redis-check-aof 1f5w0* 12
redis-check-rdb 1f5w0* 12
redis-cli 81e8* 12
redis-server>redis-check-rdb 12
rename.ul hmg* 4+
renice baw* 4+
reset>tset k+
resizepart 1jk0* 4+
rev baw* 4+
rgrep u# 5h+
rm 1k4w* 5+
rmdir 17e8* 5+
rnano>nano 1l
routel 1a2# j
rrsync ypi# s
rsync ckvk* s
rsync-ssl 589# s
rtstat>lnstat j
run-parts l9k* z+
runc>../sbin/runc 38
runcon xxs* 5+
rview>/etc/alternatives/rview v
savelog 83b# z+
scalar 1b59k* l
scp 5uo0* c
script 1jjs* 4+
scriptlive 16wo* 4+
scriptreplay 10l4* 4+
sdiff 17io* 27+
sed 2pjs* 5i+
select-editor 1w2# 1r
sensible-browser zu# 1r
sensible-editor z9# 1r
sensible-pager fp# 1r
seq 1ak0* 5+
setarch l00* 4+
setpriv 1pvk* 4+
setsid baw* 4+
setterm 10lc* 4+
sftp 67a8* c
sg>newgrp f+
sh>dash 28+
sha1sum 17f4* 5+
sha224sum 1akw* 5+
sha256sum 1akw* 5+
sha384sum 1dqo* 5+
sha512sum 1dqo* 5+
shasum 7p7# e+
shred 1dw0* 5+
shuf 1als* 5+
skill nyo* m
slabtop ho8* m
sleep xv4* 5+
slogin>ssh c
snice>skill m
soelim 13ug* 3
sort 2jeg* 5+
splain f09# e+
split 1b20* 5+
ss 45g0* j
ssh o7j4* c
ssh-add bdmo* c
ssh-agent aetc c 2755 0:107
ssh-argv0 14f# c
ssh-copy-id 9s4# 5j
ssh-keygen e6rk* c
ssh-keyscan dnts* c
stat 2380* 5+
stdbuf 1ak0* 5+
streamzip 64l# e+
stty 1tlc* 5+
su 1jk0 4+ 4755
sudo 61aw o 4755
sudoedit>sudo o
sudoreplay 2jf4* o
sum 149k* 5+
sync uq8* 5+
systemctl t09k* 1
systemd>/lib/systemd/systemd 1
systemd-analyze 40a8* 1
systemd-ask-password els* 1
systemd-cat eio* 1
systemd-cgls hrc* 1
systemd-cgtop uc8* 1
systemd-creds xo0* 1
systemd-cryptenroll 1aaw* 1
systemd-delta ku8* 1
systemd-detect-virt eig* 1
systemd-escape eig* 1
systemd-firstboot 13yw* 1
systemd-hwdb 2s2w* 1
systemd-id128 ho8* 1
systemd-inhibit how* 1
systemd-machine-id-setup els* 1
systemd-mount 13z4* 1
systemd-notify eio* 1
systemd-path eig* 1
systemd-repart 3b28* 1
systemd-run 1aa0* 1
systemd-socket-activate ku8* 1
systemd-stdio-bridge eio* 1
systemd-sysext xko* 1
systemd-sysusers 1diw* 1
systemd-tmpfiles 2fd4* 1
systemd-tty-ask-password-agent r5s* 1
systemd-umount>systemd-mount 1
tabs eeo* k+
tac 2fqo* 5+
tail 1ndc* 5+
tar behc* 1f+
taskset 1d8g* 4+
tbl 37p4* 3
tee xxs* 5+
tempfile b7c* z+
test 1aj4* 5+
tic 1zds* k+
timedatectl xh4* 1
timeout 11iw* 5+
tini lg0* 39
tini-static f6cw* 39
tload eh4* m
tmux liy8* 5k
toe hkg* k+
top 2vyo* m
touch 2ckw* 5+
tput kr4* k+
tr 17dc* 5+
troff gl74* 3
true rio* 5+
truncate xw0* 5+
tset nw8* k+
tsort 17dc* 5+
tty rjk* 5+
tzselect bug# 9+
ucf w5c# 1n
ucfq exz# 1n
ucfr 8kn# 1n
uclampset 1d8g* 4+
udevadm t07c* 1
ul hmo* 4
umount r3s 4+ 4755
uname xv4* 5+
uncompress 1t6# y+
unexpand xww* 5+
uniq 113k* 5+
unlink uog* 5+
unlzma>/etc/alternatives/unlzma g
unmkinitramfs 2u6# 15
unshare 1t7s* 4+
unxz>xz g
unzip 3ub4* 21
unzipsfx 1tgw* 21
update-alternatives 1a2o* n+
uptime baw* m
users uq8* 5+
utmpdump ny0* 4+
vdir 38s0* 5+
vi>/etc/alternatives/vi v
view>/etc/alternatives/view v
vim.tiny yxe8* v
vmstat rfk* m
w hmg* m
wall u9k* 4+
watch l3s* m
wc 14c8* 5+
wdctl 1jko* 4+
wget a2y8* 34
whatis 14iw* h
whereis ob4* 4+
which>/etc/alternatives/which z+
which.debianutils qa# z+
who 1amo* 5+
whoami upc* 5+
write hmo* 4
x86_64>setarch 4+
xargs 1jns* 36+
xsubpp 3zj# e+
xz 1tc8* g
xzcat>xz g
xzcmp>xzdiff g
xzdiff 5q6# g
xzegrep>xzgrep g
xzfgrep>xzgrep g
xzgrep 7z1# g
xzless 1ed# g
xzmore 1ou# g
yes uog* 5+
ypdomainname>hostname 20+
zcat 1j4# y+
zcmp 1am# y+
zdiff 4zg# y+
zdump hso* 9+
zegrep t# y+
zfgrep t# y+
zforce 1lt# y+
zgrep 693# y+
zipdetails 1i5t# e+
zipgrep 2a7# 21
zipinfo 3ub4* 21
zless 1pa# y+
zmore 1f6# y+
znew 3j5# y+
/usr/games q+
/usr/include 0+
sudo_plugin.h 97x o
/usr/include/iproute2 0
bpf_elf.h zb j
/usr/lib 0+
klibc-XX6cASCB7KZyJWpIJW79y94XHBY.so 1lmo* 5l
sftp-server>openssh/sftp-server c
/usr/lib/NetworkManager 0
/usr/lib/NetworkManager/dispatcher.d 0
20-chrony-dhcp 117# i
20-chrony-onoffline hb# i
/usr/lib/apt 0+
apt-helper ugg* 7+
apt.systemd.daily clh# 7+
/usr/lib/apt/methods 0+
cdrom 1jm0* 7+
copy 1a4o* 7+
file 1dag* 7+
ftp 34kg* 7+
gpgv 2f7s* 7+
http 49lc* 7+
https>http 7+
mirror 2ljc* 7+
mirror+copy>mirror 7+
mirror+file>mirror 7+
mirror+ftp>mirror 7+
mirror+http>mirror 7+
mirror+https>mirror 7+
rred 1w94* 7+
rsh 1jmg* 7+
ssh>rsh 7+
store 1dag* 7+
/usr/lib/apt/planners 0+
dump>../solvers/dump 7+
/usr/lib/apt/solvers 0+
dump hmo* 7+
/usr/lib/binfmt.d 0
python3.11.conf 1i 26
/usr/lib/dpkg 0+
/usr/lib/dpkg/methods 0+
/usr/lib/dpkg/methods/apt 0+
desc.apt fr 7+
install 27h# 7+
names 13 7+
setup 5zd# 7+
update yi# 7+
/usr/lib/environment.d 0
99-environment.conf>/etc/environment 1
/usr/lib/file 0
magic.mgc 4xhog 18
/usr/lib/git-core 0
/usr/lib/groff 0
/usr/lib/groff/grog 0
subs.pl mc6 3
/usr/lib/groff/site-tmac 3
/usr/lib/grub 0
grub-mkconfig_lib>../../share/grub/grub-mkconfig_lib d
/usr/lib/init 0+
init-d-script 586# 1j+
vars.sh xo 1j+
/usr/lib/kernel 0
install.conf am 2
/usr/lib/kernel/install.d 0
50-depmod.install 1m8# 2
85-initrd.install jr# 1
90-loaderentry.install 4ju# 2
/usr/lib/klibc 0
/usr/lib/locale 9+
/usr/lib/lsb 0+
init-functions 8qp 1j+
/usr/lib/lsb/init-functions.d 0+
00-verbose ia 1j+
40-systemd 2ib 1
/usr/lib/man-db 0
libman-2.11.2.so 4edc h
libman.so>libman-2.11.2.so h
libmandb-2.11.2.so np4 h
libmandb.so>libmandb-2.11.2.so h
man>../../bin/man h
mandb>../../bin/mandb h
/usr/lib/mime 4+
/usr/lib/mime/packages 0+
groff-base 6r 3
less 2i 1q
man-db 1fr h
sensible-utils 2p 1r
tar 8x 1f+
unzip 25 5m
util-linux 2i 4+
vim-common 9m v
/usr/lib/modprobe.d 0
aliases.conf hc 10
fbdev-blacklist.conf au 1
systemd.conf mt 2
/usr/lib/modules 0
/usr/lib/modules/{kernel} 0
modules.alias 29jd 0
modules.alias.bin 2c4e 0
modules.builtin 3kt 1k
modules.builtin.alias.bin 2h8 0
modules.builtin.bin 4wd 0
modules.builtin.modinfo s98 1k
modules.dep 264d 0
modules.dep.bin 333i 0
modules.devname 9c 0
modules.order uos 1k
modules.softdep sd 0
modules.symbols 4sz0 0
modules.symbols.bin 5qd0 0
/usr/lib/modules/{kernel}/kernel 0
/usr/lib/modules/{kernel}/kernel/arch 0
/usr/lib/modules/{kernel}/kernel/block 0
/usr/lib/modules/{kernel}/kernel/crypto 0
/usr/lib/modules/{kernel}/kernel/drivers 0
/usr/lib/modules/{kernel}/kernel/fs 0
/usr/lib/modules/{kernel}/kernel/lib 0
/usr/lib/modules/{kernel}/kernel/mm 0
/usr/lib/modules/{kernel}/kernel/net 0
/usr/lib/modules/{kernel}/kernel/virt 0
/usr/lib/modules-load.d 1
/usr/lib/networkd-dispatcher 0
/usr/lib/networkd-dispatcher/off.d 0
chrony-onoffline>../../NetworkManager/dispatcher.d/20-chrony-onoffline i
/usr/lib/networkd-dispatcher/routable.d 0
chrony-onoffline>../../NetworkManager/dispatcher.d/20-chrony-onoffline i
/usr/lib/openssh 0
agent-launch kg# c
sftp-server 4frk* c
ssh-keysign e3pc c 4755
ssh-pkcs11-helper a25s* c
ssh-session-cleanup 6n# c
ssh-sk-helper 9z00* c
/usr/lib/pam.d 0
systemd-user a4 1
/usr/lib/python3.11 0
/usr/lib/rsyslog 0
rsyslog-rotate 2k# 1y
/usr/lib/runit-helper 0
runit-helper 4lm# 5n
/usr/lib/sasl2 1s
/usr/lib/ssl 0
cert.pem>/etc/ssl/certs/ca-certificates.crt t
certs>/etc/ssl/certs t
openssl.cnf>/etc/ssl/openssl.cnf t
private>/etc/ssl/private t
/usr/lib/ssl/misc 0
CA.pl ac5# t
tsget>tsget.pl t
tsget.pl 57b# t
/usr/lib/sysctl.d 0
50-pid-max.conf i1 2
99-protect-links.conf ac m
/usr/lib/systemd 0+
resolv.conf jq 2
systemd 1zeo* 1
systemd-ac-power bco* 1
systemd-backlight nzs* 1
systemd-binfmt eig* 1
systemd-boot-check-no-failures bco* 1
systemd-cgroups-agent bao* 1
systemd-cryptsetup 1jtk* 1
systemd-fsck hmg* 1
systemd-fsckd ku0* 1
systemd-growfs ho8* 1
systemd-hibernate-resume bao* 1
systemd-hostnamed xhs* 1
systemd-initctl ho8* 1
systemd-integritysetup hpk* 1
systemd-journald 3nk0* 1
systemd-localed 10nk* 1
systemd-logind 60w8* 1
systemd-makefs bao* 1
systemd-measure 10s8* 1
systemd-modules-load elc* 1
systemd-network-generator ubc* 1
systemd-networkd yzy8* 1
systemd-networkd-wait-online o3k* 1
systemd-pcrphase hrk* 1
systemd-pstore how* 1
systemd-quotacheck bco* 1
systemd-random-seed hm8* 1
systemd-remount-fs egg* 1
systemd-reply-password bao* 1
systemd-rfkill ho8* 1
systemd-shutdown 10n4* 1
systemd-sleep o00* 1
systemd-socket-proxyd o08* 1
systemd-sulogin-shell bco* 1
systemd-sysctl hr4* 1
systemd-sysroot-fstab-check>system-generators/systemd-fstab-generator 1
systemd-sysv-install 11s# 1
systemd-time-wait-sync egg* 1
systemd-timedated xhs* 1
systemd-udevd>/bin/udevadm 1
systemd-update-utmp eig* 1
systemd-user-runtime-dir egg* 1
systemd-user-sessions bao* 1
systemd-veritysetup hpc* 1
systemd-volatile-root egg* 1
systemd-xdg-autostart-condition bao* 1
/usr/lib/systemd/catalog 0
systemd.be.catalog 9vf 1
systemd.be@latin.catalog 7kc 1
systemd.bg.catalog mb1 1
systemd.catalog fhr 1
systemd.da.catalog 5xq 1
systemd.de.catalog j4 1
systemd.fr.catalog a3d 1
systemd.hr.catalog 7nl 1
systemd.hu.catalog 68t 1
systemd.it.catalog c40 1
systemd.ko.catalog 8em 1
systemd.pl.catalog gms 1
systemd.pt_BR.catalog 69n 1
systemd.ru.catalog fkv 1
systemd.sr.catalog 821 1
systemd.zh_CN.catalog 5hf 1
systemd.zh_TW.catalog 5ga 1
/usr/lib/systemd/network 0
73-usb-net-by-mac.link 18 1
80-6rd-tunnel.network mr 2
80-container-host0.network q1 2
80-container-vb.network q6 2
80-container-ve.network sf 2
80-container-vz.network s1 2
80-ethernet.network.example h7 2
80-vm-vt.network qy 2
80-wifi-adhoc.network jd 2
80-wifi-ap.network.example hl 2
80-wifi-station.network.example gq 2
99-default.link ld 2
/usr/lib/systemd/ntp-units.d 0
50-chrony.list f i
/usr/lib/systemd/system 0+
apt-daily-upgrade.service at 7+
apt-daily-upgrade.timer 54 7+
apt-daily.service 92 7+
apt-daily.timer 4c 7+
autovt@.service>getty@.service 1
basic.target pr 2
blockdev@.target ch 2
bluetooth.target c3 2
boot-complete.target cv 2
chrony-dnssrv@.service b5 i
chrony-dnssrv@.timer 3u i
chrony-wait.service ug 5o
chrony.service 1hm i
console-getty.service um 1
container-getty@.service yu 1
containerd.service z4 1g
cron.service 8s 25
cryptdisks-early.service>/dev/null 1
cryptdisks.service>/dev/null 1
cryptsetup-pre.target d5 2
cryptsetup.target bo 2
ctrl-alt-del.target>reboot.target 1
dbus-org.freedesktop.hostname1.service>systemd-hostnamed.service 1
dbus-org.freedesktop.locale1.service>systemd-localed.service 1
dbus-org.freedesktop.login1.service>systemd-logind.service 1
dbus-org.freedesktop.timedate1.service>systemd-timedated.service 1
debug-shell.service tl 1
default.target>graphical.target 1
dev-hugepages.mount ky 2
dev-mqueue.mount jh 2
docker.service 10m 1b
docker.socket 87 22
dpkg-db-backup.service 43 2w+
dpkg-db-backup.timer 3u 5p+
e2scrub@.service c6 8+
e2scrub_all.service 89 8+
e2scrub_all.timer 6z 8+
e2scrub_fail@.service 6t 8+
e2scrub_reap.service fd 8+
emergency.service md 1
emergency.target db 2
exit.target f9 2
factory-reset.target be 2
final.target dw 2
first-boot-complete.target ct 2
fstrim.service d9 4+
fstrim.timer 7i 4+
getty-pre.target ee 2
getty-static.service a6 1
getty.target e5 2
getty@.service 1jn 1
graphical.target gu 2
halt.target f2 2
hibernate.target em 2
hwclock.service>/dev/null 1
hybrid-sleep.target ey 2
initrd-cleanup.service im 2
initrd-fs.target gm 2
initrd-parse-etc.service zf 1
initrd-root-device.target fq 2
initrd-root-fs.target fv 2
initrd-switch-root.service hb 2
initrd-switch-root.target ln 2
initrd-udevadm-cleanup-db.service mv 2
initrd-usr-fs.target fv 2
initrd.target mi 2
integritysetup-pre.target dj 2
integritysetup.target by 2
kexec.target f9 2
kmod-static-nodes.service jh 1
kmod.service>systemd-modules-load.service 1
local-fs-pre.target cl 2
local-fs.target ff 2
logrotate.service o6 5q
logrotate.timer 5b 2k
machine.slice cl 2
man-db.service ki h
man-db.timer 4r h
modprobe@.service fx 2
multi-user.target f0 2
network-online.target df 2
network-pre.target dm 2
network.target dv 2
nss-lookup.target fm 2
nss-user-lookup.target eh 2
pam_namespace.service 93 a+
paths.target bb 2
poweroff.target gv 2
printer.target c1 2
proc-sys-fs-binfmt_misc.automount l8 2
proc-sys-fs-binfmt_misc.mount jr 2
procps.service>systemd-sysctl.service 1
quotaon.service h5 1
rc-local.service k4 1
rc.service>/dev/null 1
rcS.service>/dev/null 1
reboot.target gm 2
redis-server.service 1ey 12
redis-server@.service 2cu 12
remote-cryptsetup.target fh 2
remote-fs-pre.target cm 2
remote-fs.target eq 2
remote-veritysetup.target fp 2
rescue-ssh.target 54 c
rescue.service m4 1
rescue.target dw 2
rpcbind.target f8 2
rsync.service sm 5r
rsyslog.service d1 1y
runlevel0.target>poweroff.target 1
runlevel1.target>rescue.target 1
runlevel2.target>multi-user.target 1
runlevel3.target>multi-user.target 1
runlevel4.target>multi-user.target 1
runlevel5.target>graphical.target 1
runlevel6.target>reboot.target 1
serial-getty@.service 168 1
shutdown.target cp 2
sigpwr.target be 2
sleep.target d0 2
slices.target cu 2
smartcard.target bw 2
sockets.target bd 2
sound.target bw 2
ssh.service ey c
ssh.socket 5g c
sudo.service>/dev/null o
suspend-then-hibernate.target g9 2
suspend.target e7 2
swap.target b6 2
sys-fs-fuse-connections.mount vu 2
sys-kernel-config.mount uv 2
sys-kernel-debug.mount ka 2
sys-kernel-tracing.mount l0 2
sysinit.target fy 2
syslog.socket 13b 2
system-systemd\x2dcryptsetup.slice cm 2
system-update-cleanup.service 13e 2
system-update-pre.target fb 2
system-update.target hd 2
systemd-ask-password-console.path lf 2
systemd-ask-password-console.service n6 2
systemd-ask-password-wall.path jb 2
systemd-ask-password-wall.service kr 2
systemd-backlight@.service k7 1
systemd-binfmt.service xh 1
systemd-boot-check-no-failures.service k6 1
systemd-exit.service fo 2
systemd-firstboot.service 10l 2
systemd-fsck-root.service ml 1
systemd-fsck@.service kt 1
systemd-fsckd.service fb 1
systemd-fsckd.socket f0 1
systemd-halt.service gi 2
systemd-hibernate-resume@.service is 1
systemd-hibernate.service fi 1
systemd-hostnamed.service xe 1
systemd-hybrid-sleep.service g3 1
systemd-initctl.service fy 1
systemd-initctl.socket fd 2
systemd-journal-flush.service mr 2
systemd-journald-audit.socket i7 2
systemd-journald-dev-log.socket wu 2
systemd-journald-varlink@.socket gt 2
systemd-journald.service 1l5 1
systemd-journald.socket py 2
systemd-journald@.service 14e 1
systemd-journald@.socket kq 2
systemd-kexec.service gp 2
systemd-localed.service xl 1
systemd-logind.service 1nt 1
systemd-machine-id-commit.service ks 2
systemd-modules-load.service uk 1
systemd-network-generator.service lw 1
systemd-networkd-wait-online.service kr 1
systemd-networkd-wait-online@.service m8 1
systemd-networkd.service 1vy 1
systemd-networkd.socket iy 2
systemd-pcrphase-initrd.service r4 1
systemd-pcrphase-sysinit.service oe 1
systemd-pcrphase.service nc 1
systemd-poweroff.service fz 2
systemd-pstore.service mj 1
systemd-quotacheck.service if 1
systemd-random-seed.service wf 1
systemd-reboot.service fs 2
systemd-remount-fs.service lj 1
systemd-repart.service 10f 1
systemd-rfkill.service k5 1
systemd-rfkill.socket ke 2
systemd-suspend-then-hibernate.service gl 1
systemd-suspend.service fc 1
systemd-sysctl.service k9 1
systemd-sysext.service tp 2
systemd-sysusers.service xt 2
systemd-time-wait-sync.service xf 1
systemd-timedated.service w6 1
systemd-tmpfiles-clean.service kt 2
systemd-tmpfiles-clean.timer ez 2
systemd-tmpfiles-setup-dev.service n9 2
systemd-tmpfiles-setup.service rp 2
systemd-udev-settle.service nz 2
systemd-udev-trigger.service l2 2
systemd-udevd-control.socket i2 2
systemd-udevd-kernel.socket hc 2
systemd-udevd.service 10c 1
systemd-update-utmp-runlevel.service mb 1
systemd-update-utmp.service m7 1
systemd-user-sessions.service hz 1
systemd-volatile-root.service kj 1
time-set.target c2 2
time-sync.target dj 2
timers.target cq 2
udev.service>systemd-udevd.service 1
umount.target cx 2
usb-gadget.target bu 2
user-runtime-dir@.service ii 1
user.slice c8 2
user@.service le 1
veritysetup-pre.target dd 2
veritysetup.target bv 2
x11-common.service>/dev/null 1
/usr/lib/systemd/system/getty.target.wants 0
getty-static.service>../getty-static.service 1
/usr/lib/systemd/system/graphical.target.wants 0
systemd-update-utmp-runlevel.service>../systemd-update-utmp-runlevel.service 1
/usr/lib/systemd/system/initrd-root-device.target.wants 0
remote-cryptsetup.target>../remote-cryptsetup.target 1
remote-veritysetup.target>../remote-veritysetup.target 1
/usr/lib/systemd/system/initrd-root-fs.target.wants 0
systemd-repart.service>../systemd-repart.service 1
/usr/lib/systemd/system/initrd.target.wants 0
systemd-pcrphase-initrd.service>../systemd-pcrphase-initrd.service 1
/usr/lib/systemd/system/local-fs.target.wants 1
/usr/lib/systemd/system/multi-user.target.wants 0
getty.target>../getty.target 1
systemd-ask-password-wall.path>../systemd-ask-password-wall.path 1
systemd-logind.service>../systemd-logind.service 1
systemd-update-utmp-runlevel.service>../systemd-update-utmp-runlevel.service 1
systemd-user-sessions.service>../systemd-user-sessions.service 1
/usr/lib/systemd/system/rc-local.service.d 0
debian.conf 82 1
/usr/lib/systemd/system/rescue.target.wants 0
systemd-update-utmp-runlevel.service>../systemd-update-utmp-runlevel.service 1
/usr/lib/systemd/system/runlevel1.target.wants 1
/usr/lib/systemd/system/runlevel2.target.wants 1
/usr/lib/systemd/system/runlevel3.target.wants 1
/usr/lib/systemd/system/runlevel4.target.wants 1
/usr/lib/systemd/system/runlevel5.target.wants 1
/usr/lib/systemd/system/sockets.target.wants 0
systemd-initctl.socket>../systemd-initctl.socket 1
systemd-journald-audit.socket>../systemd-journald-audit.socket 1
systemd-journald-dev-log.socket>../systemd-journald-dev-log.socket 1
systemd-journald.socket>../systemd-journald.socket 1
systemd-udevd-control.socket>../systemd-udevd-control.socket 1
systemd-udevd-kernel.socket>../systemd-udevd-kernel.socket 1
/usr/lib/systemd/system/sysinit.target.wants 0
cryptsetup.target>../cryptsetup.target 1
dev-hugepages.mount>../dev-hugepages.mount 1
dev-mqueue.mount>../dev-mqueue.mount 1
integritysetup.target>../integritysetup.target 1
kmod-static-nodes.service>../kmod-static-nodes.service 1
proc-sys-fs-binfmt_misc.automount>../proc-sys-fs-binfmt_misc.automount 1
sys-fs-fuse-connections.mount>../sys-fs-fuse-connections.mount 1
sys-kernel-config.mount>../sys-kernel-config.mount 1
sys-kernel-debug.mount>../sys-kernel-debug.mount 1
sys-kernel-tracing.mount>../sys-kernel-tracing.mount 1
systemd-ask-password-console.path>../systemd-ask-password-console.path 1
systemd-binfmt.service>../systemd-binfmt.service 1
systemd-firstboot.service>../systemd-firstboot.service 1
systemd-journal-flush.service>../systemd-journal-flush.service 1
systemd-journald.service>../systemd-journald.service 1
systemd-machine-id-commit.service>../systemd-machine-id-commit.service 1
systemd-modules-load.service>../systemd-modules-load.service 1
systemd-pcrphase-sysinit.service>../systemd-pcrphase-sysinit.service 1
systemd-pcrphase.service>../systemd-pcrphase.service 1
systemd-random-seed.service>../systemd-random-seed.service 1
systemd-repart.service>../systemd-repart.service 1
systemd-sysctl.service>../systemd-sysctl.service 1
systemd-sysusers.service>../systemd-sysusers.service 1
systemd-tmpfiles-setup-dev.service>../systemd-tmpfiles-setup-dev.service 1
systemd-tmpfiles-setup.service>../systemd-tmpfiles-setup.service 1
systemd-udev-trigger.service>../systemd-udev-trigger.service 1
systemd-udevd.service>../systemd-udevd.service 1
systemd-update-utmp.service>../systemd-update-utmp.service 1
veritysetup.target>../veritysetup.target 1
/usr/lib/systemd/system/systemd-localed.service.d 0
locale-gen.conf 64 1
/usr/lib/systemd/system/timers.target.wants 0
systemd-tmpfiles-clean.timer>../systemd-tmpfiles-clean.timer 1
/usr/lib/systemd/system/user-.slice.d 0
10-defaults.conf cq 2
/usr/lib/systemd/system/user@.service.d 0
10-login-barrier.conf gt 2
/usr/lib/systemd/system/user@0.service.d 0
10-login-barrier.conf f8 2
/usr/lib/systemd/system-environment-generators 1
/usr/lib/systemd/system-generators 0
systemd-cryptsetup-generator r9k* 1
systemd-debug-generator bew* 1
systemd-fstab-generator xnk* 1
systemd-getty-generator hm8* 1
systemd-gpt-auto-generator ny0* 1
systemd-hibernate-resume-generator beg* 1
systemd-integritysetup-generator hp4* 1
systemd-rc-local-generator bao* 1
systemd-run-generator beg* 1
systemd-system-update-generator bao* 1
systemd-sysv-generator nzs* 1
systemd-veritysetup-generator o40* 1
/usr/lib/systemd/system-preset 0
90-systemd.preset 11t 2
/usr/lib/systemd/system-shutdown 1
/usr/lib/systemd/system-sleep 1
/usr/lib/systemd/user 0
app.slice ca 2
background.slice ce 2
basic.target e1 2
bluetooth.target bv 2
default.target d3 2
exit.target e6 2
graphical-session-pre.target fe 1
graphical-session.target do 2
paths.target b6 2
printer.target bt 2
session.slice cb 2
shutdown.target ci 2
smartcard.target bw 2
sockets.target b8 2
sound.target bw 2
ssh-agent.service 7z c
systemd-exit.service gm 2
systemd-tmpfiles-clean.service j4 2
systemd-tmpfiles-clean.timer f1 2
systemd-tmpfiles-setup.service jx 2
timers.target cl 2
xdg-desktop-autostart.target d9 2
/usr/lib/systemd/user/graphical-session-pre.target.wants 0
ssh-agent.service>../ssh-agent.service c
/usr/lib/systemd/user-environment-generators 0
30-systemd-environment-d-generator bao* 1
/usr/lib/systemd/user-generators 0
systemd-xdg-autostart-generator nzs* 1
/usr/lib/systemd/user-preset 0
90-systemd.preset g4 2
/usr/lib/sysusers.d 0
basic.conf 1b1 1
systemd-journal.conf 8q 1
systemd-network.conf 9h 1
/usr/lib/terminfo k+
/usr/lib/tmpfiles.d 0+
debian.conf ed 1
home.conf a2 2
journal-nocow.conf ug 2
legacy.conf oe 1
man-db.conf x h
passwd.conf 6n 1h+
provision.conf nn 2
static-nodes-permissions.conf l7 1
sudo.conf r 1x
systemd-network.conf g7 2
systemd-nologin.conf ey 2
systemd-pstore.conf 160 2
systemd-tmp.conf mv 2
systemd.conf 1ey 1
tmp.conf cg 1
var.conf fs 1
x11.conf h5 2
/usr/lib/udev 0+
ata_id 1gnc* 1
cdrom_id 1q54* 1
dmi_memory_id 1mz4* 1
fido_id 293k* 1
hwclock-set 70# 4+
hwdb.bin 7r02n 0 444
mtd_probe hq8* 1
scsi_id 1tpc* 1
v4l_id hs8* 1
/usr/lib/udev/hwdb.d 0
20-OUI.hwdb 1q75w 2
20-acpi-vendor.hwdb 3d65 2
20-bluetooth-vendor-product.hwdb 30ac 2
20-dmi-id.hwdb 1ck 2
20-net-ifname.hwdb 6h 2
20-pci-classes.hwdb cau 2
20-pci-vendor-model.hwdb 2cag1 2
20-sdio-classes.hwdb lr 2
20-sdio-vendor-model.hwdb 385 2
20-usb-classes.hwdb 6yj 2
20-usb-vendor-model.hwdb w2ky 2
20-vmbus-class.hwdb 1ea 2
60-autosuspend-chromiumos.hwdb 1pm 1
60-autosuspend-fingerprint-reader.hwdb 673 2
60-autosuspend.hwdb 214 2
60-evdev.hwdb l21 2
60-input-id.hwdb 2gr 2
60-keyboard.hwdb 2c7m 2
60-seat.hwdb 127 2
60-sensor.hwdb 12wh 2
70-analyzers.hwdb yj 2
70-av-production.hwdb 3x4 2
70-cameras.hwdb t0 2
70-hardware-wallets.hwdb qg 2
70-joystick.hwdb 15h 2
70-mouse.hwdb lcs 2
70-pda.hwdb pq 2
70-pointingstick.hwdb 4tf 2
70-software-radio.hwdb 3qd 2
70-sound-card.hwdb 183 2
70-touchpad.hwdb 1lp 2
80-ieee1394-unit-function.hwdb 13nm 2
/usr/lib/udev/rules.d 0+
50-firmware.rules 5u 1
50-udev-default.rules 4hi 1
55-dm.rules 5m2 1c
60-autosuspend.rules jk 2
60-block.rules jj 2
60-cdrom_id.rules tr 2
60-drm.rules bh 2
60-evdev.rules ud 2
60-fido-id.rules dn 2
60-infiniband.rules aj 2
60-input-id.rules 7u 2
60-persistent-alsa.rules h4 2
60-persistent-input.rules 23j 2
60-persistent-storage-dm.rules 1ik 1c
60-persistent-storage-tape.rules 1p8 2
60-persistent-storage.rules 7vl 2
60-persistent-v4l.rules ld 2
60-sensor.rules 18y 2
60-serial.rules vk 2
64-btrfs.rules h0 1
70-camera.rules 7t 2
70-joystick.rules c0 2
70-memory.rules 54 2
70-mouse.rules ke 2
70-power-switch.rules g0 2
70-touchpad.rules d5 2
70-uaccess.rules 2w1 1
71-seat.rules 2xu 1
73-seat-late.rules hv 1
73-special-net-names.rules qx 1
75-net-description.rules ck 2
75-probe_mtd.rules 4u 2
78-sound-card.rules 3ps 2
80-debian-compat.rules gi 1
80-docker.rules 9j 22
80-drivers.rules go 2
80-net-setup-link.rules 87 2
81-net-dhcp.rules eo 2
85-hwclock.rules 5s 4+
95-dm-notify.rules db 1c
96-e2scrub.rules 4r 8+
99-systemd.rules 44z 1
/usr/lib/usrmerge 0+
convert-etc-shells 12l# 3a+
convert-usrmerge cme# 3a+
/usr/lib/x86_64-linux-gnu 0+
ld-linux-x86-64.so.2 4lw8* 9+
libBrokenLocale.so.1 bao 9+
libacl.so.1>libacl.so.1.1.2301 3b+
libacl.so.1.1.2301 tyo 3b+
libanl.so.1 b68 9+
libapparmor.so.1>libapparmor.so.1.8.4 3c
libapparmor.so.1.8.4 1q6w 3c
libapt-pkg.so.6.0>libapt-pkg.so.6.0.0 7+
libapt-pkg.so.6.0.0 18bhs 7+
libapt-private.so.0.0>libapt-private.so.0.0.0 7+
libapt-private.so.0.0.0 ao6o 7+
libargon2.so.1 qww 5s
libatomic.so.1>libatomic.so.1.2.0 1t
libatomic.so.1.2.0 nqw 1t
libattr.so.1>libattr.so.1.1.2501 2n+
libattr.so.1.1.2501 khc 2n+
libaudit.so.1>libaudit.so.1.0.0 2j+
libaudit.so.1.0.0 2ri0 2j+
libbind9-9.18.49-1~deb12u3-Debian.so 22bs x
libblkid.so.1>libblkid.so.1.1.0 4+
libblkid.so.1.1.0 7m68 4+
libbpf.so.1>libbpf.so.1.1.2 3d
libbpf.so.1.1.2 7oww 3d
libbrotlicommon.so.1>libbrotlicommon.so.1.0.9 1u
libbrotlicommon.so.1.0.9 2y00 1u
libbrotlidec.so.1>libbrotlidec.so.1.0.9 1u
libbrotlidec.so.1.0.9 10gw 1u
libbrotlienc.so.1>libbrotlienc.so.1.0.9 1u
libbrotlienc.so.1.0.9 coq8 1u
libbsd.so.0>libbsd.so.0.11.7 3e
libbsd.so.0.11.7 1tgo 3e
libbz2.so.1>libbz2.so.1.0.4 w+
libbz2.so.1.0>libbz2.so.1.0.4 w+
libbz2.so.1.0.4 1lmo w+
libc.so.6 15aag* 9+
libc_malloc_debug.so.0 12qg 9+
libcap-ng.so.0>libcap-ng.so.0.0.0 29+
libcap-ng.so.0.0.0 now 29+
libcap.so.2>libcap.so.2.66 1d+
libcap.so.2.66 10d4 1d+
libcbor.so.0.8>libcbor.so.0.8.0 3f
libcbor.so.0.8.0 1he0 3f
libcom_err.so.2>libcom_err.so.2.1 8+
libcom_err.so.2.1 e5k 8+
libcrypt.so.1>libcrypt.so.1.1.0 3g+
libcrypt.so.1.1.0 4fjs 3g+
libcrypto.so.3 2tna0 t
libcryptsetup.so.12>libcryptsetup.so.12.9.0 3h
libcryptsetup.so.12.9.0 b9gw 3h
libcurl-gnutls.so.3>libcurl-gnutls.so.4 1o
libcurl-gnutls.so.4>libcurl-gnutls.so.4.8.0 1o
libcurl-gnutls.so.4.8.0 ewu0 1o
libcurl.so.4>libcurl.so.4.8.0 1o
libcurl.so.4.8.0 f9h4 1o
libdb-5.3.so 13iog 5t+
libdebconfclient.so.0>libdebconfclient.so.0.0.0 3i+
libdebconfclient.so.0.0.0 b3c 3i+
libdevmapper.so.1.02.1 9hl4 1c
libdl.so.2 b68 9+
libdns-9.18.49-1~deb12u3-Debian.so 1bxio x
libdrop_ambient.so.0>libdrop_ambient.so.0.0.0 29+
libdrop_ambient.so.0.0.0 b00 29+
libe2p.so.2>libe2p.so.2.3 8+
libe2p.so.2.3 yq8 8+
libedit.so.2>libedit.so.2.0.70 3j
libedit.so.2.0.70 4n5s 3j
libefiboot.so.1>libefiboot.so.1.37 2a
libefiboot.so.1.37 2674 2a
libefivar.so.1>libefivar.so.1.37 2a
libefivar.so.1.37 3bd4 2a
libelf-0.188.so 2c68 3k
libelf.so.1>libelf-0.188.so 3k
libestr.so.0>libestr.so.0.0.0 3l
libestr.so.0.0.0 axs 3l
libevent_core-2.1.so.7>libevent_core-2.1.so.7.0.1 3m
libevent_core-2.1.so.7.0.1 4p3k 3m
libexpat.so.1>libexpat.so.1.8.10 2b
libexpat.so.1.8.10 3zvs 2b
libexpatw.so.1>libexpatw.so.1.8.10 2b
libexpatw.so.1.8.10 3zvk 2b
libext2fs.so.2>libext2fs.so.2.4 8+
libext2fs.so.2.4 9efk 8+
libfastjson.so.4>libfastjson.so.4.3.0 3n
libfastjson.so.4.3.0 16xs 3n
libfdisk.so.1>libfdisk.so.1.1.0 4
libfdisk.so.1.1.0 ady8 4
libffi.so.8>libffi.so.8.1.2 3o+
libffi.so.8.1.2 xjs 3o+
libfido2.so.1>libfido2.so.1.12.0 3p
libfido2.so.1.12.0 4p0g 3p
libformw.so.6>libformw.so.6.4 k
libformw.so.6.4 1nkg k
libfreetype.so.6>libfreetype.so.6.18.3 3q
libfreetype.so.6.18.3 hlm0 3q
libfstrm.so.0>libfstrm.so.0.1.0 3r
libfstrm.so.0.1.0 10c8 3r
libfuse.so.2>libfuse.so.2.9.9 2c
libfuse.so.2.9.9 5ks8 2c
libgcc_s.so.1 2oow 1t+
libgcrypt.so.20>libgcrypt.so.20.4.1 2s+
libgcrypt.so.20.4.1 sk5c 2s+
libgdbm.so.6>libgdbm.so.6.0.0 2d+
libgdbm.so.6.0.0 1jbs 2d+
libgdbm_compat.so.4>libgdbm_compat.so.4.0.0 2d+
libgdbm_compat.so.4.0.0 axs 2d+
libgmp.so.10>libgmp.so.10.4.1 3s+
libgmp.so.10.4.1 bccg 3s+
libgnutls.so.30>libgnutls.so.30.34.3 3t+
libgnutls.so.30.34.3 1bcvs 3t+
libgpg-error.so.0>libgpg-error.so.0.33.1 3u+
libgpg-error.so.0.33.1 3dqg 3u+
libgssapi_krb5.so.2>libgssapi_krb5.so.2.2 13
libgssapi_krb5.so.2.2 79bs 13
libhogweed.so.6>libhogweed.so.6.6 2e+
libhogweed.so.6.6 69yw 2e+
libicudata.so.72>libicudata.so.72.1 11
libicudata.so.72.1 im240 11
libicui18n.so.72>libicui18n.so.72.1 11
libicui18n.so.72.1 1yw88 11
libicuio.so.72>libicuio.so.72.1 11
libicuio.so.72.1 19y8 11
libicutest.so.72>libicutest.so.72.1 11
libicutest.so.72.1 1qt4 11
libicutu.so.72>libicutu.so.72.1 11
libicutu.so.72.1 4pt4 11
libicuuc.so.72>libicuuc.so.72.1 11
libicuuc.so.72.1 18k2w 11
libidn2.so.0>libidn2.so.0.3.8 3v+
libidn2.so.0.3.8 49dk 3v+
libip4tc.so.2>libip4tc.so.2.0.0 6
libip4tc.so.2.0.0 r80 6
libip6tc.so.2>libip6tc.so.2.0.0 6
libip6tc.so.2.0.0 r80 6
libirs-9.18.49-1~deb12u3-Debian.so e7s x
libisc-9.18.49-1~deb12u3-Debian.so depk x
libisccc-9.18.49-1~deb12u3-Debian.so u9k x
libisccfg-9.18.49-1~deb12u3-Debian.so 4q9s x
libjemalloc.so.2 hzmg 5u
libjson-c.so.5>libjson-c.so.5.2.0 3w
libjson-c.so.5.2.0 1jh4 3w
libk5crypto.so.3>libk5crypto.so.3.1 13
libk5crypto.so.3.1 3x8o 13
libkeyutils.so.1>libkeyutils.so.1.10 3x
libkeyutils.so.1.10 hbk 3x
libkmod.so.2>libkmod.so.2.4.0 10
libkmod.so.2.4.0 2eyg 10
libkrb5.so.3>libkrb5.so.3.3 13
libkrb5.so.3.3 j18w 13
libkrb5support.so.0>libkrb5support.so.0.1 13
libkrb5support.so.0.1 14ao 13
liblber-2.5.so.0>liblber-2.5.so.0.1.8 2f
liblber-2.5.so.0.1.8 1d94 2f
libldap-2.5.so.0>libldap-2.5.so.0.1.8 2f
libldap-2.5.so.0.1.8 85jk 2f
liblmdb.so.0>liblmdb.so.0.0.0 3y
liblmdb.so.0.0.0 1vxs 3y
liblognorm.so.5>liblognorm.so.5.1.0 3z
liblognorm.so.5.1.0 37ag 3z
liblz4.so.1>liblz4.so.1.9.4 40+
liblz4.so.1.9.4 37pc 40+
liblzf.so.1>liblzf.so.1.5 41
liblzf.so.1.5 e3k 41
liblzma.so.5>liblzma.so.5.4.1 g+
liblzma.so.5.4.1 42yg g+
libm.so.6 jjmo 9+
libmagic.so.1>libmagic.so.1.0.0 18
libmagic.so.1.0.0 3qiw 18
libmaxminddb.so.0>libmaxminddb.so.0.0.7 42
libmaxminddb.so.0.0.7 h9c 42
libmd.so.0>libmd.so.0.0.5 43+
libmd.so.0.0.5 10i8 43+
libmemusage.so ekg 9+
libmenuw.so.6>libmenuw.so.6.4 k
libmenuw.so.6.4 xi0 k
libmnl.so.0>libmnl.so.0.2.0 44
libmnl.so.0.2.0 kjc 44
libmount.so.1>libmount.so.1.1.0 4+
libmount.so.1.1.0 8nsw 4+
libmvec.so.1 lukw 9+
libncursesw.so.6>libncursesw.so.6.4 k
libncursesw.so.6.4 4yi8 k
libnetfilter_conntrack.so.3>libnetfilter_conntrack.so.3.8.0 45
libnetfilter_conntrack.so.3.8.0 2ktc 45
libnettle.so.8>libnettle.so.8.6 2e+
libnettle.so.8.6 6t0o 2e+
libnfnetlink.so.0>libnfnetlink.so.0.2.0 46
libnfnetlink.so.0.2.0 qeo 46
libnftnl.so.11>libnftnl.so.11.6.0 47
libnftnl.so.11.6.0 4g2g 47
libnghttp2.so.14>libnghttp2.so.14.24.1 48
libnghttp2.so.14.24.1 43bk 48
libnl-3.so.200>libnl-3.so.200.26.0 1m
libnl-3.so.200.26.0 2zco 1m
libnl-genl-3.so.200>libnl-genl-3.so.200.26.0 1m
libnl-genl-3.so.200.26.0 lmw 1m
libns-9.18.49-1~deb12u3-Debian.so 6v60 x
libnsl.so.1 1zy8 9+
libnsl.so.2>libnsl.so.2.0.1 49
libnsl.so.2.0.1 23a0 49
libnss_compat.so.2 us8 9+
libnss_dns.so.2 b40 9+
libnss_files.so.2 b40 9+
libnss_hesiod.so.2 kxs 9+
libp11-kit.so.0>libp11-kit.so.0.3.0 4a+
libp11-kit.so.0.3.0 r1a8 4a+
libpam.so.0>libpam.so.0.85.1 a+
libpam.so.0.85.1 1g5c a+
libpam_misc.so.0>libpam_misc.so.0.82.1 a+
libpam_misc.so.0.82.1 b4w a+
libpamc.so.0>libpamc.so.0.82.1 a+
libpamc.so.0.82.1 ea0 a+
libpanelw.so.6>libpanelw.so.6.4 k
libpanelw.so.6.4 hds k
libpcprofile.so b9c 9+
libpcre2-8.so.0>libpcre2-8.so.0.11.2 4b+
libpcre2-8.so.0.11.2 dhmw 4b+
libperl.so.5.36>libperl.so.5.36.0 e+
libperl.so.5.36.0 2a4ww e+
libpipeline.so.1>libpipeline.so.1.5.7 4c
libpipeline.so.1.5.7 1g34 4c
libpng16.so.16>libpng16.so.16.39.0 4d
libpng16.so.16.39.0 4p0w 4d
libpopt.so.0>libpopt.so.0.0.2 4e
libpopt.so.0.0.2 171k 4e
libproc2.so.0>libproc2.so.0.0.1 m
libproc2.so.0.0.1 4cug m
libprotobuf-c.so.1>libprotobuf-c.so.1.0.0 4f
libprotobuf-c.so.1.0.0 x5c 4f
libpsl.so.5>libpsl.so.5.3.4 4g
libpsl.so.5.3.4 1mcg 4g
libpsx.so.2>libpsx.so.2.66 1d+
libpsx.so.2.66 hfk 1d+
libpthread.so.0 b68 9+
libresolv.so.2 1ajs 9+
librt.so.1 bao 9+
librtmp.so.1 2mco 5v
libsasl2.so.2>libsasl2.so.2.0.25 1s
libsasl2.so.2.0.25 2fhs 1s
libseccomp.so.2>libseccomp.so.2.5.4 4h+
libseccomp.so.2.5.4 2rs0 4h+
libselinux.so.1 3qi0 5w+
libsemanage.so.2 5sns 5x+
libsepol.so.2 gdnk 5y+
libsmartcols.so.1>libsmartcols.so.1.1.0 4+
libsmartcols.so.1.1.0 54zk 4+
libss.so.2>libss.so.2.0 8+
libss.so.2.0 qsw 8+
libssh2.so.1>libssh2.so.1.0.1 4i
libssh2.so.1.0.1 5l1k 4i
libssl.so.3 eqzk t
libstdc++.so.6>libstdc++.so.6.0.30 1t+
libstdc++.so.6.0.30 1ay5k 1t+
libsystemd.so.0>libsystemd.so.0.35.0 1+
libsystemd.so.0.35.0 i3sw 1+
libtasn1.so.6>libtasn1.so.6.6.3 4j+
libtasn1.so.6.6.3 1ssg 4j+
libthread_db.so.1 rl4 9+
libtic.so.6>libtic.so.6.4 k+
libtic.so.6.4 1jfk k+
libtinfo.so.6>libtinfo.so.6.4 k+
libtinfo.so.6.4 4dh4 k+
libtirpc.so.3>libtirpc.so.3.0.0 2l
libtirpc.so.3.0.0 405s 2l
libuchardet.so.0>libuchardet.so.0.0.7 4k
libuchardet.so.0.0.7 464o 4k
libudev.so.1>libudev.so.1.7.5 1+
libudev.so.1.7.5 3wuo 1+
libulockmgr.so.1>libulockmgr.so.1.0.1 2c
libulockmgr.so.1.0.1 b40 2c
libunistring.so.2>libunistring.so.2.2.0 4l+
libunistring.so.2.2.0 12eqw 4l+
libutempter.so.0>libutempter.so.1.2.1 2t
libutempter.so.1.2.1 b00 2t
libutil.so.1 b68 9+
libuuid.so.1>libuuid.so.1.3.0 4+
libuuid.so.1.3.0 qwo 4+
libuv.so.1>libuv.so.1.0.0 4m
libuv.so.1.0.0 462g 4m
libwrap.so.0>libwrap.so.0.7.6 4n
libwrap.so.0.7.6 110o 4n
libxml2.so.2>libxml2.so.2.9.14 4o
libxml2.so.2.9.14 11ie0 4o
libxtables.so.12>libxtables.so.12.7.0 6
libxtables.so.12.7.0 1g34 6
libxxhash.so.0>libxxhash.so.0.8.1 4p+
libxxhash.so.0.8.1 1pqg 4p+
libz.so.1>libz.so.1.2.13 4q+
libz.so.1.2.13 2lkw 4q+
libzstd.so.1>libzstd.so.1.5.4 4r+
libzstd.so.1.5.4 gdd4 4r+
/usr/lib/x86_64-linux-gnu/cryptsetup 0
libcryptsetup-token-systemd-fido2.so ec8 1
libcryptsetup-token-systemd-pkcs11.so ec8 1
libcryptsetup-token-systemd-tpm2.so hi0 1
/usr/lib/x86_64-linux-gnu/e2fsprogs 0+
/usr/lib/x86_64-linux-gnu/engines-3 0
afalg.so hls t
loader_attic.so 142o t
padlock.so klc t
/usr/lib/x86_64-linux-gnu/gconv 0+
/usr/lib/x86_64-linux-gnu/krb5 0
/usr/lib/x86_64-linux-gnu/krb5/plugins 0
/usr/lib/x86_64-linux-gnu/krb5/plugins/libkrb5 13
/usr/lib/x86_64-linux-gnu/krb5/plugins/preauth 0
spake.so 1u1k 13
/usr/lib/x86_64-linux-gnu/ossl-modules 0
legacy.so 2og8 t
/usr/lib/x86_64-linux-gnu/perl 0+
/usr/lib/x86_64-linux-gnu/perl-base 0+
/usr/lib/x86_64-linux-gnu/rsyslog 0
fmhash.so bbs b
imfile.so 1bds b
imjournal.so oww b
imklog.so if4 b
imkmsg.so f00 b
immark.so buo b
impstats.so f5s b
imptcp.so 11vk b
imtcp.so phc b
imudp.so p00 b
imuxsock.so sg0 b
lmnet.so ocg b
lmnetstrms.so j9s b
lmnsd_ptcp.so pow b
lmregexp.so b68 b
lmtcpclt.so b68 b
lmtcpsrv.so t8w b
lmzlibw.so b68 b
lmzstdw.so b68 b
mmanon.so nzk b
mmexternal.so hkg b
mmfields.so b80 b
mmjsonparse.so ee8 b
mmnormalize.so eg0 b
mmpstrucdata.so eds b
mmrm1stspace.so b68 b
mmsequence.so efk b
mmutf8fix.so b80 b
omjournal.so b74 b
ommail.so exc b
omprog.so o0w b
omuxsock.so eq8 b
pmaixforwardedfrom.so bqo b
pmciscoios.so bsg b
pmcisconames.so bqo b
pmlastmsg.so bqo b
pmnormalize.so bsw b
pmsnare.so btc b
/usr/lib/x86_64-linux-gnu/sasl2 0
libsasldb.so>libsasldb.so.2.0.25 1s
libsasldb.so.2>libsasldb.so.2.0.25 1s
libsasldb.so.2.0.25 nmw 1s
/usr/lib/x86_64-linux-gnu/security 0+
/usr/lib/x86_64-linux-gnu/systemd 0
libsystemd-core-252.so 18dyg 1
libsystemd-shared-252.so 1zrew 1
/usr/lib/x86_64-linux-gnu/tc 0
experimental.dist ht1 j
m_ipt.so>m_xt.so j
m_xt.so b8g j
normal.dist i6t j
pareto.dist ib5 j
paretonormal.dist i3b j
q_atm.so b6o j
/usr/lib/x86_64-linux-gnu/utempter 0
utempter b4g 2t 2755 0:43
/usr/lib/x86_64-linux-gnu/xtables 0
/usr/lib64 0+
ld-linux-x86-64.so.2>/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 9+
/usr/libexec 0+
/usr/libexec/chrony 0
chrony-helper 54n# i
/usr/libexec/coreutils 0+
libstdbuf.so b68* 5+
/usr/libexec/dpkg 0+
dpkg-db-backup 1zd# n+
/usr/libexec/man-db 0
globbing hzs* h
manconv ry0* h
zsoelim 1abc* h
/usr/libexec/sudo 0
audit_json.so hl4 o
group_file.so b3k o
libsudo_util.so>libsudo_util.so.0.0.0 o
libsudo_util.so.0>libsudo_util.so.0.0.0 o
libsudo_util.so.0.0.0 2yk8 o
sesh r94* o
sudo_intercept.so 1g80 o
sudo_noexec.so b1s o
sudoers.so cscg o
system_group.so b3c o
/usr/local 0+
man>share/man 0+
/usr/local/bin 0+
/usr/local/etc 0+
/usr/local/games 0+
/usr/local/include 0+
/usr/local/lib 0+
/usr/local/lib/python3.11 0
/usr/local/lib/python3.11/dist-packages 0
/usr/local/sbin 0+
/usr/local/share 0+
/usr/local/share/ca-certificates 0
/usr/local/share/man 0+
/usr/local/src 0+
/usr/sbin 0+
accessdb bfc* h
add-shell t9# z+
addgroup>adduser 1e+
adduser 11by# 1e+
agetty 1hbs* 4+
arp 1g94* 16
arpd 2ajs* j
arptables>/etc/alternatives/arptables 6
arptables-nft>xtables-nft-multi 6
arptables-nft-restore>xtables-nft-multi 6
arptables-nft-save>xtables-nft-multi 6
arptables-restore>/etc/alternatives/arptables-restore 6
arptables-save>/etc/alternatives/arptables-save 6
badblocks r28* 8+
blkdeactivate cm3# 1c
blkdiscard r40* 4+
blkid 2oo0* 4+
blkzone 1pvk* 4+
blockdev 1pvk* 4+
bridge 3ciw* j
capsh 163s* 1d
chcpu 10l4* 4+
chgpasswd 1gdk* f+
chmem 1ge8* 4+
chpasswd 1d9s* f+
chronyd 6k2w* i
chroot 114g* 5+
cpgr>cppw f+
cppw 1bqw* f+
cron 13y8* 17
ctrlaltdel u9k* 4+
dcb 3694* j
debugfs 54r4* 8+
delgroup>deluser 1e+
deluser cwn# 1e+
depmod>/bin/kmod 10
devlink 4ulk* j
dmsetup 3nxk* 1c
dmstats>dmsetup 1c
docker-proxy 11yyo* 1b
dockerd 18re68* 1b
dpkg-fsys-usrunmess dfd# n+
dpkg-preconfigure 311# r+
dpkg-reconfigure 3gl# r+
dumpe2fs ny8* 8+
e2freefrag baw* 8+
e2fsck 7n68* 8+
e2image 170w* 8+
e2label>tune2fs 8+
e2mmpstatus>dumpe2fs 8+
e2scrub 5mm# 8+
e2scrub_all 45u# 8+
e2undo hmg* 8+
e4crypt ks8* 8+
e4defrag nw0* 8+
ebtables>/etc/alternatives/ebtables 6
ebtables-nft>xtables-nft-multi 6
ebtables-nft-restore>xtables-nft-multi 6
ebtables-nft-save>xtables-nft-multi 6
ebtables-restore>/etc/alternatives/ebtables-restore 6
ebtables-save>/etc/alternatives/ebtables-save 6
ebtables-translate>xtables-nft-multi 6
ethtool d03s* 2m
faillock b94* a+
filefrag efc* 8+
findfs baw* 4+
fsck 16y8* 4+
fsck.cramfs xh4* 4+
fsck.ext2>e2fsck 8+
fsck.ext3>e2fsck 8+
fsck.ext4>e2fsck 8+
fsck.minix 2ons* 4+
fsfreeze baw* 4+
fstab-decode b8w* 1j+
fstrim 1mps* 4+
genl 2k20* j
getcap b8w* 1d
getpcaps b8w* 1d
getty>agetty 4+
groupadd 2694* f+
groupdel 1wmg* f+
groupmems 1geo* f+
groupmod 2688* f+
grpck 1gds* f+
grpconv 19xs* f+
grpunconv 19xs* f+
grub-macbless kfzc* d
grub-mkconfig 6ok# d
grub-mkdevicemap 4r9k* d
grub-probe kmjs* d
halt>/bin/systemctl 1
hwclock 1wao* 4+
iconvconfig odc* 9+
ifconfig 1sso* 16
init>/lib/systemd/systemd 1
insmod>/bin/kmod 10
installkernel 21v# z+
invoke-rc.d cqt# 5z+
ip>/bin/ip j
ip6tables>/etc/alternatives/ip6tables 6
ip6tables-apply>iptables-apply 6
ip6tables-legacy>xtables-legacy-multi 6
ip6tables-legacy-restore>xtables-legacy-multi 6
ip6tables-legacy-save>xtables-legacy-multi 6
ip6tables-nft>xtables-nft-multi 6
ip6tables-nft-restore>xtables-nft-multi 6
ip6tables-nft-save>xtables-nft-multi 6
ip6tables-restore>/etc/alternatives/ip6tables-restore 6
ip6tables-restore-translate>xtables-nft-multi 6
ip6tables-save>/etc/alternatives/ip6tables-save 6
ip6tables-translate>xtables-nft-multi 6
ipmaddr eo0* 16
iptables>/etc/alternatives/iptables 6
iptables-apply 5fh# 60
iptables-legacy>xtables-legacy-multi 6
iptables-legacy-restore>xtables-legacy-multi 6
iptables-legacy-save>xtables-legacy-multi 6
iptables-nft>xtables-nft-multi 6
iptables-nft-restore>xtables-nft-multi 6
iptables-nft-save>xtables-nft-multi 6
iptables-restore>/etc/alternatives/iptables-restore 6
iptables-restore-translate>xtables-nft-multi 6
iptables-save>/etc/alternatives/iptables-save 6
iptables-translate>xtables-nft-multi 6
iptunnel kzc* 16
isosize ny8* 4+
killall5 ksg* 1j+
ldattach r40* 4+
ldconfig l2e8* 9+
logrotate 25k8* 24
logsave b4o* 8+
losetup 2ieo* 4+
lsmod>/bin/kmod 10
mii-tool le8* 16
mke2fs 31hs* 8+
mkfs baw* 4+
mkfs.bfs r40* 4+
mkfs.cramfs xdk* 4+
mkfs.ext2>mke2fs 8+
mkfs.ext3>mke2fs 8+
mkfs.ext4>mke2fs 8+
mkfs.minix 2f60* 4+
mkhomedir_helper hlc* a+
mkinitramfs 9sp# u
mklost+found b8w* 8+
mkswap 2ibk* 4+
modinfo>/bin/kmod 10
modprobe>/bin/kmod 10
nameif bko* 16
newusers 29bk* f+
nfnl_osf eeg* 6
nologin b8o* f+
ovrouter 6qrjs* 1b
pam-auth-update gfc# a+
pam_getenv 28a# a+
pam_namespace_helper cz# a+
pam_timestamp_check b94* a+
pivot_root baw* 4+
plipconfig bfs* 16
poweroff>/bin/systemctl 1
pwck 1a14* f+
pwconv 16rs* f+
pwhistory_helper eew* a+
pwunconv 16sw* f+
rarp tc8* 16
readprofile r4w* 4+
reboot>/bin/systemctl 1
remove-shell uv# z+
resize2fs 1d88* 8+
rmmod>/bin/kmod 10
rmt>/etc/alternatives/rmt 1f+
rmt-tar 1amo* 1f+
route 1ink* 16
rsyslogd g27c* b
rtacct z20* j
rtcwake 10lc* 4+
rtmon 2gug* j
runc 57lfs* 38
runlevel>/bin/systemctl 1
runuser 1jk0* 4+
service 70z# 33+
setcap b8w* 1d
shadowconfig 1r5# f+
shutdown>/bin/systemctl 1
slattach wjs* 16
sshd r4ew* c
start-stop-daemon yb4* n+
sudo_logsrvd 5d8o* o
sudo_sendlog 3bmw* o
sulogin 16ww* 4+
swaplabel ego* 4+
swapoff hmg* 4+
swapon 13qw* 4+
switch_root ego* 4+
sysctl ny8* m
tarcat q0# 1f+
tc clj4* j
telinit>/bin/systemctl 1
tipc 3cko* j
tune2fs 2ihc* 8+
unix_chkpwd u7s a+ 2755 0:42
unix_update u7s* a+
update-ca-certificates 4dk# 2v
update-initramfs 5bw# 15
update-passwd uew* 2g+
update-rc.d dou# 35+
update-shells 32o# z+
useradd 3f3k* f+
userdel 2fns* f+
usermod 35gw* f+
vdpa 2k6g* j
vigr>vipw f+
vipw 1le8* f+
visudo 5mrk* o
wipefs 10lc* 4+
xtables-legacy-multi 1yaw* 6
xtables-monitor>xtables-nft-multi 6
xtables-nft-multi 4wbk* 6
zic 1aeg* 9+
zramctl 2ieo* 4+
/usr/share 0+
/usr/share/applications 0
htop.desktop 1yq 2p
vim.desktop 4bo v
/usr/share/apport 0
/usr/share/apport/package-hooks 0
openssh-client.py xp c
openssh-server.py rw c
source_grub2.py 2zr 61
source_sudo.py w8# 1x
/usr/share/base-files 0+
dot.bashrc fv 1z+
dot.profile 4h 62+
dot.profile.md5sums 20 63+
info.dir lp q+
motd 7y q+
profile ld 1z+
profile.md5sums i3 1z+
staff-group-for-usr-local lg 1z+
/usr/share/base-passwd 0+
group.master c2 2g+
passwd.master nb 2g+
/usr/share/bash-completion 0+
bash_completion 1nh8 1i
/usr/share/bash-completion/completions 0+
/usr/share/bash-completion/helpers 0
perl 1z1 1i
python 97 1i
/usr/share/binfmts 0
python3.11 22 26
/usr/share/bug 0+
/usr/share/ca-certificates 0
/usr/share/ca-certificates/mozilla 0
/usr/share/chrony 0
chrony.conf 13c i
chrony.keys dd i 640
/usr/share/cmake 0
/usr/share/cmake/bash-completion 0
bash-completion-config-version.cmake 70 1i
bash-completion-config.cmake ax 1i
/usr/share/common-licenses 0+
Apache-2.0 8ri 64+
Artistic 4pr 65+
BSD 15n 66+
CC0-1.0 5fs 67+
GFDL>GFDL-1.3 q+
GFDL-1.2 frk 68+
GFDL-1.3 hpn 4s+
GPL>GPL-3 q+
GPL-1 9qw 2u+
GPL-2 dyk 2u+
GPL-3 r4d 4t+
LGPL>LGPL-3 q+
LGPL-2 jl1 4s+
LGPL-2.1 kgy 2u+
LGPL-3 5wk 4t+
MPL-1.1 jvf 69+
MPL-2.0 cwm 6a+
/usr/share/dbus-1 0
/usr/share/dbus-1/services 0
org.freedesktop.systemd1.service>../system-services/org.freedesktop.systemd1.service 1
/usr/share/dbus-1/system-services 0
org.freedesktop.hostname1.service c0 2
org.freedesktop.locale1.service cv 2
org.freedesktop.login1.service ct 2
org.freedesktop.network1.service cx 2
org.freedesktop.systemd1.service bg 2
org.freedesktop.timedate1.service cz 2
/usr/share/dbus-1/system.d 0
org.freedesktop.hostname1.conf rm 2
org.freedesktop.locale1.conf rc 2
org.freedesktop.login1.conf ctv 2
org.freedesktop.network1.conf qi 2
org.freedesktop.systemd1.conf flc 2
org.freedesktop.timedate1.conf rm 2
/usr/share/debconf 0+
confmodule 237 r+
confmodule.sh 27v r+
debconf.conf bi r+
fix_db.pl 1jo# r+
frontend 1xa# r+
/usr/share/debianutils 0+
shells 16 z+
/usr/share/debianutils/shells.d 0+
bash l 1a+
dash a 28+
/usr/share/dict q+
/usr/share/doc 0+
/usr/share/doc-base 0+
base-passwd.users-and-groups br 2g+
findutils.findutils 8z 6b+
libpng16-16.libpng16 11z 6c
man-db.man-db 7d h
nano.nano 7h 4u
nano.nano-faq 9b 4u
/usr/share/docker.io 0
/usr/share/docker.io/contrib 0
check-config.sh 8mz# 22
dockerd-rootless-setuptool.sh aqs# 22
dockerd-rootless.sh 3z2# 22
nuke-graph-directory.sh 13d# 1b
/usr/share/dpkg 0+
abitable a2 n+
cputable 1ns n+
ostable 1mn n+
tupletable 1qh n+
/usr/share/dpkg/sh 0+
dpkg-error.sh 1od n+
/usr/share/file 0
magic.mgc>../../lib/file/magic.mgc 18
/usr/share/file/magic 18
/usr/share/fish 0
/usr/share/gcc 0+
/usr/share/gdb 0+
/usr/share/gdb/auto-load 0+
/usr/share/gdb/auto-load/usr 0+
/usr/share/gdb/auto-load/usr/lib 0+
/usr/share/gdb/auto-load/usr/lib/x86_64-linux-gnu 0+
libstdc++.so.6.0.30-gdb.py 1ub 1t+
/usr/share/git-core 0
/usr/share/git-core/contrib 0
/usr/share/git-core/contrib/hooks 0
post-receive-email h11# 2h
pre-auto-gc-battery z5# 2h
setgitperms.perl 5c8# 2h
update-paranoid 8zk# 2h
/usr/share/git-core/templates 0
description 21 l
/usr/share/git-core/templates/branches l
/usr/share/git-core/templates/hooks 0
applypatch-msg.sample da# l
commit-msg.sample ow# l
fsmonitor-watchman.sample 3na# l
post-update.sample 59# l
pre-applypatch.sample bs# l
pre-commit.sample 19n# l
pre-merge-commit.sample bk# l
pre-push.sample 126# l
pre-rebase.sample 3s2# l
pre-receive.sample f4# l
prepare-commit-msg.sample 15g# l
push-to-checkout.sample 25b# l
update.sample 2te# l
/usr/share/git-core/templates/info 0
exclude 6o l
/usr/share/gitweb 0
/usr/share/groff 0
current>1.22.4 3
site-tmac>/etc/groff 3
/usr/share/groff/1.22.4 0
eign h8 3
/usr/share/groff/1.22.4/font 0
/usr/share/groff/1.22.4/font/devascii 0
B 1hm 3
BI 1hn 3
DESC 2g 3
I 1hm 3
R 1h7 3
/usr/share/groff/1.22.4/font/devlatin1 0
B 2tf 3
BI 2tg 3
DESC 2g 3
I 2tf 3
R 2t0 3
/usr/share/groff/1.22.4/font/devps 0
AB 84h 3
ABI a0i 3
AI 9v9 3
AR 7yb 3
BMB 80k 3
BMBI 9q7 3
BMI 9f2 3
BMR 7rr 3
CB 4zd 3
CBI 6s6 3
CI 6rf 3
CR 4z3 3
DESC 5k 3
EURO vb 3
HB dqx 3
HBI flt 3
HI ghe 3
HNB dr9 3
HNBI fjm 3
HNI gfs 3
HNR eks 3
HR ekg 3
NB 9wj 3
NBI fd7 3
NI cy8 3
NR b5d 3
PB 8d7 3
PBI a2c 3
PI a01 3
PR 8mp 3
S 4vf 3
SS 66m 3
TB 6zt 3
TBI 8df 3
TI 8iq 3
TR 6w5 3
ZCMI b7c 3
ZD 482 3
ZDR 48k 3
download 3x 3
freeeuro.afm 13v 3
freeeuro.pfa g9q 3
prologue 2ce 3
symbolsl.pfa gu 3
text.enc 1z1 3
zapfdr.pfa 3cf 3
/usr/share/groff/1.22.4/font/devps/generate 0
Makefile 5q4 3
afmname 17u# 3
dingbats.map 1w 3
dingbats.rmap 1y 3
lgreekmap 8b 3
symbol.sed rt* 3
symbolchars 5a 3
symbolsl.afm 7jv 3
textmap 3up 3
/usr/share/groff/1.22.4/font/devutf8 0
B jc1 3
BI jc2 3
DESC 2o 3
I jc1 3
R jbm 3
/usr/share/groff/1.22.4/tmac 0
an-ext.tmac 2x8 3
an-old.tmac bba 3
an.tmac 8p 3
andoc.tmac 21q 3
composite.tmac md 3
cp1047.tmac 1w5 3
cs.tmac 3qc 3
de.tmac 3yl 3
den.tmac y2 3
devtag.tmac 2ye 3
doc-old.tmac s7v 3
doc.tmac 1uum 3
eqnrc 13n 3
europs.tmac 1ax 3
fallbacks.tmac 13c 3
fr.tmac 4ag 3
hyphen.cs gjh 3
hyphen.den 3fim 3
hyphen.det 3g5p 3
hyphen.fr lrr 3
hyphen.sv qvm 3
hyphen.us lp5 3
hyphenex.cs e1 3
hyphenex.us gsc 3
ja.tmac 1hq 3
latin1.tmac 1r4 3
latin2.tmac 1tm 3
latin5.tmac 1rb 3
latin9.tmac 1r4 3
man.tmac 1m 3
mandoc.tmac 1p 3
mdoc.tmac 1l 3
papersize.tmac 3cc 3
pdfpic.tmac 2we 3
pic.tmac 3v 3
ps.tmac fvl 3
psatk.tmac um 3
psold.tmac 1es 3
pspic.tmac 3uu 3
safer.tmac 62 3
sv.tmac 3eb 3
trans.tmac 3pe 3
troffrc 1g7 3
troffrc-end wf 3
tty-char.tmac 4hs 3
tty.tmac 1ga 3
unicode.tmac 2l 3
www.tmac vkr 3
zh.tmac 1c1 3
/usr/share/groff/1.22.4/tmac/mdoc 0
doc-common v49 3
doc-ditroff 4gh 3
doc-nroff 3hm 3
doc-syms jos 3
/usr/share/grub 0
ascii.h 9ne d
ascii.pf2 3v0 d
euro.pf2 14a7 d
grub-mkconfig_lib 7po d
unicode.pf2 1f9ww d
widthspec.h 11zq d
/usr/share/icons 0
/usr/share/info 0+
/usr/share/initramfs-tools 0
hook-functions jos 6d
init 528# 15
modules 9x 6f
/usr/share/initramfs-tools/conf-hooks.d u
/usr/share/initramfs-tools/conf.d u
/usr/share/initramfs-tools/hooks 0
dmsetup e2# 1c
fsck 1pd# 15
keymap j3# 2i
klibc-utils hy# 6e
kmod c0# 2y
resume 2he# 15
thermal 10s# 15
udev 1c0# 1
/usr/share/initramfs-tools/modules.d u
/usr/share/initramfs-tools/scripts 0
functions 9e2 15
local 43h 15
nfs 2e7 15
/usr/share/initramfs-tools/scripts/init-bottom 0
udev gz# 1
/usr/share/initramfs-tools/scripts/init-top 0
all_generic_ide b0# 6g
blacklist 88# 2i
keymap 4n# 2i
udev fs# 1
/usr/share/initramfs-tools/scripts/local-premount 0
resume nz# 2i
/usr/share/iptables 0
iptables.xslt 4j4 6
/usr/share/java 0
libintl-0.21.jar 201 1p
libintl.jar>libintl-0.21.jar 1p
/usr/share/keyrings 0+
debian-archive-bookworm-automatic.gpg 6po p+
debian-archive-bookworm-security-automatic.gpg 6px p+
debian-archive-bookworm-stable.gpg 7s p+
debian-archive-bullseye-automatic.gpg 6po p+
debian-archive-bullseye-security-automatic.gpg 6px p+
debian-archive-bullseye-stable.gpg 1w5 p+
debian-archive-keyring.gpg 175a p+
debian-archive-removed-keys.gpg 1k1o p+
debian-archive-trixie-automatic.gpg 6pm p+
debian-archive-trixie-security-automatic.gpg 6pv p+
debian-archive-trixie-stable.gpg qq p+
/usr/share/libc-bin 0+
nsswitch.conf dq 9+
/usr/share/libgcrypt20 0+
clean-up-unmanaged-libraries 48l# 2s+
/usr/share/lintian k+
/usr/share/locale 0+
/usr/share/man 0+
/usr/share/man-db 0
chconfig 36p# 6h
/usr/share/maven-repo 0
/usr/share/menu 0+
bash 5e 6i+
dash 30 28+
/usr/share/misc 0+
magic>../file/magic 18
magic.mgc>../../lib/file/magic.mgc 18
/usr/share/nano 0
/usr/share/openssh 0
sshd_config 2hj c
sshd_config.md5sum 2o3 c
/usr/share/pam 0+
common-account wn a+
common-account.md5sums 2z a+
common-auth x6 a+
common-auth.md5sums 4f a+
common-password 18a a+
common-password.md5sums 9x a+
common-session u4 a+
common-session-noninteractive vn a+
common-session-noninteractive.md5sums 1a a+
common-session.md5sums 4u a+
/usr/share/pam-configs 0+
mkhomedir 4a a+
unix io a+
/usr/share/perl e+
5.36>5.36.0 e+
/usr/share/perl/5.36.0 0+
/usr/share/perl5 0+
DebianLinux.pm 49r 6j
Error.pm n9k 6k
Git.pm 113o l
/usr/share/perl5/Debconf 0+
/usr/share/perl5/Debian 0+
/usr/share/perl5/Error 0
/usr/share/perl5/File 37+
/usr/share/perl5/Git 0
/usr/share/perl5/Number 0+
/usr/share/perl5/Text 0+
/usr/share/pixmaps 0+
debian-logo.png 1am r+
htop.png 20o 2p
/usr/share/pkgconfig 0
bash-completion.pc 94 1i
systemd.pc 2t0 1
udev.pc bq 1
/usr/share/polkit-1 0+
/usr/share/polkit-1/actions 0+
org.dpkg.pkexec.update-alternatives.policy 33s n+
org.freedesktop.hostname1.policy 37k 2
org.freedesktop.locale1.policy 1gu 2
org.freedesktop.login1.policy jdz 2
org.freedesktop.network1.policy 7we 2
org.freedesktop.systemd1.policy 3dp 1
org.freedesktop.timedate1.policy 2e8 2
org.freedesktop.timesync1.policy 11a 2
/usr/share/polkit-1/rules.d 0
systemd-networkd.rules en 2
/usr/share/python3 0
debian_defaults de 6l
py3versions.py 9w0# 19
/usr/share/python3/debpython 0
__init__.py 1g6 19
files.py 2j9 19
interpreter.py aef 19
option.py 1ge 19
version.py b01 19
/usr/share/rsync 0
/usr/share/rsync/scripts 0
atomic-rsync 402# s
cull-options 3s2# s
cvs2includes 1ro# s
file-attr-restore 3t0# s
files-to-excludes 13s# s
git-set-file-times 30v# s
logfilter uk# s
lsh 2e2# s
mnt-excl 1wk# s
munge-symlinks 20l# s
rsync-no-vanished gl# s
rsyncstats 6pb# s
/usr/share/runit 0
/usr/share/runit/meta 0
/usr/share/runit/meta/ssh 0
installed 0 c
/usr/share/sensible-utils 0
/usr/share/sensible-utils/bin 0
gettext 1r# 1r
/usr/share/systemd 0
kbd-model-map 2z4 2
language-fallback-map 62 2
tmp.mount n6 1
/usr/share/tabset 0+
/usr/share/terminfo k+
/usr/share/ucf 0
ucf_helper_functions.sh 3ii# 1n
/usr/share/util-linux 4+
/usr/share/util-linux/logcheck 4+
/usr/share/util-linux/logcheck/ignore.d.server 0+
util-linux 4b 4+
/usr/share/vim 0
/usr/share/zoneinfo 0+
/usr/share/zsh 0
/usr/src q+
/var 0+
lock>/run/lock 0+
run>/run 0+
/var/backups q+
/var/cache 0+
/var/cache/adduser 1e+
/var/cache/apt 0+
/var/cache/apt/archives 0+
lock 0 0+ 640
/var/cache/apt/archives/partial 0+ 700 42:0
/var/cache/debconf 0+
config.dat ds2 0+
config.dat-old dlu 0+
passwords.dat 0 0+ 600
templates.dat isew 0+
templates.dat-old ihk7 0+
/var/cache/ldconfig 0+ 700
/var/cache/man 0  6:12
/var/cache/private 0 700
/var/lib 0+
shells.state 2m 0+
/var/lib/apt 0+
extended_states 5u5 0+
/var/lib/apt/lists 0+
lock 0 0+ 640
/var/lib/apt/lists/partial 0+ 700 42:0
/var/lib/apt/mirrors 0+
/var/lib/apt/mirrors/partial 7+
/var/lib/apt/periodic 7+
/var/lib/chrony i 750 101:108
/var/lib/dpkg 0+
arch 6 0+
diversions 2q 0+
diversions-old t 0+
lock 0 0+ 640
lock-frontend 0 0+ 640
statoverride 56 0
statoverride-old 44 0
/var/lib/dpkg/alternatives 0+
arptables 5l 0
awk 5r 0+
builtins.7.gz 2b 0+
ebtables 5d 0
editor mw 0
ex jd 0
ip6tables 8a 0
iptables 7z 0
lzma vj 0
mt 2q 0
nc 65 0
pager 4a 0+
pico 2w 0
rmt 35 0+
rview 17 0
vi jd 0
view kf 0
which lv 0+
/var/lib/dpkg/info 0+
/var/lib/dpkg/parts n+
/var/lib/dpkg/triggers 0+
File a2 0+
Lock 0 0+ 600
Unincorp 0 0+
ldconfig 9 0+
update-ca-certificates g 0
update-ca-certificates-fresh g 0
update-initramfs g 0
/var/lib/dpkg/updates 0+
/var/lib/git l
/var/lib/grub 0
/var/lib/grub/ucf d
/var/lib/logrotate 24
/var/lib/man-db 0
auto-update 0 0
/var/lib/misc q+
/var/lib/pam 0+
/var/lib/private 0 700
/var/lib/python 0
python3.11_installed 0 0
/var/lib/redis 0 750 100:106
/var/lib/sudo 0
/var/lib/sudo/lectured o
/var/lib/systemd 0+
/var/lib/ucf 0
/var/lib/vim 0
/var/lib/vim/addons v
/var/local q+ 2775 0:50
/var/log 0+
/var/mail 0+ 2775 0:8
/var/opt 0+
/var/spool 0+
mail>../mail 0+
/var/spool/cron 0
/var/spool/cron/crontabs 17 1730 0:101
/var/spool/rsyslog b 700
/var/tmp 0+ 1777
`;
