import { z } from 'zod';

import type { Instalment } from '../domain/loan';

/** An instalment as SQL writes it into JSON: shorter than the domain's form, because every step of every case reads all. */
export const instalmentJson = z
  .tuple([z.int(), z.string(), z.int(), z.int(), z.int(), z.int()])
  .transform(([no, dueDay, principal, interest, fee, penalty]): Instalment => ({
    no,
    dueDay,
    due: { penalty, fee, interest, principal },
  }));

/** The SQL of the tuple above; `i` is the instalment. */
export const instalmentAsJson =
  'json_build_array(i.instalment_no, i.due_on, i.principal_minor, i.interest_minor, i.fee_minor, i.penalty_minor)';

/** Instalments in their order as one JSON parameter, read by `instalmentsFromJson`. */
export function instalmentsParameter(instalments: readonly Instalment[]): string {
  return JSON.stringify(
    instalments
      .toSorted((a, b) => a.no - b.no)
      .map(({ no, dueDay, due }) => ({ instalment_no: no, due_on: dueDay, ...minorColumns(due) })),
  );
}

function minorColumns(due: Instalment['due']): Record<string, number> {
  return {
    principal_minor: due.principal,
    interest_minor: due.interest,
    fee_minor: due.fee,
    penalty_minor: due.penalty,
  };
}

export const instalmentColumns = 'instalment_no, due_on, principal_minor, interest_minor, fee_minor, penalty_minor';

export function instalmentsFromJson(parameter: string): string {
  return `json_to_recordset(${parameter}::json) as given(instalment_no int, due_on date,
    principal_minor bigint, interest_minor bigint, fee_minor bigint, penalty_minor bigint)`;
}
