import { serveTasks } from '#main/data/threads/serve-tasks.ts';

serveTasks<number, number>(async (task) => task);
