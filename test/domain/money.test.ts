import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { formatMoney, isCurrency, type Language, splitMinor } from '../../src/domain/money';

describe('dividing an amount', () => {
  it.each([
    [100, 3, [34, 33, 33]],
    [2, 3, [1, 1, 0]],
    [0, 2, [0, 0]],
    [7, 1, [7]],
    [Number.MAX_SAFE_INTEGER, 2, [4503599627370496, 4503599627370495]],
  ])('%d minor units in %d parts are %j', (totalMinor, parts, expected) => {
    expect(splitMinor(totalMinor, parts)).toEqual(expected);
  });

  it('loses no minor unit, and no part is more than one unit larger than another, larger ones first', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 60 }), (totalMinor, count) => {
        const parts = splitMinor(totalMinor, count);
        assert.equal(parts.length, count);
        assert.equal(
          parts.reduce((sum, part) => sum + BigInt(part), 0n),
          BigInt(totalMinor),
        );
        assert.ok(parts[0]! - parts.at(-1)! <= 1);
        assert.ok(parts.every((part, index) => index === 0 || part <= parts[index - 1]!));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    [-1, 2],
    [1.5, 2],
    [Number.MAX_SAFE_INTEGER + 1, 2],
    [Number.NaN, 2],
    [100, 0],
    [100, -3],
    [100, 1.5],
  ])('refuses %d minor units in %d parts', (totalMinor, parts) => {
    expect(() => splitMinor(totalMinor, parts)).toThrow(RangeError);
  });
});

describe('writing an amount', () => {
  it.each<[number, string, Language, string]>([
    [123_456, 'CNY', 'zh', '¥1,234.56'],
    [123_456, 'CNY', 'en', 'CN¥1,234.56'],
    [123_456, 'USD', 'en', '$1,234.56'],
    [123_456, 'JPY', 'en', '¥123,456'],
    [123_456, 'KWD', 'en', 'KWD\u00a0123.456'],
    [5, 'CNY', 'zh', '¥0.05'],
    [0, 'CNY', 'zh', '¥0.00'],
    [-5, 'USD', 'en', '-$0.05'],
    [7, 'JPY', 'en', '¥7'],
  ])('%d minor units of %s in %s read %s', (minor, currency, language, expected) => {
    expect(formatMoney(minor, currency, language)).toBe(expected);
  });

  it('shows every digit of the largest amount', () => {
    expect(formatMoney(Number.MAX_SAFE_INTEGER, 'USD', 'en')).toBe('$90,071,992,547,409.91');
  });

  it('shows the digits of the minor units and no others, whatever the amount and the decimals', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('CNY', 'JPY', 'KWD'), (minor, currency) => {
        const digits = formatMoney(minor, currency, 'en').replaceAll(/\D/g, '');
        assert.equal(BigInt(digits), BigInt(Math.abs(minor)));
      }),
      { numRuns: 10_000 },
    );
  });

  it('refuses what is no amount or no currency', () => {
    expect(() => formatMoney(1.5, 'CNY', 'zh')).toThrow(RangeError);
    expect(() => formatMoney(100, 'XQQ', 'zh')).toThrow(RangeError);
  });
});

it.each([
  ['CNY', true],
  ['KWD', true],
  ['cny', false],
  ['RMB', false],
  ['', false],
])('the code "%s" is a currency: %s', (code, expected) => {
  expect(isCurrency(code)).toBe(expected);
});
