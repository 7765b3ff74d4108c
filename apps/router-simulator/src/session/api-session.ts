import type { Socket } from 'node:net';
import type { Breakdown, Caller, CallerSession } from '../menus/menu-call.js';
import { policySet } from '../menus/policies.js';
import { RouterOsError, trapCategory } from '../menus/routeros-error.js';
import { encodeSentence, MalformedSentence, SentenceReader, type Words } from '../protocol/sentence.js';
import { Job, JobKilled } from '../router/job-table.js';
import type { SimulatedRouter } from '../router/simulated-router.js';
import { ExitSignal, ScriptError } from '../script/script-error.js';
import { readCommand, rowWords, toMenuCall, type ApiCommand } from './api-command.js';
import { breakDown } from './breakdown.js';
import { Login } from './login.js';
import { SessionOutput } from './session-output.js';

const beforeLogin = { words: 10, bytes: 1_024 };
const halfwayMillis = 5;
const afterLogin = { words: 10_000, bytes: 4_000_000 };

/** One connection of the API. */
export class ApiSession implements CallerSession {
  private readonly reader = new SentenceReader(() => (this.user === null ? beforeLogin : afterLogin));
  private readonly output: SessionOutput;
  private readonly login: Login;
  private readonly running = new Map<string, Job>();
  private user: string | null = null;
  private job: Job | null = null;
  private broken = false;
  private untagged = 0;

  constructor(
    private readonly socket: Socket,
    private readonly router: SimulatedRouter,
  ) {
    this.output = new SessionOutput(socket, () => router.conditions);
    this.login = new Login(router);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('end', () => {
      if (!this.broken) socket.end();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.end('session closed'));
  }

  breakDown(how: Breakdown): void {
    if (this.broken) return;
    this.broken = true;
    this.end(how);
    this.output.stop();
    breakDown(this.socket, how);
  }

  send(words: Words): Promise<void> {
    return this.output.send(words);
  }

  private end(reason: string): void {
    if (!this.job) return;
    this.job.kill(reason);
    this.router.jobs.end(this.job);
  }

  private receive(chunk: Buffer): void {
    if (this.broken) return;
    try {
      for (const words of this.reader.push(chunk)) this.obey(words);
    } catch (error) {
      if (!(error instanceof MalformedSentence)) throw error;
      this.fatal(this.user === null ? 'too many commands before login' : error.message);
    }
  }

  private fatal(text: string): void {
    void this.output.send(['!fatal', text]).then(() => this.socket.end());
    this.broken = true;
    this.end(text);
  }

  private obey(words: Words): void {
    if (this.broken) return;
    const command = readCommand(words);
    switch (command.path) {
      case '/login':
        return void this.logIn(command);
      case '/quit':
        return this.fatal('session terminated on request');
      case '/cancel':
        return void this.cancel(command);
      default:
        if (this.user === null) return this.fatal('not logged in');
        void this.run(command, this.user);
    }
  }

  private async logIn(command: ApiCommand): Promise<void> {
    const answer = this.login.attempt(command.attributes);
    if (answer.kind === 'welcome') {
      this.end('logged in again');
      this.user = answer.user;
      this.job = this.router.jobs.start({ type: 'api-login', owner: answer.user, script: null, parent: null });
      this.router.log.write('system,info,account', `user ${answer.user} logged in from 127.0.0.1 via api`);
    }
    if (answer.kind === 'refused') await this.reply(command, ['!trap', `=message=${answer.message}`]);
    await this.reply(command, answer.kind === 'challenge' ? ['!done', `=ret=${answer.challenge}`] : ['!done']);
  }

  /** Without a tag it cancels everything. */
  private async cancel(command: ApiCommand): Promise<void> {
    const tag = command.attributes.get('tag');
    for (const [key, job] of this.running) if (tag === undefined || key === tag) job.kill('interrupted');
    await this.reply(command, ['!done']);
  }

  private async run(command: ApiCommand, user: string): Promise<void> {
    const parent = this.router.conditions.commandsOutliveSession ? null : this.job;
    const job = new Job('', { type: 'command', owner: user, script: null, parent }, this.router.clock());
    const caller: Caller = { user, policies: this.policies(user), origin: 'api', session: this, job };
    const key = command.tag ?? ` ${++this.untagged}`;
    this.running.set(key, job);
    try {
      const sentences = await this.answer(command, caller);
      await this.deliver(command, caller, sentences);
    } catch (error) {
      if (!(error instanceof JobKilled)) throw error;
      // Nobody is there any more; or the command alone was cancelled, or its job removed.
      if (this.broken || this.job?.killed !== null) return;
      await this.reply(command, ['!trap', '=category=2', '=message=interrupted'], ['!done']);
    } finally {
      this.running.delete(key);
    }
  }

  private async answer(command: ApiCommand, caller: Caller): Promise<Words[]> {
    try {
      const call = toMenuCall(command, this.router.tree, caller);
      const { rows, ret } = await this.router.execute(command.path, call);
      const sentences: Words[] = (rows ?? []).map((row) => ['!re', ...rowWords(row, call.args.get('.proplist'))]);
      if (rows?.length === 0 && this.router.version.emptyReply) sentences.push(['!empty']);
      return [...sentences, ret === undefined ? ['!done'] : ['!done', `=ret=${ret}`]];
    } catch (error) {
      if (error instanceof ExitSignal) return [['!done']];
      const refusal = error instanceof ScriptError ? new RouterOsError(error.message, trapCategory.scripting) : error;
      if (!(refusal instanceof RouterOsError)) throw refusal;
      const words = refusal.category === null ? [] : [`=category=${refusal.category}`];
      const further = refusal.more.map((message) => ['!trap', `=message=${message}`]);
      return [['!trap', ...words, `=message=${refusal.message}`], ...further, ['!done']];
    }
  }

  private async deliver(command: ApiCommand, caller: Caller, sentences: readonly Words[]): Promise<void> {
    if (this.broken) return;
    const words = [...command.attributes].map(([name, value]) => `${name}=${value}`);
    const fault = this.router.faults.at({ point: 'command', path: command.path, words, origin: 'api', when: 'during' });
    if (!fault) return this.reply(command, ...sentences);
    const bytes = Buffer.concat(sentences.map((sentence) => encodeSentence(tagged(command, sentence))));
    await this.output.sendBytes(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    // Lets the half arrive by itself: data and a reset in one go look like an orderly end to many clients.
    await caller.job.wait(halfwayMillis);
    try {
      await this.router.faults.suffer(fault, caller);
    } catch (error) {
      if (!(error instanceof RouterOsError)) throw error;
    }
  }

  private reply(command: ApiCommand, ...sentences: readonly Words[]): Promise<void> {
    return this.output.send(...sentences.map((sentence) => tagged(command, sentence)));
  }

  private policies(user: string): ReadonlySet<string> {
    const account = this.router.store.rows('/user').find((row) => row.fields['name'] === user);
    const group = this.router.store.rows('/user/group').find((row) => row.fields['name'] === account?.fields['group']);
    return policySet(group?.fields['policy']);
  }
}

/** The tag comes right after the reply word. */
const tagged = (command: ApiCommand, [word = '', ...rest]: Words): Words =>
  command.tag === null ? [word, ...rest] : [word, `.tag=${command.tag}`, ...rest];
