/** What a sensor sends for a certificate. */
import { keyOfRequest } from '../../../src/certificate/request.ts';
import { expect, type Target } from '../target.ts';

/** By a key that nobody has any more: of ours, and of OpenSSL 3 with extensions. */
const ours =
  'MIHLMHMCAQAwETEPMA0GA1UEAxMGc2Vuc29yMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEU9O87YggSb3MVtpYR3ZZcZV1' +
  'qg1Z4OVsu6Z9xXNDhC+IMV2RLV9Zh/5Z6r1mGzjBXUdvtEahDihE///7i00R96AAMAoGCCqGSM49BAMCA0gAMEUCIBghgH2t' +
  'mnzewpUBqW0oKKEdNSsiT4lYzzn6TjTN4ipSAiEAzo3b4fELnEZfKaUSHMPxP+AsXWtG6whwlv8L1PTuPlo=';
const theirs =
  'MIIBHTCBxAIBADAiMQ4wDAYDVQQDDAVwb3QtMTEQMA4GA1UECgwHRXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA' +
  'BFPTvO2IIEm9zFbaWEd2WXGVdaoNWeDlbLumfcVzQ4QviDFdkS1fWYf+Weq9Zhs4wV1Hb7RGoQ4oRP//+4tNEfegQDA+Bgkq' +
  'hkiG9w0BCQ4xMTAvMCAGA1UdEQQZMBeCFXBvdC0xLmV4YW1wbGUuaW52YWxpZDALBgNVHQ8EBAMCB4AwCgYIKoZIzj0EAwID' +
  'SAAwRQIgIbWyqAv7VCZtgQdEcopmqhyhFBvY6DAtGNqtDuABONECIQDOPRFXEw1CnItVq3uo4mAWWTlSDSfBYR7Q0JVgf+WZ' +
  '+Q==';

export const certificateTargets: readonly Target[] = [
  {
    name: 'certificate-request',
    seeds: () => [ours, theirs].map((text) => Buffer.from(text, 'base64')),
    words: [
      '\x30\x80',
      '\x30\x82\xff\xff',
      '\xa0\x00',
      '\x06\x08*\x86H\xce=\x04\x03\x02',
      '\x03\x42\x00\x04',
    ],
    largest: 1 << 15,
    run(input) {
      const label = 'CERTIFICATE REQUEST-----';
      const key = keyOfRequest(`-----BEGIN ${label}\n${input.toString('base64')}\n-----END ${label}\n`);
      expect(key.asymmetricKeyDetails?.namedCurve === 'prime256v1', 'keys are on P-256');
    },
  },
];
