FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --ignore-scripts
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
# HTTP on all addresses, so it starts with keys only. ZeroMQ needs CURVE keys and IMGWIRE_ZMQ_ENDPOINT=tcp://0.0.0.0:5555.
ENV NODE_ENV=production \
    IMGWIRE_HOST=0.0.0.0 \
    IMGWIRE_DATA_DIR=/data
# Text in SVGs is drawn with the fonts of the system, and with none not at all. These have Latin, Greek, Cyrillic, Hebrew,
# Arabic, Armenian, Georgian, Chinese and Japanese characters, in 10 MB.
RUN apt-get update \
 && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core fonts-droid-fallback \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY bin bin
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 5555
# Asks where it listens: Linux takes 0.0.0.0 and :: as a destination for the machine itself. The name of a host may not be allowed.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "const { IMGWIRE_HOST: host = '', IMGWIRE_PORT: port = '' } = process.env; require('http').get({ host: host || '127.0.0.1', port: port || 8080, path: '/ready', headers: { host: 'localhost' } }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# The service ends its workers itself and handles SIGTERM, so it can be process 1.
CMD ["bin/imgwire"]
