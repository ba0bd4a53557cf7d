import type { ServiceSize } from "../contract";

const gib = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);

/** MiB by thousandths of a CPU: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const fargateMemoryMb: Readonly<Record<number, readonly number[]>> = {
  250: [512, 1024, 2048],
  500: gib(1, 4),
  1000: gib(2, 8),
  2000: gib(4, 16),
  4000: gib(8, 30),
  8000: gib(16, 60, 4),
  16000: gib(32, 120, 8),
};

export interface SizeProblem {
  readonly argument: keyof ServiceSize;
  readonly message: string;
}

/** Why Fargate has no task of this size; undefined when it has. */
export function fargateSizeProblem({ cpuMillis, memoryMb }: ServiceSize): SizeProblem | undefined {
  const memory = fargateMemoryMb[cpuMillis];
  if (memory === undefined) {
    const sizes = Object.keys(fargateMemoryMb);
    return { argument: "cpuMillis", message: `is not a size of Fargate: expected ${listed(sizes)}` };
  }
  if (memory.includes(memoryMb)) return undefined;
  const offered =
    memory.length <= 4
      ? listed(memory.map(String))
      : `${memory[0]} to ${memory.at(-1)} in steps of ${memory[1]! - memory[0]!}`;
  return { argument: "memoryMb", message: `does not go with cpuMillis ${cpuMillis}: Fargate offers ${offered}` };
}

function listed(items: readonly string[]): string {
  return items.length === 1 ? items[0]! : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}
