/** How a reader of a court file checks it with nothing but SHA-256. Texts are UTF-8, hashes lower-case hex, lines end in LF. */
export const howToCheck: Readonly<Record<'zh' | 'en', readonly string[]>> = {
  en: [
    'Entry: SHA-256 of prevHash, seq, recordedAt, what and payload, one per line with no line break at the end, is its hash.',
    'Chain: seq runs 1, 2, 3 …; prevHash is the hash of the entry before, 64 zeros for the first.',
    'Row: the columns in payload are those of the row named by table and key; a later entry replaces what an earlier one says.',
    'Sealed column: SHA-256 of the row’s seal, the column’s name and its value as written under rows, one per line, is "sealed".',
    'Leaf: SHA-256 of the word leaf, customerId, loanId, caseNo, sinceSeq, seq and the hash of that entry, one per line.',
    'Root: go up the proof; each step is SHA-256 of the word node, the left hash and the right hash, one per line.',
    'Anchor: SHA-256 of the word anchor, day, madeAt, chains, entries, root and prevHash, one per line, is its hash.',
    'Compare the anchor with the copy that the bank keeps outside its database. Entries after the covered seq await the next.',
  ],
  zh: [
    '条目:将 prevHash、seq、recordedAt、what、payload 各占一行(末尾不换行),其 SHA-256 即为该条目的 hash。',
    '链:seq 依次为 1、2、3……;prevHash 为上一条目的 hash,首条为 64 个零。',
    '记录:payload 中的列属于 table 与 key 所指的记录;后一条目取代前一条目所述的值。',
    '封存列:将 rows 中该记录的 seal、列名、列值各占一行,其 SHA-256 即为 "sealed"。',
    '叶:将单词 leaf、customerId、loanId、caseNo、sinceSeq、seq 与该条目的 hash 各占一行,取 SHA-256。',
    '根:沿 proof 向上,每一步为单词 node、左 hash、右 hash 各占一行的 SHA-256。',
    '锚:将单词 anchor、day、madeAt、chains、entries、root、prevHash 各占一行,其 SHA-256 即为锚的 hash。',
    '将锚与银行在数据库之外保存的副本核对。covered 之后的条目由下一个锚覆盖。',
  ],
};
