/**
 * What GNU programs of Debian 12 say of themselves: name, package (c coreutils 9.1, d diffutils 3.8, f findutils 4.9.0,
 * g grep 3.8, s sed 4.9, t tar 1.34, z gzip 1.12), authors, and the first lines of their help, `~` between them.
 */
export const aboutPrograms = `arch	c	David MacKenzie and Karel Zak	arch [OPTION]...~Print machine architecture.
base32	c	Simon Josefsson	base32 [OPTION]... [FILE]~Base32 encode or decode FILE, or standard input, to standard output.
base64	c	Simon Josefsson	base64 [OPTION]... [FILE]~Base64 encode or decode FILE, or standard input, to standard output.
basename	c	David MacKenzie	basename NAME [SUFFIX]~  or:  basename OPTION... NAME...~Print NAME with any leading directory components removed.
cat	c	Torbjorn Granlund and Richard M. Stallman	cat [OPTION]... [FILE]...~Concatenate FILE(s) to standard output.
chgrp	c	David MacKenzie and Jim Meyering	chgrp [OPTION]... GROUP FILE...~  or:  chgrp [OPTION]... --reference=RFILE FILE...~Change the group of each FILE to GROUP.
chmod	c	David MacKenzie and Jim Meyering	chmod [OPTION]... MODE[,MODE]... FILE...~  or:  chmod [OPTION]... OCTAL-MODE FILE...~  or:  chmod [OPTION]... --reference=RFILE FILE...
chown	c	David MacKenzie and Jim Meyering	chown [OPTION]... [OWNER][:[GROUP]] FILE...~  or:  chown [OPTION]... --reference=RFILE FILE...~Change the owner and/or group of each FILE to OWNER and/or GROUP.
cksum	c	Padraig Brady and Q. Frank Xia	cksum [OPTION]... [FILE]...~Print or verify checksums.~By default use the 32 bit CRC algorithm.
comm	c	Richard M. Stallman and David MacKenzie	comm [OPTION]... FILE1 FILE2~Compare sorted files FILE1 and FILE2 line by line.
cp	c	Torbjorn Granlund, David MacKenzie, and Jim Meyering	cp [OPTION]... [-T] SOURCE DEST~  or:  cp [OPTION]... SOURCE... DIRECTORY~  or:  cp [OPTION]... -t DIRECTORY SOURCE...
cut	c	David M. Ihnat, David MacKenzie, and Jim Meyering	cut OPTION... [FILE]...~Print selected parts of lines from each FILE to standard output.
date	c	David MacKenzie	date [OPTION]... [+FORMAT]~  or:  date [-u|--utc|--universal] [MMDDhhmm[[CC]YY][.ss]]~Display date and time in the given FORMAT.
df	c	Torbjorn Granlund, David MacKenzie, and Paul Eggert	df [OPTION]... [FILE]...~Show information about the file system on which each FILE resides,~or all file systems by default.
dir	c	Richard M. Stallman and David MacKenzie	dir [OPTION]... [FILE]...~List information about the FILEs (the current directory by default).~Sort entries alphabetically if none of -cftuvSUX nor --sort is specified.
dirname	c	David MacKenzie and Jim Meyering	dirname [OPTION] NAME...~Output each NAME with its last non-slash component and trailing slashes~removed; if NAME contains no /'s, output '.' (meaning the current directory).
du	c	Torbjorn Granlund, David MacKenzie, Paul Eggert	du [OPTION]... [FILE]...~  or:  du [OPTION]... --files0-from=F~Summarize device usage of the set of FILEs, recursively for directories.
env	c	Richard Mlynarik, David MacKenzie, and Assaf Gordon	env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]~Set each NAME to VALUE in the environment and run COMMAND.
expand	c	David MacKenzie	expand [OPTION]... [FILE]...~Convert tabs in each FILE to spaces, writing to standard output.
expr	c	Mike Parker, James Youngman, and Paul Eggert	expr EXPRESSION~  or:  expr OPTION
factor	c	Paul Rubin, Torbjörn Granlund, and Niels Möller	factor [NUMBER]...~  or:  factor OPTION~Print the prime factors of each specified integer NUMBER.  If none
fold	c	David MacKenzie	fold [OPTION]... [FILE]...~Wrap input lines in each FILE, writing to standard output.
groups	c	David MacKenzie and James Youngman	groups [OPTION]... [USERNAME]...~Print group memberships for each USERNAME or, if no USERNAME is specified, for~the current process (which may differ if the groups database has changed).
head	c	David MacKenzie and Jim Meyering	head [OPTION]... [FILE]...~Print the first 10 lines of each FILE to standard output.~With more than one FILE, precede each with a header giving the file name.
hostid	c	Jim Meyering	hostid [OPTION]~Print the numeric identifier (in hexadecimal) for the current host.
id	c	Arnold Robbins and David MacKenzie	id [OPTION]... [USER]...~Print user and group information for each specified USER,~or (when USER omitted) for the current process.
install	c	David MacKenzie	install [OPTION]... [-T] SOURCE DEST~  or:  install [OPTION]... SOURCE... DIRECTORY~  or:  install [OPTION]... -t DIRECTORY SOURCE...
join	c	Mike Haertel	join [OPTION]... FILE1 FILE2~For each pair of input lines with identical join fields, write a line to~standard output.  The default join field is the first, delimited by blanks.
link	c	Michael Stone	link FILE1 FILE2~  or:  link OPTION~Call the link function to create a link named FILE2 to an existing FILE1.
ln	c	Mike Parker and David MacKenzie	ln [OPTION]... [-T] TARGET LINK_NAME~  or:  ln [OPTION]... TARGET~  or:  ln [OPTION]... TARGET... DIRECTORY
logname	c	FIXME: unknown	logname [OPTION]~Print the user's login name.
ls	c	Richard M. Stallman and David MacKenzie	ls [OPTION]... [FILE]...~List information about the FILEs (the current directory by default).~Sort entries alphabetically if none of -cftuvSUX nor --sort is specified.
md5sum	c	Ulrich Drepper, Scott Miller, and David Madore	md5sum [OPTION]... [FILE]...~Print or check MD5 (128-bit) checksums.
mkdir	c	David MacKenzie	mkdir [OPTION]... DIRECTORY...~Create the DIRECTORY(ies), if they do not already exist.
mkfifo	c	David MacKenzie	mkfifo [OPTION]... NAME...~Create named pipes (FIFOs) with the given NAMEs.
mknod	c	David MacKenzie	mknod [OPTION]... NAME TYPE [MAJOR MINOR]~Create the special file NAME of the given TYPE.
mktemp	c	Jim Meyering and Eric Blake	mktemp [OPTION]... [TEMPLATE]~Create a temporary file or directory, safely, and print its name.~TEMPLATE must contain at least 3 consecutive 'X's in last component.
mv	c	Mike Parker, David MacKenzie, and Jim Meyering	mv [OPTION]... [-T] SOURCE DEST~  or:  mv [OPTION]... SOURCE... DIRECTORY~  or:  mv [OPTION]... -t DIRECTORY SOURCE...
nice	c	David MacKenzie	nice [OPTION] [COMMAND [ARG]...]~Run COMMAND with an adjusted niceness, which affects process scheduling.~With no COMMAND, print the current niceness.  Niceness values range from
nl	c	Scott Bartram and David MacKenzie	nl [OPTION]... [FILE]...~Write each FILE to standard output, with line numbers added.
nohup	c	Jim Meyering	nohup COMMAND [ARG]...~  or:  nohup OPTION~Run COMMAND, ignoring hangup signals.
nproc	c	Giuseppe Scrivano	nproc [OPTION]...~Print the number of processing units available to the current process,~which may be less than the number of online processors
numfmt	c	Assaf Gordon	numfmt [OPTION]... [NUMBER]...~Reformat NUMBER(s), or the numbers from standard input if none are specified.
od	c	Jim Meyering	od [OPTION]... [FILE]...~  or:  od [-abcdfilosx]... [FILE] [[+]OFFSET[.][b]]~  or:  od --traditional [OPTION]... [FILE] [[+]OFFSET[.][b] [+][LABEL][.][b]]
paste	c	David M. Ihnat and David MacKenzie	paste [OPTION]... [FILE]...~Write lines consisting of the sequentially corresponding lines from~each FILE, separated by TABs, to standard output.
pathchk	c	Paul Eggert, David MacKenzie, and Jim Meyering	pathchk [OPTION]... NAME...~Diagnose invalid or unportable file names.
pr	c	Pete TerMaat and Roland Huebner	pr [OPTION]... [FILE]...~Paginate or columnate FILE(s) for printing.
printenv	c	David MacKenzie and Richard Mlynarik	printenv [OPTION]... [VARIABLE]...~Print the values of the specified environment VARIABLE(s).~If no VARIABLE is specified, print name and value pairs for them all.
readlink	c	Dmitry V. Levin	readlink [OPTION]... FILE...~Print value of a symbolic link or canonical file name
realpath	c	Padraig Brady	realpath [OPTION]... FILE...~Print the resolved absolute file name;~all but the last component must exist
rm	c	Paul Rubin, David MacKenzie, Richard M. Stallman	rm [OPTION]... [FILE]...~Remove (unlink) the FILE(s).
rmdir	c	David MacKenzie	rmdir [OPTION]... DIRECTORY...~Remove the DIRECTORY(ies), if they are empty.
seq	c	Ulrich Drepper	seq [OPTION]... LAST~  or:  seq [OPTION]... FIRST LAST~  or:  seq [OPTION]... FIRST INCREMENT LAST
sha1sum	c	Ulrich Drepper, Scott Miller, and David Madore	sha1sum [OPTION]... [FILE]...~Print or check SHA1 (160-bit) checksums.
sha224sum	c	Ulrich Drepper, Scott Miller, and David Madore	sha224sum [OPTION]... [FILE]...~Print or check SHA224 (224-bit) checksums.
sha256sum	c	Ulrich Drepper, Scott Miller, and David Madore	sha256sum [OPTION]... [FILE]...~Print or check SHA256 (256-bit) checksums.
sha384sum	c	Ulrich Drepper, Scott Miller, and David Madore	sha384sum [OPTION]... [FILE]...~Print or check SHA384 (384-bit) checksums.
sha512sum	c	Ulrich Drepper, Scott Miller, and David Madore	sha512sum [OPTION]... [FILE]...~Print or check SHA512 (512-bit) checksums.
shred	c	Colin Plumb	shred [OPTION]... FILE...~Overwrite the specified FILE(s) repeatedly, in order to make it harder~for even very expensive hardware probing to recover the data.
shuf	c	Paul Eggert	shuf [OPTION]... [FILE]~  or:  shuf -e [OPTION]... [ARG]...~  or:  shuf -i LO-HI [OPTION]...
sleep	c	Jim Meyering and Paul Eggert	sleep NUMBER[SUFFIX]...~  or:  sleep OPTION~Pause for NUMBER seconds.  SUFFIX may be 's' for seconds (the default),
sort	c	Mike Haertel and Paul Eggert	sort [OPTION]... [FILE]...~  or:  sort [OPTION]... --files0-from=F~Write sorted concatenation of all FILE(s) to standard output.
split	c	Torbjorn Granlund and Richard M. Stallman	split [OPTION]... [FILE [PREFIX]]~Output pieces of FILE to PREFIXaa, PREFIXab, ...;~default size is 1000 lines, and default PREFIX is 'x'.
stat	c	Michael Meskes	stat [OPTION]... FILE...~Display file or file system status.
stdbuf	c	Padraig Brady	stdbuf OPTION... COMMAND~Run COMMAND, with modified buffering operations for its standard streams.
stty	c	David MacKenzie	stty [-F DEVICE | --file=DEVICE] [SETTING]...~  or:  stty [-F DEVICE | --file=DEVICE] [-a|--all]~  or:  stty [-F DEVICE | --file=DEVICE] [-g|--save]
sum	c	Kayvan Aghaiepour and David MacKenzie	sum [OPTION]... [FILE]...~Print or check BSD (16-bit) checksums.
sync	c	Jim Meyering and Giuseppe Scrivano	sync [OPTION] [FILE]...~Synchronize cached writes to persistent storage
tac	c	Jay Lepreau and David MacKenzie	tac [OPTION]... [FILE]...~Write each FILE to standard output, last line first.
tail	c	Paul Rubin, David MacKenzie, Ian Lance Taylor	tail [OPTION]... [FILE]...~Print the last 10 lines of each FILE to standard output.~With more than one FILE, precede each with a header giving the file name.
tee	c	Mike Parker, Richard M. Stallman, and David MacKenzie	tee [OPTION]... [FILE]...~Copy standard input to each FILE, and also to standard output.
timeout	c	Padraig Brady	timeout [OPTION] DURATION COMMAND [ARG]...~  or:  timeout [OPTION]~Start COMMAND, and kill it if still running after DURATION.
touch	c	Paul Rubin, Arnold Robbins, Jim Kingdon	touch [OPTION]... FILE...~Update the access and modification times of each FILE to the current time.
tr	c	Jim Meyering	tr [OPTION]... STRING1 [STRING2]~Translate, squeeze, and/or delete characters from standard input,~writing to standard output.  STRING1 and STRING2 specify arrays of
truncate	c	Padraig Brady	truncate OPTION... FILE...~Shrink or extend the size of each FILE to the specified size
tsort	c	Mark Kettenis	tsort [OPTION] [FILE]~Write totally ordered list consistent with the partial ordering in FILE.
tty	c	David MacKenzie	tty [OPTION]...~Print the file name of the terminal connected to standard input.
uname	c	David MacKenzie	uname [OPTION]...~Print certain system information.  With no OPTION, same as -s.
unexpand	c	David MacKenzie	unexpand [OPTION]... [FILE]...~Convert blanks in each FILE to tabs, writing to standard output.
uniq	c	Richard M. Stallman and David MacKenzie	uniq [OPTION]... [INPUT [OUTPUT]]~Filter adjacent matching lines from INPUT (or standard input),~writing to OUTPUT (or standard output).
unlink	c	Michael Stone	unlink FILE~  or:  unlink OPTION~Call the unlink function to remove the specified FILE.
users	c	Joseph Arceneaux and David MacKenzie	users [OPTION]... [FILE]~Output who is currently logged in according to FILE.~If FILE is not specified, use /var/run/utmp.  /var/log/wtmp as FILE is common.
vdir	c	Richard M. Stallman and David MacKenzie	vdir [OPTION]... [FILE]...~List information about the FILEs (the current directory by default).~Sort entries alphabetically if none of -cftuvSUX nor --sort is specified.
wc	c	Paul Rubin and David MacKenzie	wc [OPTION]... [FILE]...~  or:  wc [OPTION]... --files0-from=F~Print newline, word, and byte counts for each FILE, and a total line if
who	c	Joseph Arceneaux, David MacKenzie, and Michael Stone	who [OPTION]... [ FILE | ARG1 ARG2 ]~Print information about users who are currently logged in.
whoami	c	Richard Mlynarik	whoami [OPTION]...~Print the user name associated with the current effective user ID.~Same as id -un.
yes	c	David MacKenzie	yes [STRING]...~  or:  yes OPTION~Repeatedly output a line with all specified STRING(s), or 'y'.
grep	g	Mike Haertel and others; see	grep [OPTION]... PATTERNS [FILE]...~Search for PATTERNS in each FILE.~Example: grep -i 'hello world' menu.h main.c
egrep	g	Mike Haertel and others; see	grep [OPTION]... PATTERNS [FILE]...~Search for PATTERNS in each FILE.~Example: grep -i 'hello world' menu.h main.c
sed	s	Jay Fenlason, Tom Lord, Ken Pizzini	sed [OPTION]... {script-only-if-no-other-script} [input-file]...
find	f	Eric B. Decker, James Youngman, and Kevin Dalley	find [-H] [-L] [-P] [-Olevel] [-D debugopts] [path...] [expression]
xargs	f	Eric B. Decker, James Youngman, and Kevin Dalley	xargs [OPTION]... COMMAND [INITIAL-ARGS]...~Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.
gzip	z	Jean-loup Gailly	gzip [OPTION]... [FILE]...~Compress or uncompress FILEs (by default, compress FILES in-place).
tar	t	John Gilmore and Jay Fenlason	tar [OPTION...] [FILE]...~GNU 'tar' saves many files together into a single tape or disk archive, and can~restore individual files from the archive.
diff	d	Paul Eggert, Mike Haertel, David Hayes	diff [OPTION]... FILES~Compare FILES line by line.
cmp	d	Torbjörn Granlund and David MacKenzie	cmp [OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]~Compare two files byte by byte.
`;
