/** Formats in which events are given away; apart from what makes them, as the command line names them when it starts. */
export const formatNames = ['ndjson', 'cef', 'ocsf', 'stix', 'hpfeeds'] as const;
export type FormatName = (typeof formatNames)[number];
