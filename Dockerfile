FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --ignore-scripts
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
# HTTP listens on all addresses, so keys are required. ZeroMQ needs CURVE keys and IMGWIRE_ZMQ_ENDPOINT=tcp://0.0.0.0:5555.
ENV NODE_ENV=production \
    IMGWIRE_HOST=0.0.0.0 \
    IMGWIRE_DATA_DIR=/data
# SVG text is drawn with system fonts; without any, it is missing. These cover Latin, Greek, Cyrillic, Hebrew, Arabic,
# Armenian, Georgian, Chinese and Japanese, in 10 MB.
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
# Probes the configured address: as destinations, Linux takes 0.0.0.0 and :: for the machine itself. Sends Host: localhost,
# since a host name may not be allowed.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "const { IMGWIRE_HOST: host = '', IMGWIRE_PORT: port = '' } = process.env; require('http').get({ host: host || '127.0.0.1', port: port || 8080, path: '/ready', headers: { host: 'localhost' } }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# Handles SIGTERM and stops its own workers, so it can run as PID 1.
CMD ["bin/imgwire"]
