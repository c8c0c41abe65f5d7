import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { countryPackage, type Locations, openLocations, systemPackage } from './locations.ts';

const { missing } = await openLocations();

describe('locations', { skip: missing.length > 0 && `not installed: ${missing.join(', ')}` }, () => {
  let locations: Locations;
  before(async () => {
    locations = await openLocations();
  });

  it('are known of well-known addresses of both versions', () => {
    const google = { country: 'US', asn: 15_169, asName: 'Google LLC' };
    assert.deepEqual(locations.of('8.8.8.8'), google);
    assert.deepEqual(locations.of('2001:4860:4860::8888'), google);
    assert.deepEqual(locations.of('9.9.9.9'), { country: 'US', asn: 19_281, asName: 'Quad9' });
    assert.equal(locations.of('1.1.1.1')?.asName, 'Cloudflare, Inc.');
    assert.equal(locations.of('193.0.6.139')?.country, 'NL');
    assert.equal(locations.of('77.88.8.8')?.country, 'RU');
  });

  it('are nothing for addresses of no public network, whatever the data says', () => {
    for (const ip of [
      '10.0.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '192.0.2.1',
      '198.51.100.7',
      '203.0.113.9',
      '224.0.0.1',
      '255.255.255.255',
      '0.0.0.0',
      '::1',
      'fe80::1',
      'fd00::1',
      '2001:db8::1',
      '::ffff:8.8.8.8',
    ])
      assert.equal(locations.of(ip), undefined, ip);
  });

  it('are nothing for what is no address', () => {
    for (const ip of ['', 'localhost', '8.8.8', '8.8.8.8.8', '8.8.8.8\n', '[', '::g'])
      assert.equal(locations.of(ip), undefined, ip);
  });
});

describe('without the packages', () => {
  it('everything is unknown, and it is told which ones are missing', async () => {
    const locations = await openLocations(() => undefined);
    assert.deepEqual(locations.missing, [countryPackage, systemPackage]);
    assert.equal(locations.of('8.8.8.8'), undefined);
  });
});
