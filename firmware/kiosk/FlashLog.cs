using System;
using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Many small records in few large files. A file per record takes a whole block of flash each; here records follow each
    /// other in segments that are only ever added to, block by block, and deleted whole. Nothing is durable before
    /// <see cref="Flush"/>; a record that a cut has torn ends its segment.
    /// <code>
    /// 0..7 digest | 8..9 length | 10..11 low half of the CRC-32 of these ten | payload | CRC-32 of the payload; numbers big-endian
    /// </code></summary>
    public sealed class FlashLog
    {
        public const int FrameBytes = HeadBytes + CrcBytes;
        public const int RecordBytesMax = FrameBytes + ScreenFormat.PayloadBytesMax;

        private const int HeadBytes = 12;
        private const int HeadCheckedBytes = 10;
        private const int CrcBytes = 4;
        private const int OffsetEnd = 65536;
        private const int ScannedPerStep = 16;
        private const int Absent = SegmentFiles.Absent;
        private const int None = SegmentFiles.None;

        private readonly IFlash flash;
        private readonly SegmentFiles files;
        /// <summary>At most one block: flushed when the file reaches a block's end, so that no block is written twice on the way.</summary>
        private readonly byte[] pending = new byte[4096];
        private readonly byte[] head = new byte[HeadBytes];
        private readonly byte[] payload;
        private int pendingBytes;
        private int active = None;
        private int scanned;
        private int scannedTo;
        private int compared;

        /// <param name="payload">Room for the longest payload and four bytes more; used during calls only.</param>
        public FlashLog(IFlash flash, byte[] payload)
        {
            this.flash = flash;
            this.payload = payload;
            files = new SegmentFiles(LogRoom.Segments(flash.TotalBytes));
            SegmentBytes = LogRoom.SegmentBytes(flash.TotalBytes);
            Records = new RecordTable((2 * LogRoom.CatalogueEntries(flash.TotalBytes, Segments)) + LogRoom.RecordsBeside);
            scanned = files.Names.Length;
        }

        public RecordTable Records { get; }

        /// <summary>How many the log may have; fewer once the flash was full before.</summary>
        public int Segments
        {
            get { return files.Max; }
        }

        public int SegmentBytes { get; }

        /// <summary>Segments that may still be made.</summary>
        public int Free
        {
            get { return files.Max - files.Existing; }
        }

        /// <summary>Room for records without a new segment.</summary>
        public int RoomLeft
        {
            get { return active == None ? 0 : SegmentBytes - files.Bytes[active] - pendingBytes; }
        }

        public static int SegmentOf(int place)
        {
            return place / OffsetEnd;
        }

        /// <returns>Whether it is there and not the one that is being filled.</returns>
        public bool MayEmpty(int segment)
        {
            return files.Bytes[segment] != Absent && segment != active;
        }

        /// <summary>Begins to read which records there are; the table already has the digests that matter most.</summary>
        public void BeginScan()
        {
            scanned = 0;
            scannedTo = Absent;
        }

        /// <returns>True when all segments are read.</returns>
        public bool ScanStep()
        {
            compared = 0;
            for (int i = 0; i + compared < ScannedPerStep && scanned < files.Names.Length; i++)
            {
                if (scannedTo == Absent)
                {
                    EnterSegment();
                }
                else if (scannedTo == files.Bytes[scanned] || !ScanBlock())
                {
                    LeaveSegment();
                }
            }

            if (scanned < files.Names.Length)
            {
                return false;
            }

            active = active == None ? files.EmptiestOpen(SegmentBytes, None) : active;
            return true;
        }

        /// <summary>Takes a record and marks it as wanted; one that is there already costs nothing.</summary>
        /// <returns>Full when there is no room for it before a segment is emptied.</returns>
        public FlashStatus Append(byte[] digest, byte[] payload, int length)
        {
            int record = Records.Add(digest, 0);
            if (record < 0)
            {
                Records.Sweep();
                record = Records.Add(digest, 0);
            }

            if (record < 0)
            {
                return FlashStatus.Full;
            }

            Records.Mark(record, RecordTable.Wanted);
            if (Records.PlaceOf(record) != RecordTable.Nowhere)
            {
                return FlashStatus.Ok;
            }

            int place;
            FlashStatus status = Write(record, payload, length, 1, out place);
            if (status == FlashStatus.Ok)
            {
                Records.SetPlace(record, place, length);
            }

            return status;
        }

        /// <summary>Writes a record a second time; it may use the last free segment. The table keeps the first.</summary>
        public FlashStatus Copy(int record, byte[] payload, out int place)
        {
            return Write(record, payload, Records.LengthOf(record), 0, out place);
        }

        /// <summary>Makes durable what was taken.</summary>
        public FlashStatus Flush()
        {
            if (pendingBytes == 0)
            {
                return FlashStatus.Ok;
            }

            FlashStatus status = flash.Append(files.Names[active], pending, pendingBytes);
            if (status == FlashStatus.Ok)
            {
                files.Bytes[active] += pendingBytes;
                pendingBytes = 0;
                return status;
            }

            Abandon(status == FlashStatus.Full);
            return status;
        }

        /// <summary>Reads a record's payload to the buffer's beginning.</summary>
        /// <param name="into">Room for the longest payload and four bytes more.</param>
        public bool TryRead(int record, byte[] into)
        {
            int place = Records.PlaceOf(record);
            int length = Records.LengthOf(record);
            return place != RecordTable.Nowhere
                && flash.ReadAt(files.Names[SegmentOf(place)], (place % OffsetEnd) + HeadBytes, into, length + CrcBytes) == FlashStatus.Ok
                && Bytes.Read(into, length, CrcBytes) == Crc32.Of(into, 0, length);
        }

        /// <summary>Deletes a segment; what the table still says of it lies nowhere then.</summary>
        public FlashStatus Delete(int segment)
        {
            FlashStatus status = flash.Delete(files.Names[segment]);
            if (status == FlashStatus.Ok || status == FlashStatus.NotFound)
            {
                files.Bytes[segment] = Absent;
                Lose(segment, 0);
            }

            return status;
        }

        /// <summary>The flash is smaller than it should be: two segments less than there are leave room for the index and the other files.</summary>
        public void Shrink()
        {
            files.Max = files.Existing - 2;
        }

        public void Grow()
        {
            files.Max = files.Names.Length;
        }

        /// <summary>Records of a segment that begin or end after a place in it lie nowhere.</summary>
        private void Lose(int segment, int durable)
        {
            for (int i = 0; i < Records.Count; i++)
            {
                int place = Records.PlaceOf(i);
                if (place != RecordTable.Nowhere && SegmentOf(place) == segment
                    && (place % OffsetEnd) + FrameBytes + Records.LengthOf(i) > durable)
                {
                    Records.SetPlace(i, RecordTable.Nowhere, 0);
                }
            }
        }

        private FlashStatus Write(int record, byte[] payload, int length, int spared, out int place)
        {
            place = RecordTable.Nowhere;
            FlashStatus status = MakeRoom(FrameBytes + length, spared);
            if (status != FlashStatus.Ok)
            {
                return status;
            }

            int begin = (active * OffsetEnd) + files.Bytes[active] + pendingBytes;
            Array.Copy(Records.Digests, record * DigestList.DigestBytes, head, 0, DigestList.DigestBytes);
            Bytes.Write(head, DigestList.DigestBytes, 2, length);
            Bytes.Write(head, HeadCheckedBytes, 2, Crc32.Of(head, 0, HeadCheckedBytes) % OffsetEnd);
            status = Take(head, HeadBytes);
            status = status == FlashStatus.Ok ? Take(payload, length) : status;
            Bytes.Write(head, 0, CrcBytes, Crc32.Of(payload, 0, length));
            status = status == FlashStatus.Ok ? Take(head, CrcBytes) : status;
            place = status == FlashStatus.Ok ? begin : RecordTable.Nowhere;
            return status;
        }

        private FlashStatus Take(byte[] from, int count)
        {
            int at = 0;
            while (at < count)
            {
                int length = files.Bytes[active] + pendingBytes;
                int toEnd = LogRoom.NextEnd(length) - length;
                int part = count - at < toEnd ? count - at : toEnd;
                Array.Copy(from, at, pending, pendingBytes, part);
                pendingBytes += part;
                at += part;
                FlashStatus status = part == toEnd ? Flush() : FlashStatus.Ok;
                if (status != FlashStatus.Ok)
                {
                    return status;
                }
            }

            return FlashStatus.Ok;
        }

        private FlashStatus MakeRoom(int size, int spared)
        {
            if (size <= RoomLeft)
            {
                return FlashStatus.Ok;
            }

            int next = files.EmptiestOpen(SegmentBytes - size, active);
            next = next == None && Free > spared ? files.FirstAbsent() : next;
            if (next == None)
            {
                return FlashStatus.Full;
            }

            FlashStatus status = Flush();
            if (status != FlashStatus.Ok)
            {
                return status;
            }

            if (active != None)
            {
                // What is left in it is less than a record; one small enough for it would cost a block written twice.
                files.Closed[active] = true;
            }

            active = next;
            files.Bytes[next] = files.Bytes[next] == Absent ? 0 : files.Bytes[next];
            return FlashStatus.Ok;
        }

        /// <summary>The flash did not take it: what was not durable is lost, and the file may have any part of it at its end.</summary>
        private void Abandon(bool full)
        {
            int segment = active;
            active = None;
            pendingBytes = 0;
            files.Closed[segment] = true;
            Lose(segment, files.Bytes[segment]);
            if (files.Bytes[segment] == 0)
            {
                Delete(segment);
                files.Closed[segment] = files.Bytes[segment] != Absent;
            }

            if (full)
            {
                Shrink();
            }
        }

        private void EnterSegment()
        {
            int size;
            FlashStatus status = flash.Size(files.Names[scanned], out size);
            bool readable = status == FlashStatus.Ok && size < OffsetEnd;
            files.Bytes[scanned] = readable ? size : status == FlashStatus.NotFound ? Absent : 0;
            files.Closed[scanned] = !readable;
            scannedTo = 0;
            if (!readable)
            {
                scanned++;
                scannedTo = Absent;
            }
        }

        private void LeaveSegment()
        {
            files.Closed[scanned] = scannedTo != files.Bytes[scanned];
            scanned++;
            scannedTo = Absent;
        }

        /// <returns>False when the rest of the segment is not made of records.</returns>
        private bool ScanBlock()
        {
            int left = files.Bytes[scanned] - scannedTo;
            int size = left < pending.Length ? left : pending.Length;
            if (left < FrameBytes || flash.ReadAt(files.Names[scanned], scannedTo, pending, size) != FlashStatus.Ok)
            {
                return false;
            }

            int at = 0;
            while (at + HeadBytes <= size)
            {
                int length = (int)Bytes.Read(pending, at + DigestList.DigestBytes, 2);
                if (length > ScreenFormat.PayloadBytesMax || at + FrameBytes + length > left
                    || Bytes.Read(pending, at + HeadCheckedBytes, 2) != Crc32.Of(pending, at, HeadCheckedBytes) % OffsetEnd)
                {
                    scannedTo += at;
                    return false;
                }

                Note(pending, at, (scanned * OffsetEnd) + scannedTo + at, length);
                at += FrameBytes + length;
            }

            scannedTo += at;
            return true;
        }

        private void Note(byte[] from, int offset, int place, int length)
        {
            int record = Records.Add(from, offset);
            if (record < 0)
            {
                return;
            }

            // There twice: a copy whose segment was to be deleted, or one that was fetched again because the other is rotten.
            bool twice = Records.PlaceOf(record) != RecordTable.Nowhere;
            compared += twice ? 1 : 0;
            if (!twice || !TryRead(record, payload))
            {
                Records.SetPlace(record, place, length);
            }
        }
    }
}
