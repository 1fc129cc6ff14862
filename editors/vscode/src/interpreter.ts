// Which Python the server runs in, and whether it can run there. Nothing in here knows VS Code.

import { execFile } from 'node:child_process';

/** What keeps a server from starting in an environment. */
export type Problem = 'no interpreter' | 'no cfglint' | 'no server';

/** The first interpreter that is named: by the setting, else by the Python extension, else what a shell would run. */
export function interpreterOf(setting: string, selected: string | undefined, platform = process.platform): string {
  return setting.trim() || selected || (platform === 'win32' ? 'python' : 'python3');
}

/** What a user has to run to install the server into an environment. */
export function installCommand(interpreter: string): string {
  const quoted = /\s/.test(interpreter) ? `"${interpreter}"` : interpreter;
  return `${quoted} -m pip install "mmcfglint[server]"`;
}

/** The words for what is missing, and the remedy. */
export function explain(problem: Problem, interpreter: string): string {
  if (problem === 'no interpreter') {
    return `cfglint: there is no Python at ${interpreter}: select an interpreter, or set cfglint.interpreter`;
  }
  const what = problem === 'no cfglint' ? 'cfglint is not installed' : 'the language server of cfglint is not installed';
  return `${what} in ${interpreter}`;
}

/** What starts cfglint: as its script does, without the current folder among the places of modules. */
export function command(...words: string[]): string[] {
  return ['-c', 'import sys; sys.path[:] = filter(None, sys.path); from cfglint.cli import main; sys.exit(main())', ...words];
}

const PROBE = [
  'import sys',
  'sys.path[:] = filter(None, sys.path)',
  'import importlib.util as u',
  'print("cfglint" if u.find_spec("cfglint") else "", "pygls" if u.find_spec("pygls") else "")',
].join('; ');

/** Tell what keeps the server from starting, undefined if nothing does; nothing of cfglint is imported. */
export function problemOf(interpreter: string, folder?: string): Promise<Problem | undefined> {
  return new Promise((resolve) => {
    execFile(interpreter, ['-c', PROBE], { cwd: folder, timeout: 20_000 }, (error, output) => {
      if (error) {
        resolve('no interpreter');
      } else if (!output.includes('cfglint')) {
        resolve('no cfglint');
      } else {
        resolve(output.includes('pygls') ? undefined : 'no server');
      }
    });
  });
}
