/** A process of its own, `print.ts FOLDER`: prints the applications of a folder in JSON, without their samples. */
import { readApplications } from './application.ts';

try {
  const applications = readApplications(process.argv[2]!).map(({ exploits, ...rest }) => ({
    ...rest,
    exploits: exploits.map((one) => ({ ...one, samples: [] })),
  }));
  process.stdout.write(JSON.stringify(applications));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
