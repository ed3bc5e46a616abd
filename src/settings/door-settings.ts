import { Type } from '../contract/typebox.ts';
import { connections, endpointFormat } from './setting.ts';

/** Where the doors listen, and what one client may take of them. */
export const doorSettings = {
  host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address the HTTP door listens on.' }),
  port: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'Port of the HTTP door; 0 picks a free one.',
  }),
  zmqEndpoint: Type.String({
    ...endpointFormat,
    default: 'tcp://127.0.0.1:5555',
    description: 'Endpoint of the ZeroMQ door; port 0 picks a free one.',
  }),
  httpConnections: connections(4096, 'Maximum number of connections to the HTTP door; any more are closed.'),
  zmqConnections: connections(
    256,
    'Maximum number of connections to the ZeroMQ door; any more are refused. libzmq buffers up to one message per connection.',
  ),
  httpConnectionsPerAddress: connections(
    1024,
    'Maximum number of connections to the HTTP door from one address; loopback and IMGWIRE_TRUSTED_PROXIES are exempt.',
  ),
  zmqConnectionsPerAddress: connections(
    64,
    'Maximum number of connections to the ZeroMQ door from one address; loopback and ipc are exempt.',
  ),
  rateLimit: Type.String({
    pattern: '^[1-9][0-9]{0,8}/(s|min|h)$',
    expected: 'requests per second, minute or hour such as 100/s, 600/min or 5000/h',
    default: '',
    defaultText: 'none',
    description:
      'Maximum rate of requests per client over both doors, such as 100/s, 600/min or 5000/h. Clients are told apart by key, or else by address.',
  }),
  trustedProxies: Type.Array(
    Type.String({
      pattern: '^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$',
      expected: 'an IP address or CIDR range such as 10.0.0.0/8',
    }),
    {
      default: [] as string[],
      defaultText: 'none',
      description:
        'Proxies whose X-Forwarded-For header identifies the client: comma-separated IP addresses and CIDR ranges, such as 10.0.0.0/8.',
    },
  ),
};
