import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDocumentation } from './context.ts';

test('documentation, examples, manual pages, catalogues and test data are told by folder or name', () => {
  for (const path of [
    '/usr/share/doc/libxmlsec1-dev/examples/rsakey.pem',
    '/usr/lib/python3/dist-packages/x/tests/certs/server.key',
    '/usr/lib/go/src/crypto/tls/testdata/example-key.pem',
    '/usr/lib/go/src/crypto/tls/tls_test.go',
    '/usr/lib/node_modules/npm/docs/content/using-npm/config.md',
    '/usr/lib/node_modules/x/README',
    '/usr/share/man/man7/config.7',
    '/usr/share/locale/de/LC_MESSAGES/x.mo',
    '/app/test_keys.py',
    '/app/tests.py',
    'Crypto/SelfTest/PublicKey/test_import_RSA.py',
    '/etc/ssl/private/ssl-cert-snakeoil.key',
    '/var/lib/dpkg/info/ddclient.templates',
    '/usr/lib/python3/dist-packages/x-1.0.dist-info/METADATA',
    '/usr/lib/python3/dist-packages/cryptography_vectors/asymmetric/key.pem',
    '/usr/lib/python3/dist-packages/mailman/testing/ssl_test_key.key',
  ]) {
    assert.ok(isDocumentation(path), path);
  }
});

test('programs, libraries, settings and scripts are not, whatever they resemble', () => {
  for (const path of [
    '/usr/lib/x86_64-linux-gnu/libm.so.6',
    '/root/install.sh',
    '/news.sh',
    '/opt/contest/config.json',
    '/etc/docker/daemon.json',
    '/var/lib/dpkg/info/x.postinst',
    '/home/a/manager/latest.json',
    '/etc/ssl/private/server.key',
    '/opt/METADATA',
    '/opt/convectors/key.pem',
  ]) {
    assert.ok(!isDocumentation(path), path);
  }
});
