/** What the hardware is and says of itself, and who may log in when it is new. */
export interface DeviceProfile {
  readonly identity: string;
  readonly version: string;
  readonly board: string;
  readonly model: string;
  readonly serial: string;
  readonly softwareId: string;
  readonly username: string;
  readonly password: string;
}

/** An ordinary router; the same for the same name. */
export const ordinaryProfile = (name: string): DeviceProfile => ({
  identity: name,
  version: '7.19.4 (stable)',
  board: 'RB5009UG+S+',
  model: 'RB5009UG+S+',
  serial: `HC0-${name}`,
  softwareId: 'ABCD-1234',
  username: 'automation',
  password: `password of ${name}`,
});
