import { defaultPrompts } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { FormatName } from '#contract/import.ts';
import { classSets } from '#core/prompts/class-sets.ts';
import { findNames, noNames, readClassesFile, readNamesFile } from '#main/data/readers/class-names.ts';
import { type Looked, lookAt } from '#main/data/readers/look.ts';
import type { Delimiter, ReaderOptions, Reading } from '#main/data/readers/reader.ts';
import { type Recognised, readers, recognise, unknownFormat } from '#main/data/readers/readers.ts';

/** What a person says about what is imported; what is left out is guessed. */
export interface ReadingRequest {
  path: string;
  format?: FormatName | undefined;
  /** Caption templates of pictures without captions; null takes the prompts. */
  templates?: string[] | null | undefined;
  prompts?: string[] | null | undefined;
  columns?:
    | {
        delimiter?: Delimiter | undefined;
        imageColumn?: string | undefined;
        captionColumn?: string | undefined;
        labelColumn?: string | null | undefined;
        splitColumn?: string | null | undefined;
      }
    | undefined;
  /** Files with names of classes by id, and in the order of their numbers. */
  namesFile?: string | undefined;
  classesFile?: string | undefined;
  tidyClasses?: boolean | undefined;
  /** Names that classes were given after an import, by those that the source gives. */
  renamed?: Readonly<Record<string, string>> | undefined;
  /** Of folders of classes: the share of each class, in [0, 0.9], that becomes test pairs. */
  testShare?: number | undefined;
  /** Draws them. */
  splitSeed?: number | undefined;
}

export interface ChosenReading {
  format: FormatName;
  /** All that it may be, the likeliest first. */
  readings: Recognised[];
  reading: Reading;
  options: ReaderOptions;
}

/**
 * How a path is read: as asked, else as the first of the formats it may be in.
 * @param ask whether two plausible formats are refused with the option that decides
 * @throws WorkbenchError `not-found`; `bad-input`
 */
export async function chooseReading(request: ReadingRequest, ask: boolean): Promise<ChosenReading> {
  const looked = await lookAt(request.path);
  const options = await toReaderOptions(request, looked);
  const readings = request.format === undefined ? await recognise(looked, options) : [];
  const format = request.format ?? readings[0]?.format;
  if (format === undefined) throw unknownFormat(looked);
  refuseTestShare(request, format);
  if (ask && readings.length > 1) throw severalReadings(looked, readings);
  return { format, readings, options, reading: await readers[format].open(looked, options) };
}

async function toReaderOptions(request: ReadingRequest, { folder }: Looked): Promise<ReaderOptions> {
  const { namesFile, classesFile, tidyClasses = false, testShare = 0, splitSeed = 0 } = request;
  const usual = namesFile === undefined && classesFile === undefined ? await findNames(folder) : null;
  return {
    ...request.columns,
    templates: request.templates ?? request.prompts ?? defaultPrompts,
    names: {
      byId: namesFile === undefined ? noNames.byId : await readNamesFile(namesFile),
      inOrder: classesFile === undefined ? noNames.inOrder : await readClasses(classesFile),
      ...usual,
      tidy: tidyClasses,
      renamed: new Map(Object.entries(request.renamed ?? {})),
    },
    ...(testShare === 0 ? {} : { test: { share: testShare, seed: splitSeed } }),
  };
}

/** What has splits of its own, or captions, is never split anew in silence. */
function refuseTestShare({ path, testShare = 0 }: ReadingRequest, format: FormatName): void {
  if (testShare === 0 || format === 'class-folders') return;
  throw new WorkbenchError(
    'bad-input',
    `${path} is read as ${readers[format].label}: a test fraction is for one folder per class. Leave it out.`,
    { path, format },
  );
}

function severalReadings({ path }: Looked, readings: readonly Recognised[]): WorkbenchError {
  const lines = readings.map(({ format, why }) => `\n  --format ${format}: ${why}`);
  return new WorkbenchError(
    'bad-input',
    `${path} can be read in ${readings.length} ways. Choose one, or give --yes for the first:${lines.join('')}`,
    { path, readings: readings.map(({ format, why }) => ({ format, why })) },
  );
}

/** Names by a set that is here, or from a file. */
const readClasses = async (nameOrFile: string): Promise<readonly string[]> =>
  Object.hasOwn(classSets, nameOrFile) ? classSets[nameOrFile]! : readClassesFile(nameOrFile);
