import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

const require = createRequire(import.meta.url);
const { explain, installCommand, interpreterOf, problemOf } = require('../dist/test/interpreter.js');
const { details, label } = require('../dist/test/status.js');
const PYTHON = process.env.CFGLINT_PYTHON ?? 'python3';

test('the setting goes before what the Python extension says', () => {
  assert.equal(interpreterOf(' /a/python ', '/b/python'), '/a/python');
  assert.equal(interpreterOf('', '/b/python'), '/b/python');
  assert.equal(interpreterOf('', undefined, 'linux'), 'python3');
  assert.equal(interpreterOf('', undefined, 'win32'), 'python');
});

test('the command to install quotes a path with blanks', () => {
  assert.equal(installCommand('/my env/python'), '"/my env/python" -m pip install "mmcfglint[server]"');
});

test('an interpreter that is not there is told', async () => {
  assert.equal(await problemOf('/no/such/python'), 'no interpreter');
  assert.match(explain('no interpreter', '/no/such/python'), /there is no Python at/);
  assert.match(explain('no cfglint', '/b/python'), /cfglint is not installed in/);
});

test('an environment is looked into', async () => {
  assert.ok([undefined, 'no cfglint', 'no server'].includes(await problemOf(PYTHON)));
});

test('the status item names the libraries that matter', () => {
  const target = (library, release) => ({ library, release, why: 'it is installed' });
  const status = { projects: [{ root: '/r', files: 3, targets: [target('mmengine', '0.10.7'), target('mmdet', '3.3.0')] }] };
  assert.equal(label(status), 'mmdet 3.3.0');
  assert.equal(label({ projects: [] }), 'cfglint');
  assert.match(details(status), /\/r\*\*: 3 files\n- mmengine 0.10.7: it is installed/);
});
