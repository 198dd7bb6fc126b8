import { StagePreset, type StagePresetProps } from '../../src/stage';
import { table } from './markdown';

type Property = keyof StagePresetProps;

/** What a property is called in the table, and how its value is written. */
const ROWS: Record<Property, { name: string; show: (stage: StagePreset) => string }> = {
  removalPolicy: { name: 'Tables and user pools that leave the template', show: ({ removalPolicy }) => (removalPolicy === 'destroy' ? 'are deleted' : 'are retained') },
  deletionProtection: { name: 'AWS refuses to delete tables and user pools', show: ({ deletionProtection }) => yes(deletionProtection) },
  logRetention: { name: 'Logs are kept', show: ({ logRetention }) => `${logRetention} days` },
  throttleRate: { name: 'Requests a second that the API lets through', show: ({ throttleRate }) => whole(throttleRate) },
  throttleBurst: { name: 'Requests at once, above the rate', show: ({ throttleBurst }) => whole(throttleBurst) },
  pages: { name: 'Alarms of severity `page` page', show: ({ pages }) => (pages ? 'yes' : 'no, they become tickets') },
};

/** The presets side by side. */
export function stageTable(): string {
  const stages = [StagePreset.development(), StagePreset.staging(), StagePreset.production()];
  return table(
    ['', 'Property', ...stages.map(({ stageName }) => `\`${stageName}()\``)],
    (Object.keys(ROWS) as Property[]).map((property) => [ROWS[property].name, `\`${property}\``, ...stages.map(ROWS[property].show)]),
  );
}

const yes = (value: boolean) => (value ? 'yes' : 'no');
const whole = (value: number) => value.toLocaleString('en-US');
