import type { Rule } from "../../rule";
import k8sAdminBinding from "./access/k8s-admin-binding";
import k8sDefaultNamespace from "./access/k8s-default-namespace";
import k8sNamespacePsa from "./access/k8s-namespace-psa";
import k8sRbacWildcard from "./access/k8s-rbac-wildcard";
import k8sHpa from "./availability/k8s-hpa";
import k8sPdb from "./availability/k8s-pdb";
import k8sRolloutAnalysis from "./availability/k8s-rollout-analysis";
import k8sSpread from "./availability/k8s-spread";
import k8sConfigSecret from "./config/k8s-config-secret";
import k8sHelmRelease from "./config/k8s-helm-release";
import cnpgAccess from "./data/cnpg-access";
import cnpgBackup from "./data/cnpg-backup";
import cnpgHa from "./data/cnpg-ha";
import k8sClaimsKept from "./data/k8s-claims-kept";
import k8sIngressSnippets from "./network/k8s-ingress-snippets";
import k8sNetpol from "./network/k8s-netpol";
import k8sServiceExposed from "./network/k8s-service-exposed";
import k8sServicePlainHttp from "./network/k8s-service-plain-http";
import k8sTls from "./network/k8s-tls";
import k8sDropAll from "./pod/k8s-drop-all";
import k8sEnvSecret from "./pod/k8s-env-secret";
import k8sHostNs from "./pod/k8s-host-ns";
import k8sHostPort from "./pod/k8s-host-port";
import k8sImageDigest from "./pod/k8s-image-digest";
import k8sImage from "./pod/k8s-image";
import k8sNoEscalation from "./pod/k8s-no-escalation";
import k8sNonroot from "./pod/k8s-nonroot";
import k8sPrivileged from "./pod/k8s-privileged";
import k8sProbes from "./pod/k8s-probes";
import k8sResources from "./pod/k8s-resources";
import k8sRofs from "./pod/k8s-rofs";
import k8sSaToken from "./pod/k8s-sa-token";
import k8sSeccomp from "./pod/k8s-seccomp";
import k8sVolumes from "./pod/k8s-volumes";

export const kubernetesRules: readonly Rule[] = [
  k8sAdminBinding,
  k8sDefaultNamespace,
  k8sNamespacePsa,
  k8sRbacWildcard,
  k8sHpa,
  k8sPdb,
  k8sRolloutAnalysis,
  k8sSpread,
  k8sConfigSecret,
  k8sHelmRelease,
  cnpgAccess,
  cnpgBackup,
  cnpgHa,
  k8sClaimsKept,
  k8sIngressSnippets,
  k8sNetpol,
  k8sServiceExposed,
  k8sServicePlainHttp,
  k8sTls,
  k8sDropAll,
  k8sEnvSecret,
  k8sHostNs,
  k8sHostPort,
  k8sImageDigest,
  k8sImage,
  k8sNoEscalation,
  k8sNonroot,
  k8sPrivileged,
  k8sProbes,
  k8sResources,
  k8sRofs,
  k8sSaToken,
  k8sSeccomp,
  k8sVolumes,
];
