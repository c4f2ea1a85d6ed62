/** include/uapi/linux/route.h: flags of struct rtentry. */
export const RTF_UP = 1;
export const RTF_GATEWAY = 2;
export const RTF_HOST = 4;
export const RTF_REINSTATE = 8;
export const RTF_DYNAMIC = 16;
export const RTF_MODIFIED = 32;
export const RTF_MTU = 64;
export const RTF_MSS = 64;
export const RTF_WINDOW = 128;
export const RTF_IRTT = 256;
export const RTF_REJECT = 512;

/** struct rtentry: addresses as numbers, the device by name (DEVIATION: sockaddrs and a user pointer there). */
export class rtentry { rt_dst = 0; rt_gateway = 0; rt_genmask = 0; rt_flags = 0; rt_metric = 0; rt_dev = ''; rt_mtu = 0; rt_window = 0; rt_irtt = 0; }
