/** Where a reference of a rule can be read, when its publisher has a page for it. */
export function referenceUrl(reference: string): string | undefined {
  const control = /^FSBP ([A-Za-z0-9]+)\.(\d+)$/.exec(reference);
  if (control) {
    const [, service = "", number = ""] = control;
    const page = service.toLowerCase();
    return `https://docs.aws.amazon.com/securityhub/latest/userguide/${page}-controls.html#${page}-${number}`;
  }
  if (reference.startsWith("PSS")) return "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
  if (reference.startsWith("CKV")) return "https://www.checkov.io/5.Policy%20Index/all.html";
  return undefined;
}
