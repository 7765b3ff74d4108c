import { mostOpenRequests, type ScheduledScript } from '@scheduled-scripts/domain';

/** Why a link does not lead to an approval. Where there is a script, its recipient was asked about it and may be told. */
export type ApprovalRefusal =
  /** Not a token of ours, or of nothing that is there: no difference is shown. */
  | { readonly why: 'unknown' }
  | { readonly why: 'not_approver' }
  | {
      readonly why: 'author' | 'launch_time_passed' | 'approved' | 'launched' | 'cancelled' | 'changed' | 'asked_often';
      readonly script: ScheduledScript;
    };

/** From the code that the decision was refused with; `null` for one that is no refusal of an approval. */
export const refusalOf = (code: string, script: ScheduledScript): ApprovalRefusal | null => {
  switch (code) {
    case 'script_not_found':
      return { why: 'unknown' };
    case 'self_authorization_forbidden':
      return { why: 'author', script };
    case 'launch_time_passed':
      return { why: 'launch_time_passed', script };
    case 'script_already_launched':
      return { why: 'launched', script };
    case 'script_cancelled':
      return { why: 'cancelled', script };
    case 'not_authorizable':
      return { why: whyNotAuthorizable(script), script };
    default:
      return null;
  }
};

const whyNotAuthorizable = ({ status, authorizationRequests }: ScheduledScript) => {
  if (status === 'scheduled') return 'approved';
  // A change makes all requests be forgotten, very many later ones the oldest.
  return authorizationRequests.length < mostOpenRequests ? 'changed' : 'asked_often';
};
