import type { Language } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { renderText } from './liquid';
import type { MessageChannel, MessageTemplate, Templates } from './message-template';
import type { MessageVariables } from './message-variables';

export interface RenderedMessage {
  /** Null where the channel has none. */
  readonly subject: string | null;
  readonly body: string;
}

/** @throws Refusal `TemplateInvalid` for an unknown template, a channel or language it is not written in, or a variable that is missing. */
export function renderMessage(
  templates: Templates,
  name: string,
  channel: MessageChannel,
  language: Language,
  variables: MessageVariables,
): RenderedMessage {
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (template === undefined) throw new Refusal('TemplateInvalid', `no template "${name}"`);
  const parts = partsOf(template, channel, language);
  if (parts === null) throw new Refusal('TemplateInvalid', `template "${name}" has no ${channel} in ${language}`);
  const render = (text: string, field: string): string => {
    try {
      return renderText(text, variables);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal('TemplateInvalid', error.reason, `${name}.${channel}.${language}${field}`);
    }
  };
  return {
    subject: parts.subject === null ? null : render(parts.subject, '.subject'),
    body: render(parts.text, parts.subject === null ? '' : '.text'),
  };
}

/** The Liquid sources of a message, null when the template is not written for the channel and language. */
export function partsOf(
  template: MessageTemplate,
  channel: MessageChannel,
  language: Language,
): { readonly subject: string | null; readonly text: string } | null {
  if (channel === 'email') return template.email?.[language] ?? null;
  const text = template.sms?.[language];
  return text === undefined ? null : { subject: null, text };
}
