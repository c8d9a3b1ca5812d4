import { openDatabase } from '#db/open.ts';

const db = openDatabase(process.argv[2] ?? '');
console.log(`version ${db.pragma('user_version', { simple: true })}`);
db.close();
