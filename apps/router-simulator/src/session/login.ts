import { policySet } from '../menus/policies.js';
import { answerToChallenge, makeChallenge } from '../protocol/challenge.js';
import type { SimulatedRouter } from '../router/simulated-router.js';

export type LoginAnswer =
  | { readonly kind: 'welcome'; readonly user: string }
  | { readonly kind: 'challenge'; readonly challenge: string }
  | { readonly kind: 'refused'; readonly message: string };

/** Both logins: password in clear from 6.43 on, challenge and response before. */
export class Login {
  private challenge: string | null = null;

  constructor(private readonly router: SimulatedRouter) {}

  attempt(attributes: ReadonlyMap<string, string>): LoginAnswer {
    const name = attributes.get('name') ?? '';
    const { plainLogin } = this.router.version;
    const response = attributes.get('response');
    if (!plainLogin && response === undefined) {
      // An old router does not know the new form: it ignores it and asks.
      this.challenge = makeChallenge();
      return { kind: 'challenge', challenge: this.challenge };
    }
    const password = this.passwordOf(name);
    const isRight = plainLogin
      ? attributes.get('password') === password
      : this.challenge !== null && password !== null && response === answerToChallenge(password, this.challenge);
    this.challenge = null;
    if (password !== null && isRight) return { kind: 'welcome', user: name };
    this.router.log.write('system,error,critical', `login failure for user ${name} from 127.0.0.1 via api`);
    return { kind: 'refused', message: plainLogin ? 'invalid user name or password (6)' : 'cannot log in' };
  }

  private passwordOf(name: string): string | null {
    const account = this.router.store.rows('/user').find((row) => row.fields['name'] === name && row.fields['disabled'] !== 'true');
    const group = this.router.store.rows('/user/group').find((row) => row.fields['name'] === account?.fields['group']);
    if (!account || !policySet(group?.fields['policy']).has('api')) return null;
    return this.router.conditions.password ?? account.fields['password'] ?? '';
  }
}
