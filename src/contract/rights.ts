/** What an API key may allow. `admin`: list and delete. `metrics`: read /metrics, which `admin` may too. */
export const rights = ['read', 'write', 'admin', 'metrics'] as const;

export type Right = (typeof rights)[number];

/** `any`: whoever has a valid key; `none`: whoever asks. */
export type NeededRight = Right | 'any' | 'none';
