import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import Ajv from 'ajv';
import { cleanReport, hostileReport, maliciousReport, riskyReport } from '../../test/fixtures/reports.ts';
import type { ImageReport } from '../model/report.ts';
import { renderSarif } from './sarif.ts';

/** The schema of SARIF 2.1.0 (draft 04) as Microsoft's jest-sarif ships it. */
const require = createRequire(import.meta.url);
const ajv = new Ajv({ schemaId: 'id', meta: false, allErrors: true });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
const validate = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));

function sarif(...reports: ImageReport[]) {
  return JSON.parse(renderSarif(reports));
}

test('the documents are valid by the schema, and the schema can refuse', () => {
  for (const reports of [[], [cleanReport], [maliciousReport, riskyReport], [hostileReport()]]) {
    assert.ok(validate(sarif(...reports)), ajv.errorsText(validate.errors));
  }
  assert.equal(validate({ version: '2.1.0', runs: [{}] }), false);
});

test('a finding is a result with level, fingerprint, place and the layer that brought it', () => {
  const [run] = sarif(maliciousReport).runs;
  const [first] = run.results;
  assert.equal(first.ruleId, 'miner/xmrig-configuration');
  assert.equal(run.tool.driver.rules[first.ruleIndex].id, first.ruleId);
  assert.equal(first.level, 'error');
  assert.equal(first.partialFingerprints['waterguardFinding/v1'], maliciousReport.findings[1]?.id);
  const [{ physicalLocation, message }] = first.locations;
  assert.deepEqual(physicalLocation.artifactLocation, { uri: 'opt/.cache/config.json', uriBaseId: 'IMAGE' });
  assert.equal(physicalLocation.region.byteOffset, 118);
  assert.equal(message.text, 'layer 2: COPY cache/ /opt/.cache/');
});

test('a rule carries help and the severity that platforms sort by', () => {
  const [run] = sarif(maliciousReport).runs;
  const rule = run.tool.driver.rules.find((one: { id: string }) => one.id === 'miner/xmrig-configuration');
  assert.equal(rule.properties['security-severity'], '9.5');
  assert.ok(rule.help.text.includes('T1496.001'));
  assert.equal(rule.helpUri, 'https://xmrig.com/docs/miner/config');
});

test('an ignored finding is a suppressed result, with its reason', () => {
  const results = sarif(maliciousReport).runs[0].results;
  const suppressed = results.filter((one: { suppressions?: unknown }) => one.suppressions !== undefined);
  assert.equal(suppressed.length, 1);
  assert.equal(suppressed[0].suppressions[0].justification, 'our own build (until 2027-01-01)');
});

test('a configuration key is a logical location in the image metadata', () => {
  const [{ locations }] = sarif(riskyReport).runs[0].results;
  assert.equal(locations[0].logicalLocations[0].fullyQualifiedName, 'configuration/Env.AWS_ACCESS_KEY_ID');
  assert.equal(locations[0].physicalLocation.artifactLocation.uriBaseId, 'METADATA');
});

test('what was not seen is a notification: a hole a warning, an error an error', () => {
  const seen = sarif(maliciousReport, riskyReport).runs.map(
    (run: {
      invocations: [{ executionSuccessful: boolean; toolExecutionNotifications: { level: string }[] }];
    }) => [
      run.invocations[0].executionSuccessful,
      run.invocations[0].toolExecutionNotifications.map((one) => one.level),
    ],
  );
  assert.deepEqual(seen, [
    [true, ['warning', 'note', 'note']],
    [false, ['error']],
  ]);
});

test('a target that could not be read is a failed run of its own, without results', () => {
  const failed = { target: 'oci:/a', code: 'unreadable', message: 'There is no directory /a.' };
  const document = JSON.parse(renderSarif([cleanReport], [failed]));
  assert.ok(validate(document), ajv.errorsText(validate.errors));
  const [image, other] = document.runs;
  assert.equal(image.invocations[0].executionSuccessful, true);
  assert.deepEqual([other.results, other.invocations[0].executionSuccessful], [[], false]);
  const [notification] = other.invocations[0].toolExecutionNotifications;
  assert.deepEqual(
    [notification.level, notification.message.text],
    ['error', 'oci:/a: There is no directory /a.'],
  );
  assert.equal(other.tool.driver.notifications[notification.descriptor.index].id, notification.descriptor.id);
  assert.notEqual(other.automationDetails.id, image.automationDetails.id);
});

test('a message makes no link of what an artefact says', () => {
  const [finding] = riskyReport.findings;
  const report = { ...riskyReport, findings: [{ ...finding!, title: 'see [here](https://evil.invalid)' }] };
  assert.ok(sarif(report).runs[0].results[0].message.text.startsWith('see [here] (https:'));
});

test('a path of an attacker stays below its base', () => {
  const [run] = sarif(hostileReport()).runs;
  for (const result of run.results) {
    const { uri } = result.locations[0].physicalLocation.artifactLocation;
    assert.match(uri, /^[\w.~%/-]+$/);
    assert.ok(!uri.split('/').includes('..') && !uri.startsWith('/'));
  }
});
