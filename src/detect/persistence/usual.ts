/**
 * Programs that distributions install with setuid or setgid. Source: the packages of Debian 11 to 13, Ubuntu,
 * Alpine 3.20, Fedora and RHEL 9 that ship such files, 2026-11. A name excuses a file only in a system folder,
 * and only while it is no shell.
 */
export const usualSetuid: ReadonlySet<string> = new Set(
  (
    'su mount umount sudo sudoedit sudoreplay passwd chsh chfn gpasswd newgrp sg expiry chage ping ping6 ' +
    'traceroute6 traceroute6.iputils arping clockdiff pkexec ssh-keysign unix_chkpwd unix2_chkpwd ' +
    'dbus-daemon-launch-helper polkit-agent-helper-1 crontab at fusermount fusermount3 ntfs-3g mount.nfs mount.nfs4 ' +
    'umount.nfs umount.nfs4 mount.cifs mount.smb3 mount.davfs mount.ecryptfs_private newuidmap newgidmap Xorg.wrap ' +
    'Xorg pppd chrome-sandbox chromium-sandbox bwrap snap-confine doas bbsuid exim exim4 sendmail procmail maildrop ' +
    'qmail-queue suexec suexec-custom suexec-pristine userhelper usernetctl pam_timestamp_check staprun dumpcap ' +
    'lxc-user-nic ksu grub2-set-bootflag cockpit-session run0 eject rcp rsh rlogin uux uucp uustat uuxqt cu uucico ' +
    'pt_chown authbind helper mtr mtr-packet mysql-auth_pam_tool auth_pam_tool spice-client-glib-usb-acl-helper ' +
    'vmware-user-suid-wrapper nvidia-modprobe singularity-suid starter-suid apptainer-suid starter netreport ' +
    'sperl lppasswd cdrecord wodim growisofs bsd-mailx-lock smbmnt smbumount ecryptfs fping fping6 slock ' +
    'kismet_cap_linux_wifi kcheckpass start_kdeinit VBoxHeadless VirtualBoxVM ' +
    'execute_with_privileges zfs_unmount pmount pumount calife super otpw'
  ).split(' '),
);

export const usualSetgid: ReadonlySet<string> = new Set(
  (
    'chage expiry unix_chkpwd wall write write.ul bsd-write crontab at ssh-agent mlocate plocate locate dotlockfile ' +
    'postdrop postqueue utempter screen mail-lock mail-touchlock mail-unlock mutt_dotlock lockfile procmail ' +
    'gnome-pty-helper camel-lock-helper-1.2 pt_chown nethack-console same-gnome gnibbles gnotski iagno xterm ' +
    'journalctl netreport ssh-keysign cgexec lockdev slocate man mandb wine-lock emacs-mail movemail dumpcap ' +
    'sendmail sendmail-msp sm-msp-queue libvirt-helper cgclassify polkit-agent-helper-1 utmp x11-session'
  ).split(' '),
);
