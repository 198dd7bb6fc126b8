import type { Run } from './measure';
import { median, type TemplateFigures } from './template';

/** The most that a ratio of ours to the peer's may be. */
export const LIMITS = { synthTime: 0.15, templateBytesAsWritten: 0.75, templateBytes: 0.75, resources: 0.75 } as const;
export type LimitedRatio = keyof typeof LIMITS;

/** One system's figures: the medians of its runs. */
export interface SystemFigures {
  readonly synthMs: number;
  readonly loadMs: number;
  readonly esbuildMs: number;
  readonly template: TemplateFigures;
  readonly synthMsOfRuns: number[];
}

export interface Figures {
  readonly pairs: number;
  readonly ratios: Record<LimitedRatio, number>;
  readonly limits: typeof LIMITS;
  /** What is over its limit. */
  readonly broken: LimitedRatio[];
  /** The same questions asked in other ways: printed, not held against a limit. */
  readonly alsoRatios: {
    /** With the time to load the CDK and the system's modules. */
    readonly loadAndSynthTime: number;
    /** Where the peer's bundles cost nothing but esbuild's own time: no npx. */
    readonly synthTimeWithoutNpx: number;
    readonly templateBytesWithoutAlarms: number;
    readonly resourcesWithoutAlarms: number;
  };
  readonly ours: SystemFigures;
  readonly peer: SystemFigures;
}

/** The figures of several pairs of runs. */
export function compare(ours: Run[], peer: Run[]): Figures {
  const a = summarize(ours);
  const b = summarize(peer);
  const ratios = {
    synthTime: a.synthMs / b.synthMs,
    templateBytesAsWritten: a.template.bytesAsWritten / b.template.bytesAsWritten,
    templateBytes: a.template.bytes / b.template.bytes,
    resources: a.template.resources / b.template.resources,
  };
  return {
    pairs: ours.length,
    ratios,
    limits: LIMITS,
    broken: (Object.keys(LIMITS) as LimitedRatio[]).filter((name) => ratios[name] > LIMITS[name]),
    alsoRatios: {
      loadAndSynthTime: (a.loadMs + a.synthMs) / (b.loadMs + b.synthMs),
      // The peer without bundling takes as long as ours: the constructs are of the same kind and number.
      synthTimeWithoutNpx: a.synthMs / (a.synthMs + b.esbuildMs),
      templateBytesWithoutAlarms: a.template.withoutAlarms.bytes / b.template.withoutAlarms.bytes,
      resourcesWithoutAlarms: a.template.withoutAlarms.resources / b.template.withoutAlarms.resources,
    },
    ours: a,
    peer: b,
  };
}

function summarize(runs: Run[]): SystemFigures {
  return {
    synthMs: median(runs.map(({ synthMs }) => synthMs)),
    loadMs: median(runs.map(({ loadMs }) => loadMs)),
    esbuildMs: median(runs.map(({ esbuildMs }) => esbuildMs)),
    template: runs[0].template,
    synthMsOfRuns: runs.map(({ synthMs }) => Math.round(synthMs)),
  };
}
