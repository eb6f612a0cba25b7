using System;
using System.IO;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>Files on the internal flash (drive I:). The file system may lose power in mid-write; whoever writes keeps
    /// a checksum and two generations. Its exceptions are of several kinds; any of them would end the step loop's thread.</summary>
    public sealed class FileFlash : IFlash
    {
        /// <summary>The platform's partition of files on a module with 4 MB of flash.</summary>
        public const int PartitionOf4Mb = 262144;
        /// <summary>The same on one with 8 MB.</summary>
        public const int PartitionOf8Mb = 2097152;
        /// <summary>The same on one with 16 MB.</summary>
        public const int PartitionOf16Mb = 3145728;

        private readonly string root;
        private readonly int totalBytes;
        private string[] names = new string[0];

        /// <param name="root">The folder, with its last separator.</param>
        /// <param name="totalBytes">Size of the partition: the platform's own answer is -1 on every ESP32.</param>
        public FileFlash(string root, int totalBytes)
        {
            this.root = root;
            this.totalBytes = totalBytes;
        }

        public int TotalBytes
        {
            get { return totalBytes; }
        }

        public FlashStatus Read(string name, byte[] buffer, out int length)
        {
            length = 0;
            string path = root + name;
            try
            {
                if (!File.Exists(path))
                {
                    return FlashStatus.NotFound;
                }

                using (FileStream file = File.OpenRead(path))
                {
                    if (file.Length > buffer.Length)
                    {
                        return FlashStatus.TooLong;
                    }

                    int wanted = (int)file.Length;
                    bool whole = TryFill(file, buffer, wanted);
                    length = whole ? wanted : 0;
                    return whole ? FlashStatus.Ok : FlashStatus.Failed;
                }
            }
            catch (Exception)
            {
                return FlashStatus.Failed;
            }
        }

        public FlashStatus ReadAt(string name, int offset, byte[] buffer, int length)
        {
            string path = root + name;
            try
            {
                if (!File.Exists(path))
                {
                    return FlashStatus.NotFound;
                }

                using (FileStream file = File.OpenRead(path))
                {
                    file.Seek(offset, SeekOrigin.Begin);
                    return TryFill(file, buffer, length) ? FlashStatus.Ok : FlashStatus.Failed;
                }
            }
            catch (Exception)
            {
                return FlashStatus.Failed;
            }
        }

        public FlashStatus Size(string name, out int bytes)
        {
            bytes = 0;
            string path = root + name;
            try
            {
                if (!File.Exists(path))
                {
                    return FlashStatus.NotFound;
                }

                using (FileStream file = File.OpenRead(path))
                {
                    bytes = (int)file.Length;
                    return FlashStatus.Ok;
                }
            }
            catch (Exception)
            {
                return FlashStatus.Failed;
            }
        }

        public FlashStatus Write(string name, byte[] buffer, int length)
        {
            try
            {
                using (FileStream file = File.Create(root + name))
                {
                    file.Write(buffer, 0, length);
                    file.Flush();
                }
            }
            catch (Exception)
            {
                return FlashStatus.Full;
            }

            return HasSize(name, length);
        }

        public FlashStatus Append(string name, byte[] buffer, int length)
        {
            int before;
            try
            {
                using (FileStream file = new FileStream(root + name, FileMode.Append, FileAccess.Write))
                {
                    before = (int)file.Length;
                    file.Write(buffer, 0, length);
                    file.Flush();
                }
            }
            catch (Exception)
            {
                return FlashStatus.Full;
            }

            return HasSize(name, before + length);
        }

        public FlashStatus Delete(string name)
        {
            string path = root + name;
            try
            {
                if (!File.Exists(path))
                {
                    return FlashStatus.NotFound;
                }

                File.Delete(path);
                return FlashStatus.Ok;
            }
            catch (Exception)
            {
                return FlashStatus.Failed;
            }
        }

        public bool TryGetName(int index, out string name)
        {
            name = null;
            if (index == 0 && !TryList())
            {
                return false;
            }

            if (index >= names.Length)
            {
                names = new string[0];
                return false;
            }

            string path = names[index];
            int slash = path.LastIndexOf('\\');
            name = path.Substring((slash >= 0 ? slash : path.LastIndexOf('/')) + 1);
            return true;
        }

        private bool TryList()
        {
            try
            {
                names = Directory.GetFiles(root);
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <summary>The C library under the file system holds back the last bytes and forgets the error of writing them; the file is
        /// then as it was before.</summary>
        private FlashStatus HasSize(string name, int expected)
        {
            int bytes;
            return Size(name, out bytes) == FlashStatus.Ok && bytes == expected ? FlashStatus.Ok : FlashStatus.Full;
        }

        private static bool TryFill(FileStream file, byte[] buffer, int wanted)
        {
            int length = 0;
            while (length < wanted)
            {
                int read = file.Read(buffer, length, wanted - length);
                if (read <= 0)
                {
                    return false;
                }

                length += read;
            }

            return true;
        }
    }
}
