export default {
  imgwire: {
    input: '../openapi.json',
    output: {
      target: 'api/client.ts',
      client: 'fetch',
      override: { mutator: { path: 'custom-fetch.ts', name: 'customFetch' } },
    },
  },
};
