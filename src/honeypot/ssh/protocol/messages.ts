/** Numbers of messages: RFC 4250, 4.1.2; RFC 4419, 5; RFC 8308, 2.3. */
export const msg = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  serviceRequest: 5,
  serviceAccept: 6,
  extInfo: 7,
  kexInit: 20,
  newKeys: 21,
  kexExchangeInit: 30,
  kexExchangeReply: 31,
  kexGroup: 31,
  kexGroupInit: 32,
  kexGroupReply: 33,
  kexGroupRequest: 34,
  userauthRequest: 50,
  userauthFailure: 51,
  userauthSuccess: 52,
  userauthPkOk: 60,
  userauthInfoResponse: 61,
  userauthGssapiComplete: 63,
  globalRequest: 80,
  requestSuccess: 81,
  requestFailure: 82,
  channelOpen: 90,
  channelOpenConfirmation: 91,
  channelOpenFailure: 92,
  channelWindowAdjust: 93,
  channelData: 94,
  channelExtendedData: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
  channelFailure: 100,
} as const;

/** Messages of the transport layer; services have the numbers above. */
export const lastTransportMessage = 49;

/** What may be sent between our KEXINIT and our NEWKEYS: RFC 4253, 7.1, as sshd reads it. */
export const goesDuringKeyExchange = (type: number): boolean =>
  type <= lastTransportMessage &&
  type !== msg.serviceRequest &&
  type !== msg.serviceAccept &&
  type !== msg.extInfo;
