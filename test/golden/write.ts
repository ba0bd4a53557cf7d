import { writeFileSync } from "node:fs";
import { goldenFile, goldenText } from "./golden";
import { goldenStacks } from "./stacks";

/** `npm run golden`: the plans as they are now. What git shows as changed is for a reviewer to read. */
void (async () => {
  for (const [stack, plan] of Object.entries(goldenStacks)) writeFileSync(goldenFile(stack), goldenText(await plan()));
})();
