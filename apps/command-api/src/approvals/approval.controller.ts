import { Controller, Get, HttpStatus, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { Public } from '@scheduled-scripts/auth';
import { ErrorPage, type HtmlPage } from '@scheduled-scripts/platform';
import type { FastifyReply } from 'fastify';
import { SETTINGS, type Settings } from '../settings.js';
import { Approvals } from './approvals.js';
import { approvalPage } from './pages/approval.page.js';
import { approvedPage } from './pages/approved.page.js';
import { errorPage } from './pages/error.page.js';
import { refusalPage } from './pages/refusal.page.js';

/**
 * What the link in a mail opens. The token in the path is the right: whoever has it was sent it. A query is not refused as elsewhere: mail
 * programs put their own behind links.
 */
@Controller('authorize')
export class ApprovalController {
  constructor(
    private readonly approvals: Approvals,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get(':token')
  @Public()
  @ErrorPage(errorPage)
  async look(@Param('token') token: string, @Query() _ofOthers: unknown, @Res() reply: FastifyReply): Promise<void> {
    const outcome = await this.approvals.look(token);
    const now = Date.now();
    if (outcome.kind === 'refused') sendPage(reply, refusalPage(outcome.refusal, now));
    else sendPage(reply, approvalPage(outcome, { executionWindowMillis: this.settings.executionWindowMillis, now }));
  }

  @Post(':token')
  @Public()
  @ErrorPage(errorPage)
  async approve(@Param('token') token: string, @Query() _ofOthers: unknown, @Res() reply: FastifyReply): Promise<void> {
    const outcome = await this.approvals.approve(token);
    const now = Date.now();
    if (outcome.kind === 'refused') sendPage(reply, refusalPage(outcome.refusal, now));
    else sendPage(reply, approvedPage(outcome.script, outcome.recipient, now));
  }
}

const sendPage = (reply: FastifyReply, { status = HttpStatus.OK, headers, html }: HtmlPage & { readonly status?: number }): void => {
  void reply.code(status).headers(headers).type('text/html; charset=utf-8').send(html);
};
