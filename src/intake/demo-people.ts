import type { CustomerRow } from './portfolio-rows';

// All people are invented. Numbers come from ranges that regulators keep for fiction: 555-0100 … 555-0199 in each area code
// of North America, +44 7700 900000 … 900999 in the United Kingdom.
const surnames = '李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗';
const firstSyllables = '安博晨东芳国海慧佳建静娟凯丽明宁平琪瑞诗';
const secondSyllables = [
  '',
  '波',
  '超',
  '丹',
  '飞',
  '刚',
  '红',
  '杰',
  '兰',
  '敏',
  '娜',
  '强',
  '蓉',
  '伟',
  '霞',
  '燕',
  '宇',
];
const englishFirst = [
  'Alice',
  'Ben',
  'Clara',
  'David',
  'Emma',
  'Frank',
  'Grace',
  'Henry',
  'Irene',
  'Jack',
  'Karen',
  'Liam',
];
const englishLast = [
  'Archer',
  'Baker',
  'Carter',
  'Dyer',
  'Fisher',
  'Gardner',
  'Hunter',
  'Mason',
  'Porter',
  'Turner',
  'Weaver',
];
const areaCodes = [
  201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234,
  239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309,
  310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330,
] as const;

/** Customers that can be told apart by their numbers. */
export const peopleMax = areaCodes.length * 100;

/**
 * The invented customer number `ordinal` (from 0, below `peopleMax`): always the same person for the same number. One in eight
 * reads English, the others Chinese. All live at UTC+8, as the bank does.
 */
export function demoCustomer(customerId: string, ordinal: number): CustomerRow {
  const inEnglish = ordinal % 8 === 7;
  return {
    customer_id: customerId,
    name: inEnglish ? englishName(ordinal) : chineseName(ordinal),
    language: inEnglish ? 'en' : 'zh',
    timezone: 'Asia/Shanghai',
    phone: inEnglish ? `+447700900${digits((ordinal - 7) / 8, 3)}` : americanNumber(ordinal),
    email: `${customerId.toLowerCase()}@example.com`,
  };
}

function americanNumber(ordinal: number): string {
  return `+1${areaCodes[Math.floor(ordinal / 100)] ?? 202}55501${digits(ordinal % 100, 2)}`;
}

function digits(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

// The factors have nothing in common with the lists' lengths, so that neighbours in the file do not share a name.
function chineseName(ordinal: number): string {
  return (
    pick(surnames, ordinal * 7) +
    pick(firstSyllables, ordinal * 3 + Math.floor(ordinal / 20)) +
    pick(secondSyllables, ordinal)
  );
}

function englishName(ordinal: number): string {
  return `${pick(englishFirst, Math.floor(ordinal / 8))} ${pick(englishLast, Math.floor(ordinal / 8))}`;
}

function pick(list: ArrayLike<string>, at: number): string {
  return list[at % list.length] ?? '';
}
