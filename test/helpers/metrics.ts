/** Samples in Prometheus' text format, keyed by name and labels as written. */
export type Samples = Map<string, number>;

export function parseMetrics(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

export async function scrape(http: string): Promise<Samples> {
  return parseMetrics(await (await fetch(`${http}/metrics`)).text());
}

/** How much a counter has increased, by labels; unchanged samples are left out. */
export function increases(name: string, before: Samples, after: Samples): Record<string, number> {
  return Object.fromEntries(
    [...after]
      .filter(([sample]) => sample === name || sample.startsWith(`${name}{`))
      .map(([sample, value]): [string, number] => [
        sample
          .slice(name.length)
          .replace(/^\{|\}$/g, '')
          .replaceAll('"', ''),
        value - (before.get(sample) ?? 0),
      ])
      .filter(([, increase]) => increase !== 0),
  );
}
