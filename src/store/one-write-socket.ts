import { Socket } from 'node:net';

/**
 * A socket that writes at once what is given to it in one turn, so that the server wakes once for statements that go together.
 * The driver corks it for each statement; it stays corked until the turn is over.
 */
export class OneWriteSocket extends Socket {
  #held = false;

  override cork(): void {
    super.cork();
    if (this.#held) return;
    this.#held = true;
    super.cork();
    process.nextTick(() => {
      this.#held = false;
      super.uncork();
    });
  }
}
