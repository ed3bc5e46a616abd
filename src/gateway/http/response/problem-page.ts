import type { Problem } from '../../../contract/problem.ts';

export const problemPagePolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * For forms sent without a script.
 * @param root relative address of the page
 */
export function problemPage({ title, status, detail, code, request_id }: Problem, root: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${toHtml(title)} · imgwire</title>
<link rel="stylesheet" href="${root}assets/style.css">
<main class="problem">
<h1>${toHtml(title)}</h1>
<p>${toHtml(detail)}</p>
<p><small>${status} · ${code} · request ${toHtml(request_id)}</small></p>
<p><a href="${root}">To the images</a></p>
</main>
</html>
`;
}

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
