/** net/core/net_namespace.c: there is one namespace, so registering a subsystem runs its init at once. */
import { current, type Host } from '../../include/ports';
import { net, type pernet_operations } from '../../include/net/net_namespace';

/** init_net of a host. */
export function net_namespace_globals(host: Host): void { host.init_net = new net(); }

export function register_pernet_subsys(ops: pernet_operations): number {
  let error = 0;
  if (ops.init)
    error = ops.init(current.host.init_net);
  return error;
}
export function register_pernet_device(ops: pernet_operations): number {
  let error = 0;
  if (ops.init)
    error = ops.init(current.host.init_net);
  return error;
}
