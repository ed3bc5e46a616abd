import { check } from '../check.ts';
import type { Picture } from '../contenders/contender.ts';
import { startAsTheyCome, startField } from '../contenders/field.ts';
import { coldLists } from '../lists.ts';
import type { Bench } from '../measure.ts';
import { race, reportRace } from '../race.ts';
import { scoped } from '../scope.ts';
import { makeSource, type SourceName, sourceFolder, sourceNames } from '../sources.ts';

type Format = 'jpeg' | 'webp' | 'avif';

/** AVIF has no quality that means the same to all, so that each is measured as it comes. */
const qualities: Record<Format, number | undefined> = { jpeg: 80, webp: 80, avif: undefined };

const width = 720;

/** The least ratio to each by name. */
const goals: Partial<Record<`${SourceName} ${Format}`, Record<string, number>>> = {
  '1200px jpeg': { imgproxy: 0.97 },
  '6mp jpeg': { 'bare sharp': 0.97, imgproxy: 1, ipx: 1, imagor: 1, thumbor: 1 },
  '6mp avif': { imgproxy: 1 },
};

/** Pictures of files that nobody has asked for before, beside everybody. */
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
    const field = await startField(owner, folder);
    const asTheyCome = name === '6mp' && format === 'jpeg' ? await startAsTheyCome(owner, folder) : [];
    const contenders = [...field, ...asTheyCome];
    const sharp = contenders.find((contender) => contender.name === 'bare sharp');
    if (!sharp) throw new Error('Expected bare sharp among the contenders');
    const lists = await coldLists(bench, folder, source, wanted, sharp);
    const files = lists.flat().map(({ file }) => file);
    for (const contender of contenders) {
      await contender.prepare([source.file, ...files]);
      await check(contender, { ...wanted, file: source.file }, asTheyCome.includes(contender));
    }
    const rates = await race(bench, contenders, lists);
    reportRace(bench, `cold ${source.label} to ${width} px, ${format}`, rates, goals[`${name} ${format}`]);
  });
