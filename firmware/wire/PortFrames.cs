namespace Quartier.Wire
{
    public enum PortFrameKind
    {
        /// <summary>Nothing whole has arrived yet.</summary>
        None = 0,
        Improv = 1,
        /// <summary>An Improv packet whose checksum is wrong.</summary>
        ImprovDamaged = 2,
        Provision = 3,
        /// <summary>A frame of ours whose checksum is wrong or whose length is beyond the limit.</summary>
        ProvisionDamaged = 4,
    }

    /// <summary>Writes and finds the two kinds of frames on a service port: Improv's packets and our own, between any text.
    /// <code>
    /// Improv:    "IMPROV" 1 type length data(length) sum            sum: all bytes before, modulo 256
    /// Provision: "QUARTI" 1 type id(2) length(2) payload(length) crc(4)   CRC-32 from the version on, big-endian
    /// </code>
    /// One object a line; its buffer is made once. Used by the device and by the tool at the other end.</summary>
    public sealed class PortFrames
    {
        public const int PayloadBytesMax = 640;
        /// <summary>The longest frame with the line feed after it.</summary>
        public const int FrameBytesMax = ProvisionHeader + PayloadBytesMax + 4 + 1;

        public const int ImprovState = 1;
        public const int ImprovError = 2;
        public const int ImprovCommand = 3;
        public const int ImprovResult = 4;

        public const int ProvisionRequestType = 1;
        public const int ProvisionAnswerType = 2;

        private const int MagicBytes = 6;
        private const int Version = 1;
        private const int ImprovHeader = 9;
        private const int ProvisionHeader = 12;

        private static readonly byte[] ImprovMagic = { 0x49, 0x4D, 0x50, 0x52, 0x4F, 0x56 };
        private static readonly byte[] ProvisionMagic = { 0x51, 0x55, 0x41, 0x52, 0x54, 0x49 };

        private readonly byte[] waiting = new byte[FrameBytesMax];
        private int count;
        /// <summary>Set when a take has dropped a false start and the rest may hold a frame.</summary>
        private bool lookFurther;

        /// <summary>Payload of the frame found last; its first <see cref="PayloadLength"/> bytes count.</summary>
        public readonly byte[] Payload = new byte[PayloadBytesMax];
        public int PayloadLength;
        public int Type;
        /// <summary>0..65535; only of our own frames.</summary>
        public int RequestId;

        /// <summary>Bytes that <see cref="Append"/> would take now.</summary>
        public int Room
        {
            get { return waiting.Length - count; }
        }

        /// <summary>True while a frame has begun and not ended.</summary>
        public bool IsPartial
        {
            get { return count > 0; }
        }

        /// <returns>Bytes taken.</returns>
        public int Append(byte[] from, int offset, int length)
        {
            int taken = length < Room ? length : Room;
            for (int i = 0; i < taken; i++)
            {
                waiting[count + i] = from[offset + i];
            }

            count += taken;
            return taken;
        }

        /// <summary>Finds the next frame; text and false starts before it are dropped.</summary>
        public PortFrameKind Next()
        {
            while (count > 0)
            {
                int improv = Match(ImprovMagic);
                int provision = Match(ProvisionMagic);
                if (improv == 0 && provision == 0)
                {
                    DropToStart();
                    continue;
                }

                bool whole = improv == MagicBytes || provision == MagicBytes;
                if (!whole)
                {
                    return PortFrameKind.None;
                }

                PortFrameKind kind = improv == MagicBytes ? TakeImprov() : TakeProvision();
                if (kind != PortFrameKind.None || !lookFurther)
                {
                    return kind;
                }
            }

            return PortFrameKind.None;
        }

        /// <summary>Stops waiting for the rest of a frame that has begun; what may follow in it is looked at afresh.</summary>
        public void GiveUp()
        {
            DropToStart();
        }

        /// <returns>Bytes written with the line feed, or -1 when they do not fit.</returns>
        public static int WriteImprov(byte[] into, int offset, int type, byte[] data, int length)
        {
            if (length < 0 || length > 255 || offset > into.Length - (ImprovHeader + length + 2))
            {
                return -1;
            }

            Copy(ImprovMagic, 0, into, offset, MagicBytes);
            into[offset + 6] = Version;
            into[offset + 7] = (byte)type;
            into[offset + 8] = (byte)length;
            Copy(data, 0, into, offset + ImprovHeader, length);
            into[offset + ImprovHeader + length] = Sum(into, offset, ImprovHeader + length);
            into[offset + ImprovHeader + length + 1] = 0x0A;
            return ImprovHeader + length + 2;
        }

        /// <returns>Bytes written with the line feed, or -1 when they do not fit.</returns>
        public static int WriteProvision(byte[] into, int offset, int type, int requestId, byte[] payload, int length)
        {
            if (length < 0 || length > PayloadBytesMax || offset > into.Length - (ProvisionHeader + length + 5))
            {
                return -1;
            }

            Copy(ProvisionMagic, 0, into, offset, MagicBytes);
            into[offset + 6] = Version;
            into[offset + 7] = (byte)type;
            into[offset + 8] = (byte)(requestId >> 8);
            into[offset + 9] = (byte)requestId;
            into[offset + 10] = (byte)(length >> 8);
            into[offset + 11] = (byte)length;
            Copy(payload, 0, into, offset + ProvisionHeader, length);
            int end = offset + ProvisionHeader + length;
            uint crc = Crc32.Of(into, offset + MagicBytes, ProvisionHeader - MagicBytes + length);
            into[end] = (byte)(crc >> 24);
            into[end + 1] = (byte)(crc >> 16);
            into[end + 2] = (byte)(crc >> 8);
            into[end + 3] = (byte)crc;
            into[end + 4] = 0x0A;
            return ProvisionHeader + length + 5;
        }

        private PortFrameKind TakeImprov()
        {
            lookFurther = false;
            if (count > MagicBytes && waiting[MagicBytes] != Version)
            {
                return Skip();
            }

            if (count < ImprovHeader || count < ImprovHeader + waiting[8] + 1)
            {
                return PortFrameKind.None;
            }

            int length = waiting[8];
            if (Sum(waiting, 0, ImprovHeader + length) != waiting[ImprovHeader + length])
            {
                // Only the header goes: after a cut-off packet a whole one may have begun inside the claimed length.
                Drop(MagicBytes);
                return PortFrameKind.ImprovDamaged;
            }

            Type = waiting[7];
            Take(ImprovHeader, length, 1);
            return PortFrameKind.Improv;
        }

        private PortFrameKind TakeProvision()
        {
            lookFurther = false;
            if (count > MagicBytes && waiting[MagicBytes] != Version)
            {
                return Skip();
            }

            if (count < ProvisionHeader)
            {
                return PortFrameKind.None;
            }

            int length = (waiting[10] << 8) | waiting[11];
            if (length > PayloadBytesMax)
            {
                Drop(MagicBytes);
                return PortFrameKind.ProvisionDamaged;
            }

            int end = ProvisionHeader + length;
            if (count < end + 4)
            {
                return PortFrameKind.None;
            }

            RequestId = (waiting[8] << 8) | waiting[9];
            uint crc = Crc32.Of(waiting, MagicBytes, end - MagicBytes);
            uint sent = ((uint)waiting[end] << 24) | ((uint)waiting[end + 1] << 16) | ((uint)waiting[end + 2] << 8) | waiting[end + 3];
            if (crc != sent)
            {
                Drop(MagicBytes);
                return PortFrameKind.ProvisionDamaged;
            }

            Type = waiting[7];
            Take(ProvisionHeader, length, 4);
            return PortFrameKind.Provision;
        }

        private PortFrameKind Skip()
        {
            Drop(MagicBytes);
            lookFurther = true;
            return PortFrameKind.None;
        }

        private void Take(int header, int length, int trailer)
        {
            Copy(waiting, header, Payload, 0, length);
            PayloadLength = length;
            Drop(header + length + trailer);
        }

        /// <returns>How many of the six bytes stand at the front; 0 when the front cannot become them.</returns>
        private int Match(byte[] magic)
        {
            int length = count < MagicBytes ? count : MagicBytes;
            for (int i = 0; i < length; i++)
            {
                if (waiting[i] != magic[i])
                {
                    return 0;
                }
            }

            return length;
        }

        private void DropToStart()
        {
            int next = 1;
            while (next < count && waiting[next] != ImprovMagic[0] && waiting[next] != ProvisionMagic[0])
            {
                next++;
            }

            Drop(next < count ? next : count);
        }

        private void Drop(int length)
        {
            count -= length;
            for (int i = 0; i < count; i++)
            {
                waiting[i] = waiting[length + i];
            }
        }

        private static void Copy(byte[] from, int fromOffset, byte[] to, int toOffset, int length)
        {
            for (int i = 0; i < length; i++)
            {
                to[toOffset + i] = from[fromOffset + i];
            }
        }

        private static byte Sum(byte[] bytes, int offset, int length)
        {
            int sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum += bytes[offset + i];
            }

            return (byte)sum;
        }
    }
}
