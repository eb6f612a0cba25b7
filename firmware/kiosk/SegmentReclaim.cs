using Quartier.Board;

namespace Quartier.Kiosk
{
    /// <summary>Gives room back when the log is full: copies what is still named out of the segment that has least of it, some records
    /// a step, and deletes the segment when the copies are durable. A cut on the way leaves a record twice, which is as good as once.</summary>
    public sealed class SegmentReclaim
    {
        private const int CopiedPerStep = 4;
        /// <summary>Emptying a fuller one wears the flash more than it yields.</summary>
        private const int GarbageLeastPart = 8;
        private const int None = -1;

        private readonly FlashLog log;
        private readonly int[] live;
        private readonly byte[] payload;
        private readonly int[] copied = new int[CopiedPerStep];
        private readonly int[] places = new int[CopiedPerStep];
        private int victim = None;
        private bool exhausted;

        /// <param name="payload">Room for the longest payload and four bytes more; used during calls only.</param>
        public SegmentReclaim(FlashLog log, byte[] payload)
        {
            this.log = log;
            this.payload = payload;
            live = new int[log.Segments];
        }

        /// <summary>The next record may find no room, and there is something to be done about it.</summary>
        public bool IsDue
        {
            get { return victim != None || (!exhausted && (log.Free < 0 || (log.Free <= 1 && log.RoomLeft < FlashLog.RecordBytesMax))); }
        }

        /// <summary>Something is named no more: it may be worth while again.</summary>
        public void LookAgain()
        {
            exhausted = false;
        }

        /// <summary>At most four reads, ten additions and a deletion.</summary>
        public void Step()
        {
            if (victim == None)
            {
                Choose();
                return;
            }

            int count = 0;
            int record = 0;
            while (count < CopiedPerStep && record < log.Records.Count)
            {
                int place = log.Records.PlaceOf(record);
                if (place != RecordTable.Nowhere && FlashLog.SegmentOf(place) == victim && log.Records.IsMarked(record))
                {
                    if (!log.TryRead(record, payload))
                    {
                        log.Records.SetPlace(record, RecordTable.Nowhere, 0);
                    }
                    else if (log.Copy(record, payload, out places[count]) == FlashStatus.Ok)
                    {
                        copied[count] = record;
                        count++;
                    }
                    else
                    {
                        GiveUp();
                        return;
                    }
                }

                record++;
            }

            if (log.Flush() != FlashStatus.Ok)
            {
                GiveUp();
                return;
            }

            for (int i = 0; i < count; i++)
            {
                log.Records.SetPlace(copied[i], places[i], log.Records.LengthOf(copied[i]));
            }

            if (count < CopiedPerStep)
            {
                Empty(victim);
            }
        }

        private void Choose()
        {
            int least = None;
            Weigh();
            for (int i = 0; i < live.Length; i++)
            {
                if (log.MayEmpty(i) && (least == None || live[i] < live[least]))
                {
                    least = i;
                }
            }

            if (least == None || log.SegmentBytes - live[least] < log.SegmentBytes / GarbageLeastPart)
            {
                exhausted = true;
            }
            else if (live[least] == 0)
            {
                Empty(least);
            }
            else
            {
                victim = least;
            }
        }

        private void Weigh()
        {
            for (int i = 0; i < live.Length; i++)
            {
                live[i] = 0;
            }

            for (int i = 0; i < log.Records.Count; i++)
            {
                int place = log.Records.PlaceOf(i);
                if (place != RecordTable.Nowhere && log.Records.IsMarked(i))
                {
                    live[FlashLog.SegmentOf(place)] += FlashLog.FrameBytes + log.Records.LengthOf(i);
                }
            }
        }

        private void Empty(int segment)
        {
            victim = None;
            exhausted = log.Delete(segment) != FlashStatus.Ok;
        }

        private void GiveUp()
        {
            victim = None;
            exhausted = true;
        }
    }
}
