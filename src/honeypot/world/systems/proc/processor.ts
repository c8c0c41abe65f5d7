/** /proc/cpuinfo of the processors that personas have, as Linux 6.1 writes it on an instance of EC2. */
import type { Persona } from '../../../persona/persona.ts';

/** Debian 12 on m5 and c5; the same features on both models. */
const intelFlags =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ss ht syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology nonstop_tsc cpuid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch invpcid_single pti fsgsbase tsc_adjust bmi1 avx2 smep bmi2 erms invpcid mpx avx512f avx512dq rdseed adx smap clflushopt clwb avx512cd avx512bw avx512vl xsaveopt xsavec xgetbv1 xsaves ida arat pku ospke';
const intelBugs =
  'cpu_meltdown spectre_v1 spectre_v2 spec_store_bypass l1tf mds swapgs itlb_multihit mmio_stale_data retbleed gds bhi';
const amdFlags =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl nonstop_tsc cpuid extd_apicid aperfmperf tsc_known_freq pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm cmp_legacy cr8_legacy abm sse4a misalignsse 3dnowprefetch topoext ssbd vmmcall fsgsbase bmi1 avx2 smep bmi2 rdseed adx smap clflushopt clwb sha_ni xsaveopt xsavec xgetbv1 clzero xsaveerptr rdpru wbnoinvd arat npt nrip_save rdpid';
const amdBugs =
  'sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass retbleed smt_rsb srso ibpb_no_ret';

export function flagsOf(persona: Persona): string {
  return persona.machine.processor.vendor === 'GenuineIntel' ? intelFlags : amdFlags;
}

export function cpuInfo(persona: Persona): string {
  const { cores, processor } = persona.machine;
  const isIntel = processor.vendor === 'GenuineIntel';
  const microcode = isIntel ? (processor.stepping === 7 ? '0x5003707' : '0x2007006') : '0x830107f';
  const bogomips = (Math.floor(processor.mhz * 200) / 100).toFixed(2);
  let text = '';
  for (let index = 0; index < cores; index++) {
    // A core's two threads are numbered half of all apart.
    const core = index % (cores / 2);
    const apic = core * 2 + (index < cores / 2 ? 0 : 1);
    const lines: [string, string | number][] = [
      ['processor\t', index],
      ['vendor_id\t', processor.vendor],
      ['cpu family\t', processor.family],
      ['model\t\t', processor.model],
      ['model name\t', processor.name],
      ['stepping\t', processor.stepping],
      ['microcode\t', microcode],
      ['cpu MHz\t\t', processor.mhz.toFixed(3)],
      ['cache size\t', `${processor.cacheKiB} KB`],
      ['physical id\t', 0],
      ['siblings\t', cores],
      ['core id\t\t', core],
      ['cpu cores\t', cores / 2],
      ['apicid\t\t', apic],
      ['initial apicid\t', apic],
      ['fpu\t\t', 'yes'],
      ['fpu_exception\t', 'yes'],
      ['cpuid level\t', 13],
      ['wp\t\t', 'yes'],
      ['flags\t\t', flagsOf(persona)],
      ['bugs\t\t', isIntel ? intelBugs : amdBugs],
      ['bogomips\t', bogomips],
      ...(isIntel ? [] : ([['TLB size\t', '3072 4K pages']] as [string, string][])),
      ['clflush size\t', 64],
      ['cache_alignment\t', 64],
      [
        'address sizes\t',
        isIntel ? '46 bits physical, 48 bits virtual' : '48 bits physical, 48 bits virtual',
      ],
    ];
    text += `${lines.map(([name, value]) => `${name}: ${value}\n`).join('')}power management:\n\n`;
  }
  return text;
}
