/**
 * The last stage of a course that so many broken promises lead to; null where none. A case enters the stages before it one by
 * one, as it does for a person who asks for a later stage.
 */
export function stageForBroken(
  stages: readonly { readonly name: string; readonly brokenPromises?: number }[],
  brokenPromises: number,
): string | null {
  return stages.findLast((stage) => (stage.brokenPromises ?? Infinity) <= brokenPromises)?.name ?? null;
}
