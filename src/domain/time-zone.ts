/** Why the text is no IANA time zone; null when it is one. */
export function timeZoneReason(text: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return null;
  } catch {
    return 'must be an IANA time zone such as Asia/Shanghai';
  }
}
