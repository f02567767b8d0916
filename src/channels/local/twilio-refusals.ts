/** Twilio's answer to a request it does not carry out. */
export interface TwilioRefusal {
  httpStatus: number;
  code: number;
  message: string;
}

const MAX_BODY_CHARACTERS = 1600;

// The magic numbers of Twilio's test credentials.
const refusedRecipients: Readonly<Record<string, [number, string]>> = {
  '+15005550001': [21211, "The 'To' number %s is not a valid phone number."],
  '+15005550002': [21612, "The 'To' phone number %s is not currently reachable via SMS."],
  '+15005550003': [21408, "Permission to send an SMS has not been enabled for the region of the 'To' number: %s."],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient %s'],
  '+15005550009': [21614, "'To' number %s is not a valid mobile number"],
};
const refusedSenders: Readonly<Record<string, [number, string]>> = {
  '+15005550007': [21606, "The 'From' phone number %s is not a valid, SMS-capable Twilio phone number."],
  '+15005550008': [21611, "This 'From' number %s has exceeded the maximum number of queued messages."],
};

/** Why Twilio would not take this message, or null if it would. Like Twilio, it quotes the number it refuses. */
export function refusalOf(form: URLSearchParams): TwilioRefusal | null {
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  const body = form.get('Body') ?? '';
  if (to === '') return refusal(21604, "A 'To' phone number is required.");
  if (from === '' && !form.has('MessagingServiceSid')) return refusal(21603, "A 'From' phone number is required.");
  if (body === '') return refusal(21602, 'Message body is required.');
  if (body.length > MAX_BODY_CHARACTERS) return refusal(21617, 'The concatenated message body exceeds the limit.');
  const [code, message] = refusedRecipients[to] ?? refusedSenders[from] ?? [];
  if (code !== undefined && message !== undefined) {
    return refusal(code, message.replace('%s', refusedRecipients[to] === undefined ? from : to));
  }
  return /^\+[1-9]\d{6,14}$/.test(to) ? null : refusal(21211, `The 'To' number ${to} is not a valid phone number.`);
}

function refusal(code: number, message: string): TwilioRefusal {
  return { httpStatus: 400, code, message };
}

/** Why Twilio would not place this call, or null if it would. */
export function refusalOfCall(form: URLSearchParams): TwilioRefusal | null {
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  if (from === '') return refusal(21213, "A 'From' phone number is required.");
  if (!form.has('Url') && !form.has('Twiml')) return refusal(21205, 'Url is not a valid URL: ');
  if (to === '+15005550002')
    return refusal(21214, `The phone number you are attempting to call, ${to}, cannot be reached.`);
  if (to === '+15005550001' || !/^\+[1-9]\d{6,14}$/.test(to)) {
    return refusal(21211, `The 'To' number ${to} is not a valid phone number.`);
  }
  return null;
}
