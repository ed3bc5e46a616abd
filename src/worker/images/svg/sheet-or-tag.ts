/** A style sheet with its tags, or a start tag. */
export const sheetOrTag = /<(?:[\w.-]+:)?style\b[^>]*>[\s\S]*?<\/(?:[\w.-]+:)?style\s*>|<[\p{L}_][^>]*>/giu;
