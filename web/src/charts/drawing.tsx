/**
 * A chart on a canvas, in the colours of the page. Canvas, as the other renderer writes style attributes, which the
 * content security policy forbids; without animation, so that print and screenshots have the whole.
 */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type ReactNode, useEffect, useRef } from 'react';

use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Values of the style sheet's variables at the moment. */
export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly edge: string;
  readonly panel: string;
  readonly tint: string;
  readonly raised: string;
  readonly accent: string;
  readonly critical: string;
  readonly medium: string;
  readonly good: string;
  readonly font: string;
}

interface DrawingProps {
  /** Made anew when the theme changes. */
  readonly option: (ink: Ink) => EChartsCoreOption;
  /** What it shows, in a sentence: for those who do not see it. */
  readonly label: string;
  /** Utility class of its height. */
  readonly className?: string;
}

export function Drawing({ option, label, className = 'h-[15rem]' }: DrawingProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (element.current === null) return;
    const chart = init(element.current);
    const draw = () => chart.setOption({ animation: false, ...option(inkOfPage()) }, true);
    draw();
    const size = new ResizeObserver(() => chart.resize());
    size.observe(element.current);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    window.addEventListener('themechange', draw);
    return () => {
      size.disconnect();
      dark.removeEventListener('change', draw);
      window.removeEventListener('themechange', draw);
      chart.dispose();
    };
  }, [option]);
  return <div ref={element} role="img" aria-label={label} className={`${className} w-full`} />;
}

/** The colours as they are in the theme of now, which only an element that has them tells. */
function inkOfPage(): Ink {
  const probe = document.body.appendChild(document.createElement('span'));
  const style = getComputedStyle(probe);
  const value = (name: string) => {
    probe.style.color = `var(--${name})`;
    return style.color;
  };
  const ink = {
    ink: value('ink'),
    soft: value('soft'),
    line: value('line'),
    edge: value('edge'),
    panel: value('panel'),
    tint: value('tint'),
    raised: value('raised'),
    accent: value('accent'),
    critical: value('critical'),
    medium: value('medium'),
    good: value('good'),
    font: style.fontFamily,
  };
  probe.remove();
  return ink;
}
