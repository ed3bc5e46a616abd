import { checkPicture } from '../check-picture.ts';
import type { Picture } from '../contenders/contender.ts';
import { startContenders, startWithDefaults } from '../contenders/start-contenders.ts';
import type { Bench } from '../measure.ts';
import { coldLists } from '../picture-lists.ts';
import { race, reportRace } from '../race.ts';
import { scoped } from '../scope.ts';
import { makeSource, type SourceName, sourceFolder, sourceNames } from '../sources.ts';

type Format = 'jpeg' | 'webp' | 'avif';

/** AVIF quality numbers differ in meaning between services, so each runs with its default. */
const qualities: Record<Format, number | undefined> = { jpeg: 80, webp: 80, avif: undefined };

const width = 720;

/** Least ratio to each contender, by name. */
const goals: Partial<Record<`${SourceName} ${Format}`, Record<string, number>>> = {
  '1200px jpeg': { imgproxy: 0.97 },
  '6mp jpeg': { 'bare sharp': 0.97, imgproxy: 1, ipx: 1, imagor: 1, thumbor: 1 },
  '6mp avif': { imgproxy: 1 },
};

/** Cold files, for all contenders. */
export const cold = (format: Format) => async (bench: Bench) => {
  for (const name of sourceNames) {
    if (bench.isQuick && format !== 'jpeg' && name !== '6mp') continue;
    await coldFiles(bench, name, format);
  }
};

const coldFiles = (bench: Bench, name: SourceName, format: Format) =>
  scoped(async (owner) => {
    const folder = await sourceFolder(owner);
    const source = await makeSource(folder, bench.image, name);
    const wanted: Omit<Picture, 'file'> = {
      width,
      ...(format !== 'jpeg' && { format }),
      ...(qualities[format] !== undefined && { quality: qualities[format] }),
    };
    const tuned = await startContenders(owner, folder);
    const withDefaults = name === '6mp' && format === 'jpeg' ? await startWithDefaults(owner, folder) : [];
    const contenders = [...tuned, ...withDefaults];
    const sharp = contenders.find((contender) => contender.name === 'bare sharp');
    if (!sharp) throw new Error('Expected bare sharp among the contenders');
    const lists = await coldLists(bench, folder, source, wanted, sharp);
    const files = lists.flat().map(({ file }) => file);
    for (const contender of contenders) {
      await contender.prepare([source.file, ...files]);
      await checkPicture(contender, { ...wanted, file: source.file }, withDefaults.includes(contender));
    }
    const scores = await race(bench, contenders, lists);
    reportRace(bench, `cold ${source.label} to ${width} px, ${format}`, scores, goals[`${name} ${format}`]);
  });
