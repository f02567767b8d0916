/** One line of the table. `ratio` is ours to raw within the same run; null where a figure stands for itself. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly raw: number | null;
  readonly ratio: number | null;
  /** Null where a figure is told for what it is. */
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | null;
  /** What the target is about. */
  readonly judged: 'ours' | 'ratio';
  /** Every round, so that a reader sees how far they lie apart. */
  readonly rounds: readonly unknown[];
}

export function isMet({ target, judged, ours, ratio }: Figure): boolean | null {
  if (target === null) return null;
  const value = judged === 'ours' ? ours : (ratio ?? Number.NaN);
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${show(figure.ours)} ${figure.unit}`,
    figure.raw === null ? '' : show(figure.raw),
    figure.ratio === null ? '' : figure.ratio.toFixed(2),
    figure.target === null ? '' : describeTarget(figure.target),
    figure.target === null ? '' : isMet(figure) === true ? 'met' : 'MISSED',
  ]);
  const lines = [['figure', 'ours', 'raw', 'ratio', 'target', ''], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function describeTarget(target: NonNullable<Figure['target']>): string {
  return 'atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`;
}

function show(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
