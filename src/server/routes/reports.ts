/** Reports of scans that were done elsewhere: in a pipeline, on a developer's machine. */
import { z } from 'zod';
import { uploadedReport } from '../../api/images.ts';
import { time } from '../../api/page.ts';
import { parseReference } from '../../image/reference.ts';
import { printable } from '../../model/printable.ts';
import { imageReport } from '../../model/report.ts';
import type { Verdict } from '../../model/terms.ts';
import { audit } from '../../store/access.ts';
import { addActivities } from '../../store/activity.ts';
import { nameImages } from '../../store/names.ts';
import { recordImages } from '../../store/record-images.ts';
import { storableName } from '../../store/storable.ts';
import { decideAgain } from '../../verdict/decide.ts';
import type { App, ServerContext } from '../context.ts';
import { Refusal } from '../problem.ts';

/** A report on an image of a million findings has none of that; the longest in tests has 4 MB. */
const largestReport = 32 * 1024 * 1024;

const delivered = imageReport.extend({
  startedAt: time,
  durationMs: z
    .number()
    .min(0)
    .max(2 ** 31 - 1),
});

export function reportRoutes(app: App, { db }: ServerContext): void {
  app.post(
    '/v1/reports',
    {
      bodyLimit: largestReport,
      config: { scope: 'ingest' },
      schema: {
        summary: 'Deliver the report of a scan; delivered twice it is there once',
        body: delivered,
        response: { 201: uploadedReport },
      },
    },
    async ({ body, actor }, reply) => {
      // What a report says of its findings it cannot say otherwise of its image.
      const report = decideAgain(body, body.findings);
      const { kind, digest, reference } = report.artifact;
      if (kind !== 'image' || !/^sha256:[0-9a-f]{64}$/.test(digest))
        throw new Refusal(
          422,
          'not-an-image',
          'Only reports on images are kept: they are known by their digest.',
        );
      const place = placeOf(reference);
      const own = await ownVerdict(db, place.repository, digest);
      if (own !== undefined) return reply.status(201).send(own);
      const image = await db.transaction().execute(async (tx) => {
        const { images, told } = await recordImages(tx, [
          {
            ...place,
            report,
            layers: [],
            insecure: false,
            host: null,
          },
        ]);
        const [image = 0] = images;
        await nameImages(tx, [{ image, name: place.reference }]);
        await audit(tx, actor, 'report.deliver', `image:${image}`, { digest, verdict: report.verdict });
        await addActivities(tx, told);
        return image;
      });
      return reply.status(201).send({ image, verdict: report.verdict });
    },
  );
}

/** What a worker of ours has scanned, nobody who delivers reports can make clean. */
async function ownVerdict(
  db: ServerContext['db'],
  repository: string,
  digest: string,
): Promise<{ readonly image: number; readonly verdict: Verdict } | undefined> {
  const row = await db
    .selectFrom('images')
    .select(['id', 'verdict'])
    .where('repository', '=', storableName(repository))
    .where('digest', '=', digest)
    .where((of) =>
      of.exists(
        of.selectFrom('hunt_images').select('ordinal').whereRef('hunt_images.image_id', '=', 'images.id'),
      ),
    )
    .executeTakeFirst();
  return row && { image: row.id, verdict: row.verdict as Verdict };
}

/** An image that only the sender can read keeps its name; asked for again, it cannot be found. */
function placeOf(reference: string): { reference: string; repository: string; target: string } {
  try {
    const { registry, repository, tag } = parseReference(reference);
    const name = `${registry}/${repository}`;
    return { reference: tag === undefined ? name : `${name}:${tag}`, repository: name, target: reference };
  } catch {
    const name = printable(reference, 400);
    return { reference: name, repository: name, target: reference };
  }
}
