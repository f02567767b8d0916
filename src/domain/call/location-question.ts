import type { Language } from '../policy';

/**
 * What may be said to somebody who only knows the borrower: who calls, and that it is about how the borrower can be reached.
 * Neither the debt nor for whom the caller works is told; the latter only when it is asked for. (12 CFR 1006.10(b))
 */
export function locationQuestion(callerName: string, borrowerName: string, language: Language): string {
  return language === 'zh'
    ? `您好,我是${callerName}。我想核实如何联系${borrowerName}。`
    : `Hello. My name is ${callerName}. I am confirming how ${borrowerName} can be reached.`;
}
