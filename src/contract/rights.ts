/** Rights that an API key can grant. `admin`: list and delete. `metrics`: read /metrics, as `admin` also may. */
export const rights = ['read', 'write', 'admin', 'metrics'] as const;

export type Right = (typeof rights)[number];

/** `any`: any valid key; `none`: no key. */
export type NeededRight = Right | 'any' | 'none';
