export { InvalidApprovalLinkKeys, isApprovalLinkKeys, parseApprovalLinkKeys, type ApprovalLinkKeys } from './approval-link-keys.js';
export { ApprovalLinks, type ApprovalLink } from './approval-links.js';
