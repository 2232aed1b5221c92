import { memoryInAMap } from '../../support/memory.ts';
import { describeMemory } from './memory.contract.ts';

describeMemory('the memory in a map', async () => memoryInAMap());
