/** Who may import whom (docs/architecture.md). Each rule names what a folder must not reach. */
const forbid = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    forbid('contract-imports-nothing-of-ours', '^contract/', '^(core|db|main|renderer|preload|tests)/'),
    forbid('core-imports-contract-only', '^core/', '^(db|main|renderer|preload|tests)/'),
    {
      name: 'core-and-contract-do-no-io',
      severity: 'error',
      from: { path: '^(core|contract)/' },
      to: { dependencyTypes: ['core'] },
    },
    forbid('db-imports-contract-and-core-only', '^db/', '^(main|renderer|preload|tests)/'),
    forbid(
      'data-imports-contract-and-core-only',
      '^main/data/',
      '^(db|main/(?!data/)|renderer|preload|tests)',
    ),
    forbid(
      'engine-knows-neither-db-nor-hosts',
      '^main/engine/',
      '^(db|main/(hosts|workbench)|renderer|preload|tests)/',
    ),
    forbid(
      'engine-does-not-know-electron-or-sqlite',
      '^main/engine/',
      'node_modules/(electron|better-sqlite3)/',
    ),
    forbid('workbench-does-not-know-hosts', '^main/workbench/', '^(main/hosts|renderer|preload|tests)/'),
    forbid('workbench-does-not-import-the-engine', '^main/(workbench|hosts)/', '^main/engine/'),
    forbid('only-db-talks-to-sqlite', '^(?!db/|tests/)', 'node_modules/better-sqlite3/'),
    forbid('nothing-imports-tests', '^(contract|core|db|main|renderer|preload)/', '^tests/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'tests/fixtures' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
