import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readWriteOffs } from '../cases/read-write-offs';
import { proposeSale } from '../cases/sell-loan';
import { proposeWriteOff, proposeWriteOffUndo } from '../cases/write-off';
import { Refusal } from '../domain/refusal';
import { getLoan } from '../store/loans';
import { listSales } from '../store/sales';
import { access } from './access';
import type { ApiDeps } from './deps';
import {
  saleBody,
  showCurrent,
  shownSale,
  shownWriteOffs,
  showSale,
  showWriteOff,
  undoBody,
  writeOffBody,
} from './ending-shapes';
import { loanParams } from './shapes';

const shownSales = z.object({ items: z.array(shownSale), nextCursor: z.null() });

/** How a loan ends other than by being paid: written off, or sold. Each is proposed here and agreed to by a second person. */
export function endingRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  async function writeOffsOf(loanId: string): Promise<z.infer<typeof shownWriteOffs>> {
    const { current, items } = await readWriteOffs(desk, loanId);
    return { current: current && showCurrent(current), items: items.map(showWriteOff) };
  }
  async function salesOf(loanId: string): Promise<z.infer<typeof shownSales>> {
    if ((await getLoan(desk.pool, loanId)) === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
    return { items: (await listSales(desk.pool, loanId)).map(showSale), nextCursor: null };
  }
  const propose = { allow: access.proposeEndings };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/write-off',
      { schema: { params: loanParams, response: { 200: shownWriteOffs } }, config: { allow: access.readCases } },
      ({ params }) => writeOffsOf(params.loanId),
    );

    app.post(
      '/cases/:loanId/write-off',
      { schema: { params: loanParams, body: writeOffBody, response: { 200: shownWriteOffs } }, config: propose },
      async ({ params: { loanId }, body, actor }) => {
        await proposeWriteOff(desk, loanId, body, actor);
        return writeOffsOf(loanId);
      },
    );

    app.post(
      '/cases/:loanId/write-off/undo',
      { schema: { params: loanParams, body: undoBody, response: { 200: shownWriteOffs } }, config: propose },
      async ({ params: { loanId }, body: { reason }, actor }) => {
        await proposeWriteOffUndo(desk, loanId, reason, actor);
        return writeOffsOf(loanId);
      },
    );

    app.get(
      '/cases/:loanId/sale',
      { schema: { params: loanParams, response: { 200: shownSales } }, config: { allow: access.readCases } },
      ({ params }) => salesOf(params.loanId),
    );

    app.post(
      '/cases/:loanId/sale',
      { schema: { params: loanParams, body: saleBody, response: { 200: shownSales } }, config: propose },
      async ({ params: { loanId }, body, actor }) => {
        await proposeSale(desk, loanId, body, actor);
        return salesOf(loanId);
      },
    );
  };
}
