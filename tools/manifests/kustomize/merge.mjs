// Strategic merge, as far as our patches use it: lists whose items have a key of their own are merged by it, others are replaced.
const keys = {
  containers: 'name',
  env: 'name',
  ports: 'containerPort',
  topologySpreadConstraints: 'topologyKey',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const mergeList = (key, base, patch) => {
  const left = [...base];
  for (const item of patch) {
    const at = left.findIndex((one) => one[key] === item[key]);
    if (at < 0) left.push(item);
    else left[at] = merge(left[at], item);
  }
  return left;
};

/** `base` with what `patch` says; `null` takes something away. */
export const merge = (base, patch) => {
  const merged = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const there = base[name];
    if (value === null) delete merged[name];
    else if (isMap(value) && isMap(there)) merged[name] = merge(there, value);
    else if (Array.isArray(value) && Array.isArray(there) && name in keys) merged[name] = mergeList(keys[name], there, value);
    else merged[name] = value;
  }
  return merged;
};
