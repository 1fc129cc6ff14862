// The server of CFGLINT_PYTHON (python3 if not set), spoken to by the library that VS Code itself speaks with.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { command } = require('../dist/test/interpreter.js');
const rpc = require('vscode-jsonrpc/node');

test('the server starts, judges an open file, and answers the commands', { timeout: 60_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'cfglint-'));
  mkdirSync(join(folder, 'configs'));
  const path = join(folder, 'configs', 'a.py');
  writeFileSync(path, "train_cfg = dict(type='EpochBasedTrainLoop', max_epoch=12)\n");
  const uri = pathToFileURL(path).href;

  const server = spawn(process.env.CFGLINT_PYTHON ?? 'python3', command('server'), { cwd: folder });
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
  );
  server.stderr.on('data', (data) => process.stderr.write(data));
  context.after(() => server.kill());
  let settle;
  connection.onNotification('cfglint/status', (status) => settle?.(status));
  connection.onNotification('textDocument/publishDiagnostics', () => undefined);
  connection.onRequest('client/registerCapability', () => null);
  const settled = () => new Promise((resolve) => (settle = resolve));
  connection.listen();

  const initialized = await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'folder' }],
    capabilities: { textDocument: { diagnostic: {} } },
    initializationOptions: { target: [], config: '', python: '' },
  });
  assert.equal(initialized.capabilities.diagnosticProvider.interFileDependencies, true);
  const first = settled();
  await connection.sendNotification('initialized', {});
  assert.equal((await first).projects[0].files, 1);

  const text = "train_cfg = dict(type='EpochBasedTrainLoop', max_epoch=12)\n";
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'python', version: 1, text },
  });
  const report = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  assert.deepEqual(report.items.map((each) => each.code), ['misspelt-field']);
  const shown = await connection.sendRequest('workspace/executeCommand', { command: 'cfglint.resolved', arguments: [uri] });
  assert.match(shown, /max_epoch=12/);

  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  const code = await new Promise((resolve) => server.on('exit', resolve));
  assert.equal(code, 0);
  connection.dispose();
});
