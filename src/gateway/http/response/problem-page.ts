import type { Problem } from '../../../contract/problem.ts';

export const problemPagePolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * Renders a problem as HTML, for forms submitted without JavaScript.
 * @param root relative URL of the home page
 */
export function problemPage({ title, status, detail, code, request_id }: Problem, root: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · imgwire</title>
<link rel="stylesheet" href="${root}assets/style.css">
<main class="problem">
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail)}</p>
<p><small>${status} · ${code} · request ${escapeHtml(request_id)}</small></p>
<p><a href="${root}">Back to the images</a></p>
</main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
