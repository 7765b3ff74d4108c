const secretName = /pass|secret|psk|key|token|communit|credential|private|auth|\bpin\b|otp/i;

/** Whether what is called so may hold a secret: its value is never shown, whatever it is. */
export const isSecret = (name: string): boolean => secretName.test(name);
