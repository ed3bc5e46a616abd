// `ipx serve` with baseline JPEG. Arguments: folder of the package, folder of the images.
const [ipx, dir] = process.argv.slice(2);
const { createIPX, ipxFSStorage, serveIPX } = await import(`${ipx}/dist/index.mjs`);
const storage = ipxFSStorage({ dir });
const { PORT, HOST } = process.env;
serveIPX(createIPX({ storage, sharpOptions: { jpegProgressive: false } }), { port: Number(PORT), hostname: HOST });
