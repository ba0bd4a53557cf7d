/**
 * Quantities as Kubernetes writes them: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
 * An operator that defaults its objects writes all of them anew; in any other form each apply would be a change.
 */
export const cpuQuantity = (millis: number) => (millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`);
export const mebibytes = (count: number) => (count % 1024 === 0 ? gibibytes(count / 1024) : `${count}Mi`);
export const gibibytes = (count: number) => (count % 1024 === 0 ? `${count / 1024}Ti` : `${count}Gi`);
