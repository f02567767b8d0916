import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Dossier, readDossier } from '../cases/read-dossier';
import { access } from './access';
import { shownCase, showCaseRow } from './case-shapes';
import { showCause, shownCause } from './causes';
import { customer } from './customer-shapes';
import type { ApiDeps } from './deps';
import { showDispute, shownDispute } from './disputes';
import { shownSale, shownWriteOff, showSale, showWriteOff } from './ending-shapes';
import { loan, shownSchedule } from './loan-shapes';
import { payment } from './payments';
import { shownPromise, showPromise } from './promises';
import {
  contact,
  event,
  handoff,
  restructure,
  showContact,
  showEvent,
  showHandoff,
  showRestructure,
} from './record-shapes';
import { iso, loanParams, shownDay } from './shapes';
import { shownScheduleOf } from './show-loan';
import { shownTask, showTask } from './task-shapes';
import { shownWaiver } from './waiver-shapes';

const pause = z.object({
  pauseId: z.string(),
  fromDay: shownDay,
  untilDay: shownDay.nullable(),
  resumedDay: shownDay.nullable(),
  resumedBy: z.string().nullable(),
  reviewDay: shownDay.nullable(),
  reason: z.string(),
  actor: z.string(),
});

const dossier = z
  .object({
    loan: loan.pick({
      ...{ loanId: true, customerId: true, product: true, currency: true, principalMinor: true },
      ...{ disbursedDay: true, riskTier: true, branch: true },
    }),
    schedules: z.array(shownSchedule),
    customer: customer
      .pick({ customerId: true, name: true, language: true, timezone: true, consents: true })
      .nullable(),
    cases: z.array(shownCase),
    payments: z.array(payment),
    events: z.array(event),
    contacts: z.array(contact),
    tasks: z.array(z.object({ ...shownTask.shape, note: z.string().nullable() })),
    pauses: z.array(pause),
    disputes: z.array(shownDispute),
    restructures: z.array(restructure),
    waivers: z.array(shownWaiver),
    causes: z.array(shownCause),
    promises: z.array(shownPromise),
    writeOffs: z.array(shownWriteOff),
    sales: z.array(shownSale),
    handoffs: z.array(handoff),
  })
  .meta({ id: 'Dossier' });

/** Everything on record for one loan, for a court or an auditor. */
export function dossierRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/dossier',
      { schema: { params: loanParams, response: { 200: dossier } }, config: { allow: access.readPeople } },
      async ({ params }) => shown(await readDossier(desk, params.loanId)),
    );
  };
}

function shown(found: Dossier): z.infer<typeof dossier> {
  const { consents = [], ...person } = found.customer ?? {};
  return {
    ...found,
    customer:
      found.customer === null
        ? null
        : {
            ...found.customer,
            ...person,
            consents: consents.map(({ atMs, ...consent }) => ({ ...consent, at: iso(atMs) })),
          },
    schedules: found.schedules.map(shownScheduleOf),
    cases: found.cases.map(showCaseRow),
    events: found.events.map(showEvent),
    contacts: found.contacts.map(showContact),
    tasks: found.tasks.map((task) => ({ ...showTask(task), note: task.note })),
    disputes: found.disputes.map(showDispute),
    restructures: found.restructures.map(showRestructure),
    causes: found.causes.map(showCause),
    promises: found.promises.map(showPromise),
    writeOffs: found.writeOffs.map(showWriteOff),
    sales: found.sales.map(showSale),
    handoffs: found.handoffs.map(showHandoff),
  };
}
