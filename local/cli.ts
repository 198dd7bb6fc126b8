import { main } from './commands/main';

void main(process.argv.slice(2));
