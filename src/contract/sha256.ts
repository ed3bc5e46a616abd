/** SHA-256 in lowercase hex, such as an image_id. */
export const sha256Pattern = '^[0-9a-f]{64}$';
