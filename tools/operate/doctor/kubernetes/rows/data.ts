import { charts, installOf } from "../charts";
import type { KubernetesObject } from "../cluster";
import { commandLine } from "../../install";
import { type Facts, kubectl, missing, present, type Row, setting, unknown } from "../facts";
import { askOperator, running } from "../operators";

interface StorageClass extends KubernetesObject {
  readonly provisioner: string;
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: string;
}

const cloudNativePg = ({ settings: { database } }: Facts) => database.implementation === "cloudnative-pg";
const backups = (facts: Facts) => cloudNativePg(facts) && facts.settings.kubernetes.backupBucket !== undefined;
const operatorImage = /(^|\/)cloudnative-pg$/;

/** What several nodes can write at once, and what one can, by the name of the provisioner. */
const shared =
  /efs|filestore|file\.csi\.azure|azure-file|nfs|cephfs|glusterfs|longhorn|portworx|juicefs|fsx|manila|lustre|weka/;
const single =
  /ebs|(^|\.)pd\.csi|gce-pd|disk\.csi\.azure|azure-disk|local-path|hostpath|host-path|no-provisioner|rbd\.csi|cinder|dobs|csi\.hetzner|lvm|topolvm/;

export const dataRows: readonly Row[] = [
  {
    id: "cloudnative-pg",
    needs: "CloudNativePG 1.26 or later",
    when: "`database.implementation: cloudnative-pg`",
    asked: "kubectl get --raw /apis/postgresql.cnpg.io/v1",
    remedy: `chart cloudnative-pg ${charts["cloudnative-pg"].version}`,
    applies: cloudNativePg,
    ask: (facts) =>
      askOperator(
        facts,
        { groupVersion: "postgresql.cnpg.io/v1", image: operatorImage, least: "1.26", chart: "cloudnative-pg" },
        "CloudNativePG",
      ),
  },
  {
    id: "operator-namespace",
    needs: "the operator in `kubernetes.operatorNamespace`, which alone may steer the database",
    when: "`database.implementation: cloudnative-pg`",
    asked: "kubectl get --raw /apis/apps/v1/deployments",
    remedy: "`kubernetes.operatorNamespace`",
    applies: cloudNativePg,
    async ask(facts) {
      const { operatorNamespace } = facts.settings.kubernetes;
      const found = (await running(facts.cluster, operatorImage)).map(({ workload }) => workload.metadata.namespace!);
      if (found.length === 0) return missing("it runs nowhere", "# install it, as above");
      return found.includes(operatorNamespace)
        ? present(operatorNamespace)
        : missing(`it runs in ${found.join(", ")}`, setting(facts, "kubernetes.operatorNamespace", found[0]!));
    },
  },
  {
    id: "barman-plugin",
    needs: "the Barman Cloud plugin of CloudNativePG, beside the operator",
    when: "`kubernetes.backupBucket`",
    asked: "kubectl get --raw /apis/barmancloud.cnpg.io/v1",
    remedy: `chart plugin-barman-cloud ${charts["barman-plugin"].version}, after cert-manager`,
    applies: backups,
    async ask(facts) {
      const answer = await askOperator(
        facts,
        { groupVersion: "barmancloud.cnpg.io/v1", image: /(^|\/)plugin-barman-cloud$/, chart: "barman-plugin" },
        "Barman Cloud plugin",
      );
      const { operatorNamespace } = facts.settings.kubernetes;
      // The operator finds plugins by Services of its own namespace alone.
      return answer.state === "present" && !answer.found.includes(`in ${operatorNamespace}/`)
        ? missing(
            `${answer.found}; the operator looks for plugins in ${operatorNamespace}`,
            commandLine("helm", installOf("barman-plugin", facts).args),
          )
        : answer;
    },
  },
  {
    id: "storage-class",
    needs: "a class for the database's volumes",
    when: "`database.implementation: cloudnative-pg`",
    asked: "kubectl get --raw /apis/storage.k8s.io/v1/storageclasses",
    remedy: "`kubernetes.storageClass`, or make one the default",
    applies: cloudNativePg,
    async ask(facts) {
      const found = await storageClass(facts);
      if (found !== undefined) return present(`${found.metadata.name}, of ${found.provisioner}`);
      const { storageClass: wanted } = facts.settings.kubernetes;
      const classes = await facts.cluster.list("storage.k8s.io/v1", "storageclasses");
      return missing(
        wanted === undefined ? "no class is the default" : `there is no class ${wanted}`,
        ...(classes.length === 0
          ? ["# none at all: install a CSI driver: https://kubernetes-csi.github.io/docs/drivers.html"]
          : classes.map(({ metadata }) => setting(facts, "kubernetes.storageClass", metadata.name))),
      );
    },
  },
  {
    id: "storage-class-modes",
    level: "recommended",
    needs: "volumes that can grow, in the zone of their pod",
    when: "`database.implementation: cloudnative-pg`",
    asked: "kubectl get --raw /apis/storage.k8s.io/v1/storageclasses",
    remedy: "`allowVolumeExpansion: true`; a class with `volumeBindingMode: WaitForFirstConsumer`",
    applies: cloudNativePg,
    async ask(facts) {
      const found = await storageClass(facts);
      if (found === undefined) return unknown("there is no class, as above");
      const { metadata, allowVolumeExpansion, volumeBindingMode } = found;
      const grow = kubectl(
        facts,
        ...["patch", "storageclass", metadata.name, "--patch", '{"allowVolumeExpansion":true}'],
      );
      const problems = [
        ...(allowVolumeExpansion === true ? [] : [["cannot grow: database.storageGb could not be raised", grow]]),
        ...(volumeBindingMode === "WaitForFirstConsumer"
          ? []
          : [
              [
                "are made before it is known where their pod will run",
                "# fixed when a class is made: take another one",
              ],
            ]),
      ] as [string, string][];
      return problems.length === 0
        ? present(`${metadata.name}: can grow, bound where the pod runs`)
        : missing(
            `volumes of ${metadata.name} ${problems.map(([problem]) => problem).join(", and ")}`,
            ...problems.map(([, fix]) => fix),
          );
    },
  },
  {
    id: "uploads-storage-class",
    needs: "a class whose volumes several nodes can write (ReadWriteMany)",
    when: "`storage.implementation: volume`",
    asked: "kubectl get --raw /apis/storage.k8s.io/v1/storageclasses",
    remedy: "`kubernetes.uploadsStorageClass`; or a bucket: `storage.implementation: external`",
    applies: ({ settings: { storage } }) => storage.implementation === "volume",
    async ask(facts) {
      const found = await storageClass(facts, facts.settings.kubernetes.uploadsStorageClass);
      const classes = await facts.cluster.list<StorageClass>("storage.k8s.io/v1", "storageclasses");
      const others = classes
        .filter(({ provisioner }) => shared.test(provisioner))
        .map(({ metadata }) => setting(facts, "kubernetes.uploadsStorageClass", metadata.name));
      const bucket = setting(facts, "storage.implementation", "external");
      if (found === undefined) return missing("there is no such class", ...others, bucket);
      const text = `${found.metadata.name}, of ${found.provisioner}`;
      if (shared.test(found.provisioner)) return present(text);
      if (single.test(found.provisioner)) return missing(`${text}: one node at a time`, ...others, bucket);
      return unknown(`${text}: whether several nodes can write is not known here`, "# see its documentation");
    },
  },
];

async function storageClass(
  { cluster, settings }: Facts,
  wanted = settings.kubernetes.storageClass,
): Promise<StorageClass | undefined> {
  const classes = await cluster.list<StorageClass>("storage.k8s.io/v1", "storageclasses");
  const isDefault = ({ metadata }: StorageClass) =>
    metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  return classes.find((each) => (wanted === undefined ? isDefault(each) : each.metadata.name === wanted));
}
