import type { TableMenu } from './menu.js';
import { allPolicies, policySet } from './policies.js';
import { failure, noMatch } from './routeros-error.js';

export const userTable: TableMenu = {
  path: '/user',
  fields: 'name group password address comment disabled',
  flags: 'disabled',
  defaults: { disabled: 'false', address: '' },
  required: 'name group',
  key: 'name',
  duplicate: 'user with the same name already exists',
  secret: 'password',
  writePolicy: 'policy',
  unexported: true,
  check: (fields, _caller, device) => {
    const known = device.store.rows('/user/group').some((row) => row.fields['name'] === fields['group']);
    if (!known) throw noMatch('group');
  },
};

export const userGroupTable: TableMenu = {
  path: '/user/group',
  fields: 'name policy skin comment',
  defaults: { skin: 'default' },
  unexported: true,
  required: 'name',
  key: 'name',
  duplicate: 'group with the same name already exists',
  writePolicy: 'policy',
  check: (fields) => {
    const wanted = policySet(fields['policy']);
    for (const name of wanted) if (!(allPolicies as readonly string[]).includes(name.replace(/^!/, ''))) throw noMatch('policy');
    if (wanted.size === 0) throw failure('empty policy');
  },
  // What a group may not do is shown as well.
  show: (fields) => {
    const granted = policySet(fields['policy']);
    const [may, mayNot] = [allPolicies.filter((name) => granted.has(name)), allPolicies.filter((name) => !granted.has(name))];
    return { policy: [...may, ...mayNot.map((name) => `!${name}`)].join(',') };
  },
};

export const serviceTable: TableMenu = {
  path: '/ip/service',
  fields: 'name port address certificate disabled max-sessions',
  flags: 'disabled',
  defaults: { address: '', disabled: 'false', 'max-sessions': '20' },
  key: 'name',
  fixed: true,
  written: (device) => device.servicesChanged(),
};
