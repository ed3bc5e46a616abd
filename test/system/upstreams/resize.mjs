import sharp from 'sharp';

// resize.mjs WIDTH: resizes stdin to stdout for the Python server, which has no image library.
process.stdin.pipe(sharp().resize({ width: Number(process.argv[2]) })).pipe(process.stdout);
