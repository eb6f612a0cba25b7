using System.Diagnostics;
using Xunit;

namespace Quartier.Tests.Screen;

/// <summary>zbarimg reads what a phone would read.</summary>
internal static class ForeignTool
{
    /// <returns>The texts of all QR codes in the picture, one a line.</returns>
    public static string ReadQr(byte[] png)
    {
        var file = Path.Combine(Path.GetTempPath(), $"quartier-qr-{Environment.ProcessId}-{Interlocked.Increment(ref count)}.png");
        File.WriteAllBytes(file, png);
        try
        {
            return Run("zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int count;

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output.TrimEnd('\n');
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"{program} is not installed: apt-get install zbar-tools");
            throw;
        }
    }
}
