/** Core banking, two supervisors, a collector and a lawyer, each with a key of their own. */
export const keys = [
  { key: 'sys', actor: 'core', roles: ['system'] },
  { key: 'ana', actor: 'ana', roles: ['supervisor'] },
  { key: 'bo', actor: 'bo', roles: ['supervisor'] },
  { key: 'cy', actor: 'cy', roles: ['collector'] },
  { key: 'leo', actor: 'leo', roles: ['legal'] },
] as const;

/** The headers of somebody's request. */
export const as = (key: (typeof keys)[number]['key']) => ({ authorization: `Bearer ${key}` });
