/** Volumes that the restricted Pod Security profile allows, less those that nobody here needs. */
const volumeKinds = ['configMap', 'secret', 'persistentVolumeClaim', 'emptyDir'];

/** What of a pod breaks the restricted Pod Security profile, or our own, stricter one: files are read-only, no token, no root. */
export const laxities = ({ spec }) => {
  const { securityContext: pod = {}, containers, initContainers = [], volumes = [] } = spec;
  const found = [];
  const expect = (holds, what) => holds || found.push(what);
  expect(pod.runAsNonRoot === true && pod.runAsUser > 0, 'may run as root');
  expect(pod.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile');
  expect(spec.automountServiceAccountToken === false, 'gets a token');
  expect(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, 'shares namespaces with its node');
  for (const volume of volumes)
    expect(
      Object.keys(volume).every((kind) => kind === 'name' || volumeKinds.includes(kind)),
      `volume ${volume.name}`,
    );
  for (const { name, securityContext: own = {}, ports = [], resources = {} } of [...containers, ...initContainers]) {
    expect(own.allowPrivilegeEscalation === false && !own.privileged, `${name} may gain privileges`);
    expect(own.readOnlyRootFilesystem === true, `${name} may write to its files`);
    expect(own.capabilities?.drop?.includes('ALL') && !own.capabilities.add, `${name} keeps capabilities`);
    expect(own.runAsUser === undefined && own.runAsNonRoot === undefined, `${name} has a user of its own`);
    expect(
      ports.every(({ hostPort }) => hostPort === undefined),
      `${name} takes a port of its node`,
    );
    expect(resources.requests?.cpu && resources.requests?.memory && resources.limits?.memory, `${name} is unbounded`);
  }
  return found;
};
