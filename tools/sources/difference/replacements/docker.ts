import { words } from "./words";

/**
 * `willReplaceOnChanges` of the schema of pulumi-docker 5 at 237b7899, provider/cmd/pulumi-resource-docker/schema.json.
 * A label or a mount option below these replaces as well.
 */
export const dockerReplacements: Readonly<Record<string, readonly string[]>> = {
  "docker:index/buildxBuilder:BuildxBuilder": words(
    "append bootstrap buildkitConfig buildkitFlags dockerContainer driver driverOptions endpoint kubernetes name node platforms remote use",
  ),
  "docker:index/container:Container": words(
    "capabilities cgroupParent cgroupnsMode command cpus deviceRequests devices dns dnsOpts dnsSearches domainname entrypoints envs gpus groupAdds hostname hosts image ipcMode labels logDriver logOpts mounts name networkMode networksAdvanced pidMode platform ports privileged publishAllPorts readOnly runtime securityOpts shmSize stdinOpen stopSignal stopTimeout storageOpts sysctls tty ulimits uploads user usernsMode volumes workingDir",
  ),
  "docker:index/image:Image": [],
  "docker:index/network:Network": words(
    "attachable driver ingress internal ipamConfigs ipamDriver ipamOptions ipv6 labels name options",
  ),
  "docker:index/plugin:Plugin": words("alias name"),
  "docker:index/registryImage:RegistryImage": words("name triggers build"),
  "docker:index/remoteImage:RemoteImage": words("name platform pullTriggers triggers build"),
  "docker:index/secret:Secret": words("data labels name"),
  "docker:index/service:Service": words("auth mode name"),
  "docker:index/serviceConfig:ServiceConfig": words("data dataRaw labels name"),
  "docker:index/tag:Tag": words("sourceImage tagTriggers targetImage"),
  "docker:index/volume:Volume": words("cluster driver driverOpts labels name"),
};
