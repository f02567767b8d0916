/** A program the engine needs, as a pinned Go module and under its name on PATH. */
export interface Program {
  title: string;
  version: string;
  module: string;
  /** Folder of its build in the cache. */
  folder: string;
  /** What `go install` calls it. */
  binary: string;
  /** What the official images and packages call it. */
  nameOnPath: string;
}

const TEMPORAL = '1.32.0';
const UI = '2.54.1';

export const SERVER: Program = {
  title: 'the Temporal server',
  version: TEMPORAL,
  module: `go.temporal.io/server/cmd/server@v${TEMPORAL}`,
  folder: `temporal-server-${TEMPORAL}`,
  binary: 'server',
  nameOnPath: 'temporal-server',
};
export const SQL_TOOL: Program = {
  title: "Temporal's schema tool",
  version: TEMPORAL,
  module: `go.temporal.io/server/cmd/tools/sql@v${TEMPORAL}`,
  folder: `temporal-sql-${TEMPORAL}`,
  binary: 'sql',
  nameOnPath: 'temporal-sql-tool',
};
export const UI_SERVER: Program = {
  title: 'the Temporal UI',
  version: UI,
  module: `github.com/temporalio/ui-server/v2/cmd/server@v${UI}`,
  folder: `temporal-ui-${UI}`,
  binary: 'server',
  nameOnPath: 'temporal-ui-server',
};
