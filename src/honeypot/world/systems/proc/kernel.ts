/** What the kernel was told when it was started. */
import type { Persona } from '../../../persona/persona.ts';

export function kernelCommandLine(persona: Persona): string {
  const root = persona.random('partition').uuid();
  return `BOOT_IMAGE=/boot/vmlinuz-${persona.kernel.release} root=PARTUUID=${root} ro console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 consoleblank=0`;
}
