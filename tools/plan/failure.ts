/** Why a preview did not come to its end. */
export interface Failure {
  readonly kind: "settings" | "program" | "provider" | "policy" | "base" | "cancelled";
  /** Plain text, as printed; the reader of it escapes. */
  readonly message: string;
  /** URN of the resource at which it happened. */
  readonly urn?: string;
  /** Where in the user's own code, by its path from the project's folder. */
  readonly place?: { readonly file: string; readonly line: number };
}
