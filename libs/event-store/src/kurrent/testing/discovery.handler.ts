import { randomUUID } from 'node:crypto';
import type { Edition } from './edition.js';
import type { GrpcCall } from './grpc-call.js';
import { features, gossip, paths, writeUuid } from './protocol.js';

/** What a client may ask of this server. */
export const featuresHandler =
  ({ serverVersion }: Edition) =>
  async (call: GrpcCall): Promise<void> => {
    const methods = Object.values(paths).map((path) => {
      const [, service = '', method = ''] = path.toLowerCase().split('/');
      return new features.SupportedMethod().setServiceName(service).setMethodName(method);
    });
    const answer = new features.SupportedMethods().setEventStoreServerVersion(serverVersion).setMethodsList(methods);
    await call.send(answer.serializeBinary());
  };

/** A cluster of one, its leader. */
export const gossipHandler = (port: () => number) => {
  const instance = randomUUID();
  return async (call: GrpcCall): Promise<void> => {
    const { MemberInfo, ClusterInfo, EndPoint } = gossip;
    const member = new MemberInfo()
      .setInstanceId(writeUuid(instance, true))
      .setTimeStamp(String(BigInt(Date.now()) * 10_000n))
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(port()));
    await call.send(new ClusterInfo().setMembersList([member]).serializeBinary());
  };
};
