const [baseUrl = ''] = process.argv.slice(2);

/** Reads each body as its media type says; without it, the generated client hands out errors of getImage as Blobs. */
export async function customFetch<T>(path: string, options: RequestInit): Promise<T> {
  const response = await fetch(baseUrl + path, options);
  const type = response.headers.get('content-type') ?? '';
  const data = type.includes('json') ? await response.json() : await response.blob();
  return { data, status: response.status, headers: response.headers } as T;
}
