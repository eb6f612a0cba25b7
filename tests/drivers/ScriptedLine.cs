using System.Text;
using Quartier.Board;

namespace Quartier.Tests.Drivers;

/// <summary>A serial line whose other end is the test.</summary>
internal sealed class ScriptedLine : ISerialLine
{
    private readonly Queue<byte> toHost = new();
    private readonly StringBuilder fromHost = new();

    /// <summary>Everything the driver wrote since the last call.</summary>
    public string TakeWritten()
    {
        var written = fromHost.ToString();
        fromHost.Clear();
        return written;
    }

    public void Say(string text)
    {
        foreach (var b in Encoding.Latin1.GetBytes(text))
        {
            toHost.Enqueue(b);
        }
    }

    public int Read(byte[] buffer, int offset, int count)
    {
        var read = 0;
        while (read < count && toHost.TryDequeue(out var b))
        {
            buffer[offset + read++] = b;
        }

        return read;
    }

    public int Write(byte[] buffer, int offset, int count)
    {
        fromHost.Append(Encoding.Latin1.GetString(buffer, offset, count));
        return count;
    }
}
