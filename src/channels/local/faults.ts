/** Faults that a test or a demo asks for: each applies to one attempt, in the order asked. */
export interface FaultQueue<Fault> {
  next(fault: Fault): void;
  take(): Fault | null;
}

/** An empty queue of faults. */
export function createFaultQueue<Fault>(): FaultQueue<Fault> {
  const waiting: Fault[] = [];
  return {
    next(fault) {
      waiting.push(fault);
    },
    take: () => waiting.shift() ?? null,
  };
}
