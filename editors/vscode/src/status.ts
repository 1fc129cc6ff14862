// What the server tells when all is checked, in the words of the status item. Nothing in here knows VS Code.

export interface Target {
  library: string;
  release: string;
  why: string;
}

export interface ProjectStatus {
  root: string;
  targets: Target[];
  files: number;
}

export interface Status {
  projects: ProjectStatus[];
}

/** The short words: the releases of the libraries, without those that every config uses. */
export function label(status: Status): string {
  const targets = status.projects.flatMap((project) => project.targets);
  const named = targets.filter((target) => target.library !== 'mmengine' && target.library !== 'mmcv');
  const shown = (named.length ? named : targets).map((target) => `${target.library} ${target.release}`);
  return [...new Set(shown)].join(', ') || 'cfglint';
}

/** A line for each folder and for each release, with the reason. */
export function details(status: Status): string {
  return status.projects
    .map((project) => {
      const lines = project.targets.map((target) => `- ${target.library} ${target.release}: ${target.why}`);
      return [`**${project.root}**: ${project.files} files`, ...lines].join('\n');
    })
    .join('\n\n');
}
