/** Samples of Prometheus' text format, by name and labels as they are written. */
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

/** What a counter has gained, by its labels; without those that have gained nothing. */
export function gains(name: string, before: Samples, after: Samples): Record<string, number> {
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
      .filter(([, gained]) => gained !== 0),
  );
}
