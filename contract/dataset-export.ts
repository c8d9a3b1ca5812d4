import { z } from 'zod';

/**
 * Formats that a dataset is written in. csv: pictures as files and a table; webdataset: tars of pictures with their
 * captions; parquet: Hugging Face's struct of bytes and path with a list of captions; class-folders: a folder for each
 * split with one for each class, without captions.
 */
export const exportFormatNames = ['csv', 'webdataset', 'parquet', 'class-folders'] as const;
export const exportFormatSchema = z.enum(exportFormatNames);
export type ExportFormat = z.infer<typeof exportFormatSchema>;
