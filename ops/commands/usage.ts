export const USAGE = `Looks after a deployed voting pipeline, with your own credentials.

  npx trinity-ops status                 depth and age of the queues, how far counting is behind, alarms that ring
  npx trinity-ops dlq list               the dead letters by reason; they stay where they are
  npx trinity-ops dlq redrive            make good what they stand for
      --queue overflow                   ballots that could not be written go back to the overflow queue
      --queue count                      the polls of ballots that could not be counted are recounted and mended
  npx trinity-ops dlq drop               give dead letters up, written down before they are deleted
  npx trinity-ops recount                hold a poll's tallies against its ballots; safe while votes arrive
  npx trinity-ops warm                   raise what the tables take at once, before an event; charged once, cannot be undone
  npx trinity-ops restore                copy the items of a restored table into the running one, and recount its polls

  --stack <name>                     the deployed stack (always needed)
  --pipeline <name>                  which one, where the stack has several
  --queue count|overflow             whose dead letters
  --max <number>                     at most so many messages
  --id <message id>                  only this message; may be given several times (redrive, drop)
  --reveal                           show who voted what (list), counts by option of each lane (recount); asks first, as ballots are secret
  --poll <room>/<poll>               the poll to recount; with redrive, the polls of batches that the stream has forgotten
  --room <room>                      its room; looked for in the whole table where it is not given
  --all-recent                       with redrive: for such batches, every poll that can have been concerned
  --mend                             make tallies that differ equal to the ballots (recount)
  --from <table>                     the restored table (restore)
  --service rooms|voting             whose table that is (restore); rooms first
  --dry-run                          only look at what would be copied (restore)
  --segments <number>                how many parts of the table are read at once (restore; 4 by default)
  --votes-per-second <number>        the peak to be ready for (warm)
  --reason <text>                    why messages are dropped (drop)
  --record <file>                    the file of lines of JSON that keeps dropped messages (drop), or how far a restore has come
  --yes                              do not ask
  --json                             the answer as JSON

  --profile <name>                   as for the AWS CLI
  --region <name>                    as for the AWS CLI
  --local                            the local cloud of the app in this folder, or AWS_ENDPOINT_URL
  --directory <folder>               the folder of the app, instead of this one (--local)

Exit status: 0 if all is well or done, 1 if something is left to do or failed. 130, 143 or 129 if it was stopped by Ctrl-C, SIGTERM or
SIGHUP: messages that it holds are given back then.`;
