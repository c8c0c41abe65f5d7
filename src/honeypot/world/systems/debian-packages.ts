/**
 * Packages of a Debian 12 server, as `dpkg -l` lists them: name, version, architecture, `+` where a container of
 * debian:12 has it as well, description. From the dpkg status of the system that `debian-files.ts` lists.
 */
export const debianPackages = `adduser	3.134	all	+	add and remove users and groups
apt	2.6.2	amd64	+	commandline package manager
base-files	12.4+deb12u15	amd64	+	Debian base system miscellaneous files
base-passwd	3.6.1	amd64	+	Debian base system master password and group files
bash	5.2.15-2+b13	amd64	+	GNU Bourne Again SHell
bash-completion	1:2.11-6	all		programmable completion for the bash shell
bind9-dnsutils	1:9.18.49-1~deb12u3	amd64		Clients provided with BIND 9
bind9-host	1:9.18.49-1~deb12u3	amd64		DNS Lookup Utility
bind9-libs:amd64	1:9.18.49-1~deb12u3	amd64		Shared Libraries used by BIND 9
bsdextrautils	2.38.1-5+deb12u3	amd64		extra utilities from 4.4BSD-Lite
bsdutils	1:2.38.1-5+deb12u3	amd64	+	basic utilities from 4.4BSD-Lite
busybox	1:1.35.0-4+b3	amd64		Tiny utilities for small and embedded systems
bzip2	1.0.8-5+b1	amd64		high-quality block-sorting file compressor - utilities
ca-certificates	20250419~deb12u2	all		Common CA certificates
chrony	4.3-2+deb12u3	amd64		Versatile implementation of the Network Time Protocol
containerd	1.6.20~ds1-1+deb12u3	amd64		open and reliable container runtime
coreutils	9.1-1	amd64	+	GNU core utilities
cpio	2.13+dfsg-7.1	amd64		GNU cpio -- a program to manage archives of files
cron	3.0pl1-162	amd64		process scheduling daemon
cron-daemon-common	3.0pl1-162	all		process scheduling daemon's configuration files
curl	7.88.1-10+deb12u15	amd64		command line tool for transferring data with URL syntax
dash	0.5.12-2	amd64	+	POSIX-compliant shell
debconf	1.5.82	all	+	Debian configuration management system
debian-archive-keyring	2023.3+deb12u2	all	+	GnuPG archive keys of the Debian archive
debianutils	5.7-0.5~deb12u1	amd64	+	Miscellaneous utilities specific to Debian
diffutils	1:3.8-4	amd64	+	File comparison utilities
dmsetup	2:1.02.185-2	amd64		Linux Kernel Device Mapper userspace library
dnsutils	1:9.18.49-1~deb12u3	all		Transitional package for bind9-dnsutils
docker.io	20.10.24+dfsg1-1+deb12u1+b6	amd64		Linux container runtime
dpkg	1.21.23	amd64	+	Debian package management system
e2fsprogs	1.47.0-2+b2	amd64	+	ext2/ext3/ext4 file system utilities
ethtool	1:6.1-1	amd64		display or change Ethernet device settings
file	1:5.44-3	amd64		Recognize the type of data in a file using "magic" numbers
findutils	4.9.0-4	amd64	+	utilities for finding files--find, xargs
gcc-12-base:amd64	12.2.0-14+deb12u1	amd64	+	GCC, the GNU Compiler Collection (base package)
gettext-base	0.21-12	amd64		GNU Internationalization utilities for the base system
git	1:2.39.5-0+deb12u3	amd64		fast, scalable, distributed revision control system
git-man	1:2.39.5-0+deb12u3	all		fast, scalable, distributed revision control system (manual pages)
gpgv	2.2.40-1.1+deb12u2	amd64	+	GNU privacy guard - signature verification tool
grep	3.8-5	amd64	+	GNU grep, egrep and fgrep
groff-base	1.22.4-10	amd64		GNU troff text-formatting system (base system components)
grub-common	2.06-13+deb12u2	amd64		GRand Unified Bootloader (common files)
gzip	1.12-1	amd64	+	GNU compression utilities
hostname	3.23+nmu1	amd64	+	utility to set/show the host name or domain name
htop	3.2.2-2	amd64		interactive processes viewer
init	1.65.2+deb12u1	amd64		metapackage ensuring an init system is installed
init-system-helpers	1.65.2+deb12u1	all	+	helper tools for all init systems
initramfs-tools	0.142+deb12u3	all		generic modular initramfs generator (automation)
initramfs-tools-core	0.142+deb12u3	all		generic modular initramfs generator (core tools)
iproute2	6.1.0-3	amd64		networking and traffic control tools
iptables	1.8.9-2	amd64		administration tools for packet filtering and NAT
iputils-ping	3:20221126-1+deb12u1	amd64		Tools to test the reachability of network hosts
klibc-utils	2.0.12-1	amd64		small utilities built with klibc for early boot
kmod	30+20221128-1	amd64		tools for managing Linux kernel modules
less	590-2.1~deb12u2	amd64		pager program similar to more
libacl1:amd64	2.3.1-3	amd64	+	access control list - shared library
libapparmor1:amd64	3.0.8-3	amd64		changehat AppArmor library
libapt-pkg6.0:amd64	2.6.2	amd64	+	package management runtime library
libargon2-1:amd64	0~20171227-0.3+deb12u1	amd64		memory-hard hashing function - runtime library
libatomic1:amd64	12.2.0-14+deb12u1	amd64		support library providing __atomic built-in functions
libattr1:amd64	1:2.5.1-4	amd64	+	extended attribute handling - shared library
libaudit-common	1:3.0.9-1	all	+	Dynamic library for security auditing - common files
libaudit1:amd64	1:3.0.9-1	amd64	+	Dynamic library for security auditing
libblkid1:amd64	2.38.1-5+deb12u3	amd64	+	block device ID library
libbpf1:amd64	1:1.1.2-0+deb12u1	amd64		eBPF helper library (shared library)
libbrotli1:amd64	1.0.9-2+deb12u1	amd64		library implementing brotli encoder and decoder (shared libraries)
libbsd0:amd64	0.11.7-2	amd64		utility functions from BSD systems - shared library
libbz2-1.0:amd64	1.0.8-5+b1	amd64	+	high-quality block-sorting file compressor library - runtime
libc-bin	2.36-9+deb12u14	amd64	+	GNU C Library: Binaries
libc6:amd64	2.36-9+deb12u14	amd64	+	GNU C Library: Shared libraries
libcap-ng0:amd64	0.8.3-1+b3	amd64	+	alternate POSIX capabilities library
libcap2:amd64	1:2.66-4+deb12u3+b1	amd64	+	POSIX 1003.1e capabilities (library)
libcap2-bin	1:2.66-4+deb12u3+b1	amd64		POSIX 1003.1e capabilities (utilities)
libcbor0.8:amd64	0.8.0-2+b1	amd64		library for parsing and generating CBOR (RFC 7049)
libcom-err2:amd64	1.47.0-2+b2	amd64	+	common error description library
libcrypt1:amd64	1:4.4.33-2	amd64	+	libcrypt shared library
libcryptsetup12:amd64	2:2.6.1-4~deb12u2	amd64		disk encryption support - shared library
libcurl3-gnutls:amd64	7.88.1-10+deb12u15	amd64		easy-to-use client-side URL transfer library (GnuTLS flavour)
libcurl4:amd64	7.88.1-10+deb12u15	amd64		easy-to-use client-side URL transfer library (OpenSSL flavour)
libdb5.3:amd64	5.3.28+dfsg2-1	amd64	+	Berkeley v5.3 Database Libraries [runtime]
libdebconfclient0:amd64	0.270	amd64	+	Debian Configuration Management System (C-implementation library)
libdevmapper1.02.1:amd64	2:1.02.185-2	amd64		Linux Kernel Device Mapper userspace library
libedit2:amd64	3.1-20221030-2	amd64		BSD editline and history libraries
libefiboot1:amd64	37-6	amd64		Library to manage UEFI variables
libefivar1:amd64	37-6	amd64		Library to manage UEFI variables
libelf1:amd64	0.188-2.1	amd64		library to read and write ELF files
liberror-perl	0.17029-2	all		Perl module for error/exception handling in an OO-ish way
libestr0:amd64	0.1.11-1	amd64		Helper functions for handling strings (lib)
libevent-core-2.1-7:amd64	2.1.12-stable-8+deb12u1	amd64		Asynchronous event notification library (core)
libexpat1:amd64	2.5.0-1+deb12u5	amd64		XML parsing C library - runtime library
libext2fs2:amd64	1.47.0-2+b2	amd64	+	ext2/ext3/ext4 file system libraries
libfastjson4:amd64	1.2304.0-1	amd64		fast json library for C
libfdisk1:amd64	2.38.1-5+deb12u3	amd64		fdisk partitioning library
libffi8:amd64	3.4.4-1	amd64	+	Foreign Function Interface library runtime
libfido2-1:amd64	1.12.0-2+b1	amd64		library for generating and verifying FIDO 2.0 objects
libfile-find-rule-perl	0.34-4~deb12u1	all	+	module to search for files based on rules
libfreetype6:amd64	2.12.1+dfsg-5+deb12u4	amd64		FreeType 2 font engine, shared library files
libfstrm0:amd64	0.6.1-1	amd64		Frame Streams (fstrm) library
libfuse2:amd64	2.9.9-6+b1	amd64		Filesystem in Userspace (library)
libgcc-s1:amd64	12.2.0-14+deb12u1	amd64	+	GCC support library
libgcrypt20:amd64	1.10.1-3+deb12u1	amd64	+	LGPL Crypto library - runtime library
libgdbm-compat4:amd64	1.23-3	amd64	+	GNU dbm database routines (legacy support runtime version) 
libgdbm6:amd64	1.23-3	amd64	+	GNU dbm database routines (runtime version) 
libgmp10:amd64	2:6.2.1+dfsg1-1.1	amd64	+	Multiprecision arithmetic library
libgnutls30:amd64	3.7.9-2+deb12u7	amd64	+	GNU TLS library - main runtime library
libgpg-error0:amd64	1.46-1	amd64	+	GnuPG development runtime library
libgssapi-krb5-2:amd64	1.20.1-2+deb12u5	amd64		MIT Kerberos runtime libraries - krb5 GSS-API Mechanism
libhogweed6:amd64	3.8.1-2	amd64	+	low level cryptographic library (public-key cryptos)
libicu72:amd64	72.1-3+deb12u1	amd64		International Components for Unicode
libidn2-0:amd64	2.3.3-1+b1	amd64	+	Internationalized domain names (IDNA2008/TR46) library
libip4tc2:amd64	1.8.9-2	amd64		netfilter libip4tc library
libip6tc2:amd64	1.8.9-2	amd64		netfilter libip6tc library
libjemalloc2:amd64	5.3.0-1	amd64		general-purpose scalable concurrent malloc(3) implementation
libjson-c5:amd64	0.16-2	amd64		JSON manipulation library - shared library
libk5crypto3:amd64	1.20.1-2+deb12u5	amd64		MIT Kerberos runtime libraries - Crypto Library
libkeyutils1:amd64	1.6.3-2	amd64		Linux Key Management Utilities (library)
libklibc:amd64	2.0.12-1	amd64		minimal libc subset for use with initramfs
libkmod2:amd64	30+20221128-1	amd64		libkmod shared library
libkrb5-3:amd64	1.20.1-2+deb12u5	amd64		MIT Kerberos runtime libraries
libkrb5support0:amd64	1.20.1-2+deb12u5	amd64		MIT Kerberos runtime libraries - Support library
libldap-2.5-0:amd64	2.5.13+dfsg-5	amd64		OpenLDAP libraries
liblmdb0:amd64	0.9.24-1	amd64		Lightning Memory-Mapped Database shared library
liblognorm5:amd64	2.0.6-4	amd64		log normalizing library
liblz4-1:amd64	1.9.4-1	amd64	+	Fast LZ compression algorithm library - runtime
liblzf1:amd64	3.6-3	amd64		Very small data compression library
liblzma5:amd64	5.4.1-1+deb12u2	amd64	+	XZ-format compression library
libmagic-mgc	1:5.44-3	amd64		File type determination library using "magic" numbers (compiled magic file)
libmagic1:amd64	1:5.44-3	amd64		Recognize the type of data in a file using "magic" numbers - library
libmaxminddb0:amd64	1.7.1-1	amd64		IP geolocation database library
libmd0:amd64	1.0.4-2	amd64	+	message digest functions from BSD systems - shared library
libmnl0:amd64	1.0.4-3	amd64		minimalistic Netlink communication library
libmount1:amd64	2.38.1-5+deb12u3	amd64	+	device mounting library
libncursesw6:amd64	6.4-4	amd64		shared libraries for terminal handling (wide character support)
libnetfilter-conntrack3:amd64	1.0.9-3	amd64		Netfilter netlink-conntrack library
libnettle8:amd64	3.8.1-2	amd64	+	low level cryptographic library (symmetric and one-way cryptos)
libnfnetlink0:amd64	1.0.2-2	amd64		Netfilter netlink library
libnftnl11:amd64	1.2.4-2	amd64		Netfilter nftables userspace API library
libnghttp2-14:amd64	1.52.0-1+deb12u3	amd64		library implementing HTTP/2 protocol (shared library)
libnl-3-200:amd64	3.7.0-0.2+b1	amd64		library for dealing with netlink sockets
libnl-genl-3-200:amd64	3.7.0-0.2+b1	amd64		library for dealing with netlink sockets - generic netlink
libnsl2:amd64	1.3.0-2	amd64		Public client interface for NIS(YP) and NIS+
libnumber-compare-perl	0.03-3	all	+	module for performing numeric comparisons in Perl
libp11-kit0:amd64	0.24.1-2	amd64	+	library for loading and coordinating access to PKCS#11 modules - runtime
libpam-modules:amd64	1.5.2-6+deb12u2	amd64	+	Pluggable Authentication Modules for PAM
libpam-modules-bin	1.5.2-6+deb12u2	amd64	+	Pluggable Authentication Modules for PAM - helper binaries
libpam-runtime	1.5.2-6+deb12u2	all	+	Runtime support for the PAM library
libpam0g:amd64	1.5.2-6+deb12u2	amd64	+	Pluggable Authentication Modules library
libpcre2-8-0:amd64	10.42-1+deb12u2	amd64	+	New Perl Compatible Regular Expression Library- 8 bit runtime files
libperl5.36:amd64	5.36.0-7+deb12u4	amd64	+	shared Perl library
libpipeline1:amd64	1.5.7-1	amd64		Unix process pipeline manipulation library
libpng16-16:amd64	1.6.39-2+deb12u6	amd64		PNG library - runtime (version 1.6)
libpopt0:amd64	1.19+dfsg-1	amd64		lib for parsing cmdline parameters
libproc2-0:amd64	2:4.0.2-3	amd64		library for accessing process information from /proc
libprotobuf-c1:amd64	1.4.1-1+b1	amd64		Protocol Buffers C shared library (protobuf-c)
libpsl5:amd64	0.21.2-1	amd64		Library for Public Suffix List (shared libraries)
libpython3.11-minimal:amd64	3.11.2-6+deb12u9	amd64		Minimal subset of the Python language (version 3.11)
librtmp1:amd64	2.4+20151223.gitfa8646d.1-2+b2	amd64		toolkit for RTMP streams (shared library)
libsasl2-2:amd64	2.1.28+dfsg-10+deb12u1	amd64		Cyrus SASL - authentication abstraction library
libsasl2-modules-db:amd64	2.1.28+dfsg-10+deb12u1	amd64		Cyrus SASL - pluggable authentication modules (DB)
libseccomp2:amd64	2.5.4-1+deb12u1	amd64	+	high level interface to Linux seccomp filter
libselinux1:amd64	3.4-1+b6	amd64	+	SELinux runtime shared libraries
libsemanage-common	3.4-1	all	+	Common files for SELinux policy management libraries
libsemanage2:amd64	3.4-1+b5	amd64	+	SELinux policy management library
libsepol2:amd64	3.4-2.1	amd64	+	SELinux library for manipulating binary security policies
libsmartcols1:amd64	2.38.1-5+deb12u3	amd64	+	smart column output alignment library
libss2:amd64	1.47.0-2+b2	amd64	+	command-line interface parsing library
libssh2-1:amd64	1.10.0-3+deb12u1	amd64		SSH2 client-side library
libssl3:amd64	3.0.22-1~deb12u2	amd64		Secure Sockets Layer toolkit - shared libraries
libstdc++6:amd64	12.2.0-14+deb12u1	amd64	+	GNU Standard C++ Library v3
libsystemd-shared:amd64	252.39-1~deb12u2	amd64		systemd shared private library
libsystemd0:amd64	252.39-1~deb12u2	amd64	+	systemd utility library
libtasn1-6:amd64	4.19.0-2+deb12u1	amd64	+	Manage ASN.1 structures (runtime)
libtext-glob-perl	0.11-3	all	+	Perl module for matching globbing patterns against text
libtinfo6:amd64	6.4-4	amd64	+	shared low-level terminfo library for terminal handling
libtirpc-common	1.3.3+ds-1	all		transport-independent RPC library - common files
libtirpc3:amd64	1.3.3+ds-1	amd64		transport-independent RPC library
libuchardet0:amd64	0.0.7-1	amd64		universal charset detection library - shared library
libudev1:amd64	252.39-1~deb12u2	amd64	+	libudev shared library
libunistring2:amd64	1.0-2	amd64	+	Unicode string library for C
libutempter0:amd64	1.2.1-3	amd64		privileged helper for utmp/wtmp updates (runtime)
libuuid1:amd64	2.38.1-5+deb12u3	amd64	+	Universally Unique ID library
libuv1:amd64	1.44.2-1+deb12u1	amd64		asynchronous event notification library - runtime library
libwrap0:amd64	7.6.q-32	amd64		Wietse Venema's TCP wrappers library
libxml2:amd64	2.9.14+dfsg-1.3~deb12u6	amd64		GNOME XML library
libxtables12:amd64	1.8.9-2	amd64		netfilter xtables library
libxxhash0:amd64	0.8.1-1	amd64	+	shared library for xxhash
libzstd1:amd64	1.5.4+dfsg2-5	amd64	+	fast lossless compression algorithm
linux-base	4.12.1~deb12u1	all		Linux image base package
linux-image-{kernel}	{version}	amd64		Linux 6.1 for x86-64 cloud (signed)
linux-image-cloud-amd64	{version}	amd64		Linux for x86-64 cloud (meta-package)
login	1:4.13+dfsg1-1+deb12u2	amd64	+	system login tools
logrotate	3.21.0-1	amd64		Log rotation utility
logsave	1.47.0-2+b2	amd64	+	save the output of a command in a log file
lsof	4.95.0-1	amd64		utility to list open files
man-db	2.11.2-2	amd64		tools for reading manual pages
mawk	1.3.4.20200120-3.1	amd64	+	Pattern scanning and text processing language
mount	2.38.1-5+deb12u3	amd64	+	tools for mounting and manipulating filesystems
nano	7.2-1+deb12u1	amd64		small, friendly text editor inspired by Pico
ncurses-base	6.4-4	all	+	basic terminal type definitions
ncurses-bin	6.4-4	amd64	+	terminal-related programs and man pages
net-tools	2.10-0.1+deb12u2	amd64		NET-3 networking toolkit
netbase	6.4	all		Basic TCP/IP networking system
netcat-openbsd	1.219-1	amd64		TCP/IP swiss army knife
openssh-client	1:9.2p1-2+deb12u10	amd64		secure shell (SSH) client, for secure access to remote machines
openssh-server	1:9.2p1-2+deb12u10	amd64		secure shell (SSH) server, for secure access from remote machines
openssh-sftp-server	1:9.2p1-2+deb12u10	amd64		secure shell (SSH) sftp server module, for SFTP access from remote machines
openssl	3.0.22-1~deb12u2	amd64		Secure Sockets Layer toolkit - cryptographic utility
passwd	1:4.13+dfsg1-1+deb12u2	amd64	+	change and administer password and group data
perl	5.36.0-7+deb12u4	amd64	+	Larry Wall's Practical Extraction and Report Language
perl-base	5.36.0-7+deb12u4	amd64	+	minimal Perl system
perl-modules-5.36	5.36.0-7+deb12u4	all	+	Core Perl modules
procps	2:4.0.2-3	amd64		/proc file system utilities
python3-minimal	3.11.2-1+b1	amd64		minimal subset of the Python language (default python3 version)
python3.11-minimal	3.11.2-6+deb12u9	amd64		Minimal subset of the Python language (version 3.11)
redis-server	5:7.0.15-1~deb12u10	amd64		Persistent key-value database with network interface
redis-tools	5:7.0.15-1~deb12u10	amd64		Persistent key-value database with network interface (client)
rsync	3.5.0+ds1-0+deb12u1	amd64		fast, versatile, remote (and local) file-copying tool
rsyslog	8.2302.0-1+deb12u2	amd64		reliable system and kernel logging daemon
runc	1.1.5+ds1-1+deb12u1	amd64		Open Container Project - runtime
runit-helper	2.15.2	all		dh-runit implementation detail
sed	4.9-1+deb12u1	amd64	+	GNU stream editor for filtering/transforming text
sensible-utils	0.0.17+nmu1	all		Utilities for sensible alternative selection
sudo	1.9.13p3-1+deb12u4	amd64		Provide limited super user privileges to specific users
systemd	252.39-1~deb12u2	amd64		system and service manager
systemd-sysv	252.39-1~deb12u2	amd64		system and service manager - SysV compatibility symlinks
sysvinit-utils	3.06-4	amd64	+	System-V-like utilities
tar	1.34+dfsg-1.2+deb12u1	amd64	+	GNU version of the tar archiving utility
tini	0.19.0-1+b3	amd64		tiny but valid init for containers
tmux	3.3a-3	amd64		terminal multiplexer
tzdata	2026f-0+deb12u1	all	+	time zone and daylight-saving time data
ucf	3.0043+nmu1+deb12u1	all		Update Configuration File(s): preserve user changes to config files
udev	252.39-1~deb12u2	amd64		/dev/ and hotplug management daemon
unzip	6.0-28+deb12u1	amd64		De-archiver for .zip files
usrmerge	37~deb12u1	all	+	Convert the system to the merged /usr directories scheme
util-linux	2.38.1-5+deb12u3	amd64	+	miscellaneous system utilities
util-linux-extra	2.38.1-5+deb12u3	amd64	+	interactive login tools
vim-common	2:9.0.1378-2+deb12u2	all		Vi IMproved - Common files
vim-tiny	2:9.0.1378-2+deb12u2	amd64		Vi IMproved - enhanced vi editor - compact version
wget	1.21.3-1+deb12u1	amd64		retrieves files from the web
xz-utils	5.4.1-1+deb12u2	amd64		XZ-format compression utilities
zlib1g:amd64	1:1.2.13.dfsg-1	amd64	+	compression library - runtime
`;
