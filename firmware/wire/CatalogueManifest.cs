namespace Quartier.Wire
{
    /// <summary>manifest: which entries the catalogue holds, as a change against what the screen said it shows.
    /// The catalogue after it is base − drop + add; with an empty base it is add alone.</summary>
    public sealed class CatalogueManifest
    {
        /// <summary>Add and drop of one part together.</summary>
        public const int DigestsMax = 200;
        public const int EntriesMax = 4096;
        public const int PartsMax = 64;

        /// <summary>Digest of the catalogue that results when all parts are applied.</summary>
        public byte[] Digest = Empty.Bytes;
        /// <summary>Digest of the catalogue that the change starts from; empty for a complete list.</summary>
        public byte[] Base = Empty.Bytes;
        /// <summary>Entries of the resulting catalogue.</summary>
        public int EntryCount;
        /// <summary>When the gateway issued it.</summary>
        public long IssuedUnixSeconds;
        /// <summary>1..<see cref="Parts"/>.</summary>
        public int Part = 1;
        public int Parts = 1;
        public DigestList Add = new DigestList(0);
        public DigestList Drop = new DigestList(0);

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (Add == null || Drop == null || Add.Count + Drop.Count > DigestsMax)
            {
                return -1;
            }

            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 9);
            ScreenFormat.WriteDigest(writer, 1, false, Digest);
            ScreenFormat.WriteDigest(writer, 2, true, Base);
            ScreenFormat.WriteField(writer, 3, EntryCount, 0, EntriesMax);
            ScreenFormat.WriteField(writer, 4, IssuedUnixSeconds, 0, ScreenFormat.SecondsMax);
            ScreenFormat.WriteField(writer, 5, Part, 1, Parts);
            ScreenFormat.WriteField(writer, 6, Parts, 1, PartsMax);
            writer.WriteInt(7);
            Add.Write(writer);
            writer.WriteInt(8);
            Drop.Write(writer);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out CatalogueManifest manifest)
        {
            CborReader reader = new CborReader(buffer, length);
            CatalogueManifest read = new CatalogueManifest();
            bool ok = ScreenFormat.TryBegin(reader, length, 9)
                && ScreenFormat.TryDigest(reader, 1, false, out read.Digest)
                && ScreenFormat.TryDigest(reader, 2, true, out read.Base)
                && ScreenFormat.TryField(reader, 3, 0, EntriesMax, out read.EntryCount)
                && ScreenFormat.TryField(reader, 4, 0, ScreenFormat.SecondsMax, out read.IssuedUnixSeconds)
                && ScreenFormat.TryField(reader, 5, 1, PartsMax, out read.Part)
                && ScreenFormat.TryField(reader, 6, read.Part, PartsMax, out read.Parts)
                && reader.TryReadKey(7)
                && DigestList.TryRead(reader, buffer, DigestsMax, out read.Add)
                && reader.TryReadKey(8)
                && DigestList.TryRead(reader, buffer, DigestsMax - read.Add.Count, out read.Drop)
                && reader.AtEnd;
            manifest = ok ? read : null;
            return ok;
        }
    }
}
