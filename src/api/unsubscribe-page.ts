export type Page = 'ask' | 'done' | 'unknown';

interface Words {
  readonly title: string;
  readonly text: string;
}

const chinese: Readonly<Record<Page, Words>> = {
  ask: { title: '退订邮件', text: '点击下方按钮后,我们不再就您的账户向您发送此类邮件。' },
  done: { title: '已退订', text: '我们不再向您发送此类邮件。您无需再做任何操作。' },
  unknown: { title: '链接无效', text: '此链接不完整或已失效。请回复邮件"退订",或致电我们。' },
};
const english: Readonly<Record<Page, Words>> = {
  ask: { title: 'Unsubscribe', text: 'Press the button and we send you no more e-mails of this kind.' },
  done: { title: 'You are unsubscribed', text: 'We send you no more e-mails of this kind. You need do nothing more.' },
  unknown: {
    title: 'This link does not work',
    text: 'It is incomplete or too old. Reply STOP to the e-mail, or call us.',
  },
};

const style =
  'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'button{font:inherit;padding:.7rem 1.4rem;border:2px solid #111;background:#111;color:#fff;border-radius:.3rem}' +
  'button:focus-visible{outline:3px solid #06f;outline-offset:3px}';

/** A page without scripts or pictures, in both languages because nobody has said who reads it. */
export function pageOf(page: Page, bank: { readonly name: string; readonly phone: string }): string {
  const [zh, en] = [chinese[page], english[page]];
  const part = (lang: string, { title, text }: Words, button: string): string =>
    `<section lang="${lang}"><h1>${title}</h1><p>${text}</p>${page === 'ask' ? formOf(button) : ''}</section>`;
  return [
    '<!doctype html><html lang="zh"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${zh.title} · ${en.title}</title><style>${style}</style></head><body><main>`,
    part('zh', zh, '确认退订'),
    part('en', en, 'Unsubscribe'),
    `<p>${escaped(bank.name)} · ${escaped(bank.phone)}</p></main></body></html>`,
  ].join('');
}

/** Posts to the address of the page itself, with the body that RFC 8058 names. */
function formOf(button: string): string {
  return (
    '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">' +
    `<button type="submit">${button}</button></form>`
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
