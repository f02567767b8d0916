import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { hearConsent } from '../cases/keep-contact-facts';
import { keepContactPoints } from '../cases/keep-contact-points';
import { Refusal } from '../domain/refusal';
import { getCustomer, lockCustomer, putCustomer } from '../store/customers';
import { inTransaction } from '../store/database';
import { access } from './access';
import type { ApiDeps } from './deps';
import {
  consentBody,
  contactPoint,
  customer,
  customerBody,
  customerParams,
  preferences,
  showCustomer,
  toContactPoint,
} from './customer-shapes';

/** Borrowers with how they can be reached and what they allow. */
export function customerRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const { pool } = desk;

  async function read(customerId: string) {
    const record = await getCustomer(pool, customerId);
    if (record === null) throw new Refusal('NotFound', 'no such customer', 'customerId');
    return showCustomer(record);
  }
  const written = { params: customerParams, response: { 200: customer } };
  const config = { allow: access.writeFacts };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/customers/:customerId',
      { schema: { params: customerParams, response: { 200: customer } }, config: { allow: access.readPeople } },
      ({ params }) => read(params.customerId),
    );

    app.put(
      '/customers/:customerId',
      { schema: { ...written, body: customerBody }, config },
      async ({ params: { customerId }, body, actor }) => {
        const { contactPoints = [], ...person } = body;
        const points = contactPoints.map(toContactPoint);
        await keepContactPoints(desk, customerId, points, actor.name, {
          before: (tx) => putCustomer(tx, { ...person, customerId }),
          fieldOf: (index) => `contactPoints.${index}.`,
        });
        return read(customerId);
      },
    );

    app.put(
      '/customers/:customerId/contact-points',
      {
        schema: { ...written, body: contactPoint },
        config: { allow: [...access.writeFacts, 'collector', 'supervisor'] },
      },
      async ({ params, body, actor }) => {
        await keepContactPoints(desk, params.customerId, [toContactPoint(body)], actor.name, { fieldOf: () => '' });
        return read(params.customerId);
      },
    );

    app.post(
      '/customers/:customerId/consents',
      {
        schema: { ...written, body: consentBody },
        config: { allow: [...access.writeFacts, 'collector', 'supervisor'] },
      },
      async ({ params: { customerId }, body: { at, ...consent }, actor }) => {
        const heard = { ...consent, customerId, actor: actor.name };
        await hearConsent(desk, heard, at === undefined ? undefined : Date.parse(at));
        return read(customerId);
      },
    );

    app.put(
      '/customers/:customerId/preferences',
      { schema: { ...written, body: preferences }, config },
      async ({ params, body }) => {
        await inTransaction(pool, async (tx) => {
          const known = await lockCustomer(tx, params.customerId);
          await putCustomer(tx, { ...known, preferences: body });
        });
        return read(params.customerId);
      },
    );
  };
}
