/** Lines over time, each with its own colour, dash and mark, in the colours of the page. */
import type { Ink } from './drawing.tsx';

/** More lines are not told apart; the table beside the chart has them all. */
export const mostLines = 4;
const symbols = ['circle', 'rect', 'triangle', 'diamond'];
const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];

interface Lines {
  /** What is counted, on the axis. */
  readonly unit: string;
  /** Of the axis of time, as ECharts writes it. */
  readonly timeFormat: string;
  readonly lines: readonly {
    /** Printable. */
    readonly name: string;
    /** Time in RFC 3339, and count. */
    readonly points: readonly (readonly [at: string, count: number])[];
  }[];
}

export function linesOf(ink: Ink, { unit, timeFormat, lines }: Lines) {
  const shown = lines.slice(0, mostLines);
  const colours = [ink.accent, ink.critical, ink.medium, ink.good];
  const text = { color: ink.soft, fontFamily: ink.font, fontSize: 12 };
  const isDense = shown.some(({ points }) => points.length > 60);
  return {
    textStyle: text,
    grid: {
      left: 0,
      right: 16,
      top: 52,
      bottom: 0,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 30,
      textStyle: text,
      data: shown.map(({ name }) => name),
    },
    tooltip: {
      trigger: 'axis',
      // Drawn on the canvas: markup would carry style attributes, and text of others.
      renderMode: 'richText',
      backgroundColor: ink.raised,
      borderColor: ink.line,
      textStyle: { ...text, color: ink.ink },
    },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { ...text, hideOverlap: true, formatter: timeFormat },
    },
    yAxis: {
      type: 'value',
      name: unit,
      nameTextStyle: { ...text, align: 'left' },
      minInterval: 1,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: text,
    },
    series: shown.map(({ name, points }, index) => ({
      type: 'line',
      name,
      symbol: symbols[index],
      symbolSize: isDense ? 3 : 7,
      color: colours[index],
      lineStyle: { type: dashes[index], width: 1.75 },
      data: points,
    })),
  };
}
