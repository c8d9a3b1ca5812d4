import type { StoredTriggerView } from '#contract/api/triggers.ts';
import { decodeBase64 } from '#core/pixels/base64.ts';
import { client } from '../../../api/client.ts';
import { saveFile } from '../../../state/save-file.ts';

/** Hands a kept trigger to the person as two files of one name: JSON, and PNG. @returns the name without ending */
export async function exportKept(trigger: string): Promise<string> {
  const { fileName, json, png } = await client.triggers.export({ trigger });
  const name = fileName.replace(/\.(json|png)$/i, '');
  saveFile(`${name}.json`, json, 'application/json');
  saveFile(`${name}.png`, new Blob([new Uint8Array(decodeBase64(png))], { type: 'image/png' }));
  return name;
}

const readBase64 = (file: Blob) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'));
    reader.readAsDataURL(file);
  });

/**
 * Keeps a trigger from files that were exported (JSON, PNG or both), or a PNG as a patch.
 * @throws WorkbenchError `bad-input` where the files hold no trigger
 */
export async function importFiles(files: readonly File[], resolution: number): Promise<StoredTriggerView> {
  const json = files.find(({ name }) => /\.json$/i.test(name));
  const png = files.find(({ name }) => /\.png$/i.test(name));
  return client.triggers.import({
    resolution,
    ...(json === undefined ? {} : { json: await json.text() }),
    ...(png === undefined ? {} : { png: await readBase64(png) }),
    ...(json === undefined && png !== undefined ? { name: png.name.replace(/\.png$/i, '') } : {}),
  });
}
