import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: ["app/**", "packages/**", "examples/**", "dist/**", "node_modules/**", "**/*.cjs", "**/*.mjs", "**/*.js"],
  },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true, boolean: true } }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { disallowTypeAnnotations: false, fixStyle: "inline-type-imports" },
      ],
      // Lazy loading: a command, or a target's SDK, is loaded when it is asked for.
      "@typescript-eslint/no-require-imports": "off",
      // Rules and readers are handed plain functions in an object and take them apart; none of them has a `this`.
      "@typescript-eslint/unbound-method": "off",
      // A resource exists by being constructed.
      "no-new": "off",
      // What a Pulumi output or a provider's answer looks like is checked where it is read.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/require-await": "off",
      "no-control-regex": "off",
    },
  },
  {
    // The program also runs on Node 20, where the engine finds it first on PATH.
    files: ["components/**", "policy/**", "stacks/**", "tools/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...[
          ["Map", "groupBy", "components/shared/group.ts has it"],
          ["Object", "groupBy", "components/shared/group.ts has it"],
          ["Promise", "withResolvers"],
          ["Promise", "try"],
          ["Array", "fromAsync"],
          ["RegExp", "escape"],
        ].map(([object, property, message = "Node 20 has none"]) => ({ object, property, message })),
      ],
    },
  },
);
