/** How the first sensor comes in. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../parts/notice.tsx';
import { Copyable } from '../../parts/quoted.tsx';
import { useMay } from '../../queries.ts';

export function NoSensor(): ReactNode {
  const mayInvite = useMay('admin');
  return (
    <Empty title="No sensor has reported yet">
      <p>A sensor runs decoys: services that look worth attacking, and record whoever tries.</p>
      <p className="mt-2">On this machine, on loopback, to see what it is like:</p>
      <p className="mt-0.5">
        <Copyable text="waterguard honeypot" />
      </p>
      <p className="mt-2">
        On another machine:{' '}
        {mayInvite ? (
          <>
            <Link to="/honeypots/sensors" className="link">
              invite a sensor
            </Link>
            , put the secret that you get into a file there, and start
          </>
        ) : (
          'an admin invites a sensor, puts the secret that comes of it into a file there, and starts'
        )}
      </p>
      <p className="mt-0.5">
        <Copyable
          text={`waterguard honeypot --decoy docker=0.0.0.0:2375 --server ${location.origin} --token-file FILE`}
        />
      </p>
    </Empty>
  );
}
