/** include/linux/device.h: as much of the driver model as network drivers touch. */
export class device {
  parent: device = null;
  init_name = '';
  /** What container_of() gives: the pci_dev or the net_device around it. */
  owner: unknown = null;
  driver_data: unknown = null;
}
export function dev_name(dev: device): string { return dev.init_name; }
export function dev_set_drvdata(dev: device, data: unknown): void { dev.driver_data = data; }
export function dev_get_drvdata(dev: device): any { return dev.driver_data; }
