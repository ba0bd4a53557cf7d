import type { SettingsByTarget, Target } from "../../../stacks/settings/settings";
import type { StackConfiguration } from "../../sources/in-process/stack-file";

/** What a target says to one question. */
export type Answer =
  | { readonly state: "present"; readonly found: string }
  | {
      /** `unknown`: it could not be asked, or does not tell. */
      readonly state: "missing" | "unknown";
      readonly found: string;
      /** Commands that put it right, exactly; a line that is no command begins with `#`. */
      readonly fix: readonly string[];
      /** Where a program can do it: `slipway doctor --install` does. */
      readonly install?: Install;
    };

/** A program with its arguments, each as it is: no shell reads them. */
export interface Install {
  readonly program: "helm" | "kubectl";
  readonly args: readonly string[];
  /** Lower ones first: what others need. */
  readonly order: number;
}

/** One thing that a stack needs of where it is to run. A row of data: the documentation is written from it. */
export interface Check<Facts> {
  readonly id: string;
  /** @example "CloudNativePG 1.26 or later" */
  readonly needs: string;
  /** Settings that make it necessary, in words. @example "`database.implementation: cloudnative-pg`" */
  readonly when: string;
  /** `recommended`: the stack works without. Default: `required`. */
  readonly level?: "required" | "recommended";
  /** How it is asked, for a person to repeat. @example "kubectl get --raw /version" */
  readonly asked: string;
  /** How it is put right, in general; an answer has the exact commands. */
  readonly remedy: string;
  applies(facts: Facts): boolean;
  ask(facts: Facts): Promise<Answer>;
}

export interface DoctorRequest<Name extends Target = Target> {
  readonly stack: string;
  readonly settings: SettingsByTarget[Name];
  readonly configuration: StackConfiguration;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  /** Creates something small for a moment where nothing else tells, and removes it. */
  readonly probe: boolean;
  /** Of kubectl. Default: what the stack file says, else the current one. */
  readonly context?: string;
}

/** The questions of one target. */
export interface Doctor<Name extends Target, Facts> {
  readonly checks: readonly Check<Facts>[];
  /**
   * Reaches the target; every check asks through what is returned.
   * @throws OperateError when it cannot be reached: then nothing is known at all.
   */
  open(request: DoctorRequest<Name>): Promise<{
    /** What is asked, for the first line. @example "context kind-dev, Kubernetes v1.36.1" */
    readonly place: string;
    readonly facts: Facts;
  }>;
}

export interface Finding {
  readonly id: string;
  readonly needs: string;
  readonly when: string;
  readonly level: "required" | "recommended";
  readonly asked: string;
  readonly answer: Answer;
}

export interface Diagnosis {
  readonly version: 1;
  readonly stack: string;
  readonly target: Target;
  readonly place: string;
  readonly findings: readonly Finding[];
}

/** What a pipeline sees: everything required is there, or not. What could not be asked is not known to be there. */
export function isReady({ findings }: Diagnosis): boolean {
  return findings.every(({ level, answer }) => level === "recommended" || answer.state === "present");
}
