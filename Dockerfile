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
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.IMGWIRE_PORT || 8080) + '/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The service ends its workers itself and handles SIGTERM, so it can be process 1.
CMD ["bin/imgwire"]
