/** Of a SHA-256 in lowercase hex, as ids are. */
export const sha256Pattern = '^[0-9a-f]{64}$';
