import { uuidv7 } from '@scheduled-scripts/event-store';

/** The kind of event of which there are most: one step of one router. */
export const sampleEvent = () => {
  const executionId = uuidv7();
  return {
    id: uuidv7(),
    type: 'site-execution.issued.v1',
    data: {
      executionId,
      scriptId: '0199f0c4-5a10-7c3e-9d51-0b5f3c1f2a77',
      siteId: 'site_0aK3mN9pQ2rS5tU8',
      kind: 'rollout',
      owner: 'executor-7f9c4d-x2x4b/1/0199f0c4',
      routerUptimeSeconds: 8_640_000,
    },
    metadata: {
      organizationId: 'org_4fJ2kL8mN1pQ',
      actor: 'service:device-executor',
      at: '2026-03-01T02:00:00.123456Z',
      correlationId: '0199f0c4-5a10-7c3e-9d51-0b5f3c1f2a78',
      causationId: '0199f0c4-5a10-7c3e-9d51-0b5f3c1f2a79',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
  };
};

const text = `# Move the guests to a network of their own
/interface vlan add name=guests vlan-id=30 interface=bridge comment="guests"
/ip address add address=10.30.0.1/24 interface=guests
/ip pool add name=guests ranges=10.30.0.10-10.30.0.250
/ip dhcp-server add name=guests interface=guests address-pool=guests disabled=no
/ip firewall filter add chain=forward in-interface=guests out-interface-list=!WAN action=drop
`;

/** A body of POST /scripts/scheduled. */
export const sampleScript = ({ sites }) => ({
  description: 'Move the guests to a network of their own',
  script: text,
  launch_at: '2099-01-01T02:00:00.000000Z',
  sites,
  notify: ['auth0|approver'],
  make_backup: true,
  abort_if_offline: false,
});
