import sharp from 'sharp';

// resize.mjs WIDTH: what the server in Python has no library for.
process.stdin.pipe(sharp().resize({ width: Number(process.argv[2]) })).pipe(process.stdout);
