import { Counter, Gauge, type Registry } from 'prom-client';

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

interface Description {
  name: string;
  help: string;
  labelNames?: readonly string[];
}

/** Registers a counter that reads its samples at each scrape. */
export function scrapedCounter(registry: Registry, description: Description, values: () => Iterable<Sample>): void {
  new Counter({
    labelNames: [],
    ...description,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of values()) this.inc(labels, value);
    },
  });
}

/** Registers a gauge that reads its samples at each scrape. */
export function scrapedGauge(
  registry: Registry,
  description: Description,
  values: () => Iterable<Sample> | Promise<Iterable<Sample>>,
): void {
  new Gauge({
    labelNames: [],
    ...description,
    registers: [registry],
    async collect() {
      const current = await values();
      this.reset();
      for (const { labels, value } of current) this.set(labels, value);
    },
  });
}

/** One sample per entry, labelled with its name. */
export function samplesBy(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
