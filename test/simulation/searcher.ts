import { searchSlice, type Slice } from './search';

/** One of the processes of a search: runs the slices that it is sent, until there are none. */
process.on('message', (slice: Slice) => {
  void searchSlice(slice).then((found) => process.send!(found));
});
