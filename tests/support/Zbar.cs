using System.ComponentModel;
using System.Diagnostics;

namespace Quartier.Tests.Support;

/// <summary>zbarimg, a foreign reader of QR codes.</summary>
public static class Zbar
{
    /// <returns>What the picture's QR code says; empty when there is none.</returns>
    public static string Read(byte[] png)
    {
        var folder = Directory.CreateTempSubdirectory("quartier-qr-");
        try
        {
            var file = Path.Combine(folder.FullName, "screen.png");
            File.WriteAllBytes(file, png);
            using var zbar = Process.Start(new ProcessStartInfo("zbarimg", ["--raw", "-q", "-Sdisable", "-Sqrcode.enable", file]) { RedirectStandardOutput = true })!;
            return zbar.StandardOutput.ReadToEnd().TrimEnd('\n');
        }
        catch (Win32Exception absent)
        {
            throw new InvalidOperationException("zbarimg is not installed: apt-get install zbar-tools, or run ./quartier test.", absent);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
