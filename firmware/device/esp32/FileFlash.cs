using System;
using System.IO;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>Files on the internal flash (drive I:). The file system may lose power in mid-write; whoever writes keeps
    /// a checksum and two generations. Its exceptions are of several kinds; any of them would end the step loop's thread.</summary>
    public sealed class FileFlash : IFlash
    {
        private const string Root = "I:\\";
        private string[] names;

        public FlashStatus Read(string name, byte[] buffer, out int length)
        {
            length = 0;
            string path = Root + name;
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
                    while (length < wanted)
                    {
                        int read = file.Read(buffer, length, wanted - length);
                        if (read <= 0)
                        {
                            return FlashStatus.Failed;
                        }

                        length += read;
                    }

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
                using (FileStream file = File.Create(Root + name))
                {
                    file.Write(buffer, 0, length);
                    file.Flush();
                }

                names = null;
                return FlashStatus.Ok;
            }
            catch (Exception)
            {
                return FlashStatus.Full;
            }
        }

        public FlashStatus Delete(string name)
        {
            string path = Root + name;
            try
            {
                if (!File.Exists(path))
                {
                    return FlashStatus.NotFound;
                }

                File.Delete(path);
                names = null;
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
            try
            {
                names = names ?? Directory.GetFiles(Root);
            }
            catch (Exception)
            {
                return false;
            }

            if (index >= names.Length)
            {
                return false;
            }

            string path = names[index];
            name = path.Substring(path.LastIndexOf('\\') + 1);
            return true;
        }
    }
}
