import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import { command, explain, installCommand, interpreterOf, problemOf } from './interpreter';
import { details, label, type Status } from './status';

const DOCUMENTS = ['python', 'yaml', 'json'].map((language) => ({ scheme: 'file', language }));
const SCHEME = 'cfglint';

/** The views of the server, by command: the server's command, and the language of what it shows. */
const VIEWS: Record<string, { asks: string; language: string; suffix: string }> = {
  'cfglint.showResolved': { asks: 'cfglint.resolved', language: 'python', suffix: 'resolved.py' },
  'cfglint.showOrigins': { asks: 'cfglint.origins', language: 'python', suffix: 'origins.py' },
  'cfglint.showTree': { asks: 'cfglint.tree', language: 'markdown', suffix: 'tree.md' },
  'cfglint.showSchedule': { asks: 'cfglint.schedule', language: 'plaintext', suffix: 'schedule.txt' },
};

let client: LanguageClient | undefined;
let item: vscode.StatusBarItem;
let output: vscode.OutputChannel;
const shown = new Map<string, string>();
const shownChanged = new vscode.EventEmitter<vscode.Uri>();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel('cfglint');
  item = vscode.window.createStatusBarItem('cfglint.targets', vscode.StatusBarAlignment.Right, 90);
  item.name = 'cfglint';
  item.command = 'cfglint.showTargets';
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: shownChanged.event,
    provideTextDocumentContent: (uri) => shown.get(uri.toString()) ?? '',
  };
  context.subscriptions.push(output, item, shownChanged);
  context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider));
  for (const name of Object.keys(VIEWS)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, () => guarded(() => showView(name))));
  }
  context.subscriptions.push(
    vscode.commands.registerCommand('cfglint.showDependents', (uri?: string) => guarded(() => showDependents(uri))),
    vscode.commands.registerCommand('cfglint.smoke', () => guarded(runSmoke)),
    vscode.commands.registerCommand('cfglint.restart', () => guarded(restart)),
    vscode.commands.registerCommand('cfglint.showTargets', () => output.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('cfglint')) {
        void guarded(restart);
      }
    }),
  );
  await watchInterpreter(context);
  await guarded(start);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function guarded(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    void vscode.window.showErrorMessage(`cfglint: ${error instanceof Error ? error.message : String(error)}`);
  }
}

// The server

async function start(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const interpreter = await interpreterFor(folder);
  const problem = await problemOf(interpreter, folder?.fsPath);
  if (problem !== undefined) {
    item.text = '$(warning) cfglint';
    item.tooltip = explain(problem, interpreter);
    item.show();
    void offerInstallation(problem, interpreter);
    return;
  }
  const server: ServerOptions = {
    command: interpreter,
    args: command('server'),
    options: { cwd: folder?.fsPath },
  };
  const settings = vscode.workspace.getConfiguration('cfglint', folder);
  const options: LanguageClientOptions = {
    documentSelector: DOCUMENTS,
    outputChannel: output,
    initializationOptions: {
      target: settings.get<string[]>('target', []),
      config: settings.get<string>('config', ''),
      python: settings.get<string>('python', ''),
    },
    markdown: { isTrusted: false },
  };
  item.text = '$(sync~spin) cfglint';
  item.tooltip = `cfglint runs in ${interpreter}`;
  item.show();
  client = new LanguageClient('cfglint', 'cfglint', server, options);
  client.onNotification('cfglint/status', showStatus);
  await client.start();
}

async function restart(): Promise<void> {
  const old = client;
  client = undefined;
  await old?.dispose();
  await start();
}

async function offerInstallation(problem: Parameters<typeof explain>[0], interpreter: string): Promise<void> {
  const actions = problem === 'no interpreter' ? [] : ['Install', 'Copy command'];
  const chosen = await vscode.window.showWarningMessage(explain(problem, interpreter), ...actions);
  if (chosen === 'Install') {
    const terminal = vscode.window.createTerminal('cfglint');
    terminal.show();
    terminal.sendText(installCommand(interpreter));
    const again = await vscode.window.showInformationMessage('cfglint: start the server once it is installed', 'Start');
    if (again === 'Start') {
      await guarded(restart);
    }
  } else if (chosen === 'Copy command') {
    await vscode.env.clipboard.writeText(installCommand(interpreter));
  }
}

function showStatus(status: Status): void {
  item.text = `$(check) ${label(status)}`;
  item.tooltip = new vscode.MarkdownString(details(status));
  item.show();
}

// The interpreter that the Python extension has selected

interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(environment: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  return extension?.activate();
}

async function interpreterFor(folder: vscode.Uri | undefined): Promise<string> {
  const setting = vscode.workspace.getConfiguration('cfglint', folder).get<string>('interpreter', '');
  const api = setting ? undefined : await pythonApi();
  const environment = api && (await api.environments.resolveEnvironment(api.environments.getActiveEnvironmentPath(folder)));
  return interpreterOf(setting, environment?.executable.uri?.fsPath);
}

async function watchInterpreter(context: vscode.ExtensionContext): Promise<void> {
  const api = await pythonApi();
  if (api) {
    context.subscriptions.push(api.environments.onDidChangeActiveEnvironmentPath(() => void guarded(restart)));
  }
}

// Commands

function activeConfig(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || document.uri.scheme !== 'file') {
    throw new Error('open a config first');
  }
  return document;
}

async function ask<T>(name: string, uri: string): Promise<T> {
  if (client === undefined) {
    throw new Error('the server does not run');
  }
  return client.sendRequest<T>('workspace/executeCommand', { command: name, arguments: [uri] });
}

async function showView(name: string): Promise<void> {
  const view = VIEWS[name];
  const document = activeConfig();
  const text = await ask<string>(view.asks, client!.code2ProtocolConverter.asUri(document.uri));
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `${document.uri.path}.${view.suffix}` });
  shown.set(uri.toString(), text);
  shownChanged.fire(uri);
  const beside = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(beside, view.language);
  await vscode.window.showTextDocument(beside, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}

async function showDependents(uri?: string): Promise<void> {
  const name = uri ?? client?.code2ProtocolConverter.asUri(activeConfig().uri) ?? '';
  const paths = await ask<string[]>('cfglint.dependents', name);
  const entries = paths.map((path) => ({ label: vscode.workspace.asRelativePath(path), path }));
  const chosen = await vscode.window.showQuickPick(entries, { placeHolder: `${paths.length} configs depend on this file` });
  if (chosen) {
    await vscode.window.showTextDocument(vscode.Uri.file(chosen.path));
  }
}

async function runSmoke(): Promise<void> {
  const document = activeConfig();
  await document.save();
  const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri;
  const interpreter = await interpreterFor(folder);
  const task = new vscode.Task(
    { type: 'cfglint' },
    vscode.TaskScope.Workspace,
    'smoke',
    'cfglint',
    new vscode.ProcessExecution(interpreter, command('smoke', document.uri.fsPath), { cwd: folder?.fsPath }),
  );
  await vscode.tasks.executeTask(task);
}
