import { Counter, Gauge, type Registry } from 'prom-client';

export interface Value {
  labels: Record<string, string>;
  value: number;
}

interface Description {
  name: string;
  help: string;
  labelNames?: readonly string[];
}

/** Registers a counter of what is counted elsewhere. */
export function scrapedCounter(registry: Registry, description: Description, values: () => Iterable<Value>): void {
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

export function scrapedGauge(
  registry: Registry,
  description: Description,
  values: () => Iterable<Value> | Promise<Iterable<Value>>,
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

/** One value for each name. */
export function valuesBy(label: string, counts: Readonly<Record<string, number>>): Value[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
