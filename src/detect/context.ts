/**
 * What a path says about the file's role. A path is the artefact's own word, so it never excuses a file: it
 * only lowers what a text weighs, which is weak and low "in documentation, examples and test data"
 * (docs/scanning.md).
 */

/** Folders whose content is read by people or by a test suite, never by a running service. */
const quietFolders: ReadonlySet<string> = new Set([
  ...['doc', 'docs', 'doc-base', 'documentation', 'man', 'manpages', 'gtk-doc', 'javadoc'],
  ...['example', 'examples', 'sample', 'samples', 'demo', 'demos', 'tutorial', 'tutorials'],
  ...[
    'test',
    'tests',
    'testdata',
    'test_data',
    'test-data',
    'testsuite',
    '__tests__',
    'selftest',
    'selftests',
    'testing',
    'wycheproof',
  ],
  ...['fixture', 'fixtures', '__fixtures__', 'dummyserver'],
  ...['locale', 'locales', 'i18n', 'l10n', 'translations', 'licenses', 'licences', 'changelogs'],
]);

/** Files that are prose wherever they lie; `install.sh` and the like are not. */
const quietNames =
  /^(?:readme|changelog|changes|news|authors|contributors|contributing|copying|copyright|licen[cs]e|notice)(?:[._-](?:txt|md|rst|gz|debian))?$/i;

/** Prose, catalogues and test sources by ending; `.d.ts` holds types alone. */
const quietEndings =
  /(?:\.(?:md|mdx|rst|adoc|texi|pod|pdf|po|pot|mo|qm)|_test\.go|[._-](?:test|spec)\.[cm]?[jt]sx?|\.d\.ts)$/i;

/** The readme of a Python package. */
const packageReadme = /\/[^/]{1,255}\.(?:dist-info\/METADATA|egg-info\/PKG-INFO)$/;

/** Published inputs and outputs of cryptography: `cryptography_vectors`, `test-vectors`. */
const vectors = /(?:^|[_-])(?:test)?vectors?$/;

/** `test_x.py`, `conftest.py`: pytest's and unittest's naming. */
const testModule = /^(?:test_[\w-]{1,80}|conftest|tests|[\w-]{1,80}_tests?)\.(?:py|pyc|rb)$/;

/**
 * Certificates that distributions generate as placeholders while installing: Debian's ssl-cert makes one that
 * names itself snake oil, so that a server package has something to start with.
 */
const placeholderFiles: ReadonlySet<string> = new Set(['/etc/ssl/private/ssl-cert-snakeoil.key']);

/** Questions that Debian's packages ask while they are installed, in all languages: read by people. */
const packageQuestions =
  /^\/var\/(?:lib\/dpkg\/info\/[^/]{1,255}\.templates|cache\/debconf\/templates\.dat(?:-old)?)$/;

/** @param path absolute, as in `FileRecord.path` */
export function isDocumentation(path: string): boolean {
  if (placeholderFiles.has(path) || packageQuestions.test(path) || packageReadme.test(path)) return true;
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (quietNames.test(name) || quietEndings.test(name) || testModule.test(name)) return true;
  return parts.some((part) => quietFolders.has(part.toLowerCase()) || vectors.test(part));
}
