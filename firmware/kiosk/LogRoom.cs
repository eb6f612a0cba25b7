namespace Quartier.Kiosk
{
    /// <summary>How the file system's partition is divided: a part for everything else, the rest into segments of the log, and what a
    /// catalogue may be so that the one on show and the next one fit beside each other. Sizes are those of littlefs: blocks of 4 kB,
    /// of which all but a file's first begin with pointers back.</summary>
    public static class LogRoom
    {
        /// <summary>The index of so many entries still lies in one block, so that a switch erases one.</summary>
        public const int EntriesMax = 500;

        /// <summary>Records that lie beside those of two catalogues: of one that was given up.</summary>
        public const int RecordsBeside = 64;

        private const int BlockBytes = 4096;
        /// <summary>Folder 8 (what is short lies in it), index 2, settings and notice at their longest 8, identity 2, roots 2, the
        /// platform's roots 1, and beside all of them 2 for the file that is being written anew; 1 to spare.</summary>
        private const int OtherBlocks = 26;
        private const int LargeFrom = 1048576;
        /// <summary>Entries are seldom shorter; it bounds the memory that a small flash asks for.</summary>
        private const int EntryBytesLeast = 512;

        public static int BlocksPerSegment(int totalBytes)
        {
            return totalBytes < LargeFrom ? 4 : 16;
        }

        public static int SegmentBytes(int totalBytes)
        {
            return EndOfBlock(BlocksPerSegment(totalBytes));
        }

        /// <returns>0 where the partition is too small for a log.</returns>
        public static int Segments(int totalBytes)
        {
            int segments = ((totalBytes / BlockBytes) - OtherBlocks) / BlocksPerSegment(totalBytes);
            return segments < 0 ? 0 : segments;
        }

        /// <summary>Payload of one catalogue. One segment is being filled and one is kept to move records into; of the others 85 % may
        /// be in use, so that each one that is emptied yields room.</summary>
        public static int CatalogueBytes(int totalBytes, int segments)
        {
            int bytes = PayloadAndHeads(totalBytes, segments);
            return bytes - (CatalogueEntries(totalBytes, segments) * FlashLog.FrameBytes);
        }

        public static int CatalogueEntries(int totalBytes, int segments)
        {
            int entries = PayloadAndHeads(totalBytes, segments) / EntryBytesLeast;
            return entries < EntriesMax ? entries : EntriesMax;
        }

        /// <summary>The length at which a file fills so many blocks.</summary>
        public static int EndOfBlock(int blocks)
        {
            int bytes = 0;
            for (int i = 0; i < blocks; i++)
            {
                bytes += BlockBytes;
                for (int bit = i; bit > 0 && bit % 2 == 0; bit /= 2)
                {
                    bytes -= 4;
                }

                bytes -= i > 0 ? 4 : 0;
            }

            return bytes;
        }

        /// <summary>The next end of a block after a length: what is added up to there leaves no block to be written again.</summary>
        public static int NextEnd(int length)
        {
            int blocks = 1;
            while (EndOfBlock(blocks) <= length)
            {
                blocks++;
            }

            return EndOfBlock(blocks);
        }

        private static int PayloadAndHeads(int totalBytes, int segments)
        {
            return segments < 3 ? 0 : (segments - 2) * (SegmentBytes(totalBytes) / 40) * 17;
        }
    }
}
