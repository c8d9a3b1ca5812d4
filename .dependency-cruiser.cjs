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
      '^(db|main/(api|hosts|workbench)|renderer|preload|tests)/',
    ),
    forbid(
      'engine-does-not-know-electron-or-sqlite',
      '^main/engine/',
      'node_modules/(electron|better-sqlite3)/',
    ),
    forbid(
      'workbench-does-not-know-api-or-hosts',
      '^main/workbench/',
      '^(main/(api|hosts)|renderer|preload|tests)/',
    ),
    // A decoder that hangs must not take the host with it: decoding/read-apart.ts (decisions/0049).
    forbid(
      'hosts-decode-apart',
      '^main/(workbench|api|hosts)/',
      '^main/data/(decoding/(make-of-picture|decode-process)|feeding/(prepare-picture|picture-store)|sources/read-picture)',
    ),
    forbid('one-door-to-the-store', '^main/(api|hosts)/', '^db/'),
    forbid('api-does-not-know-hosts', '^main/api/', '^(main/hosts|renderer|preload|tests)/'),
    forbid('nobody-imports-the-engine', '^main/(workbench|api|hosts)/', '^main/engine/'),
    forbid(
      'only-its-host-knows-electron',
      '^(?!main/hosts/electron|preload/|tests/)',
      'node_modules/electron/',
    ),
    forbid('window-imports-contract-and-core-only', '^(renderer|preload)/', '^(db|main|tests)/'),
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
