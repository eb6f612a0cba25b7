using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Tls;

/// <summary>A certificate with its key in one PEM file, which is its owner's alone.</summary>
internal static class KeyFile
{
    /// <returns>Null: there is no such file.</returns>
    /// <exception cref="IOException">The file holds no certificate with its key.</exception>
    public static X509Certificate2? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var read = X509Certificate2.CreateFromPemFile(path);
            return Authority.Usable(read);
        }
        catch (Exception damaged) when (damaged is CryptographicException or ArgumentException)
        {
            throw new IOException($"{path} holds no certificate with its key ({damaged.Message}). Put it back from a backup. Without one delete it and start again: "
                + "a new one is made, and whoever trusted the old one has to be given the new.", damaged);
        }
    }

    /// <summary>Whole or not at all, also when the power fails meanwhile.</summary>
    public static void Write(string path, X509Certificate2 certificate)
    {
        var beside = path + ".new";
        File.Delete(beside);
        OwnerOnly.Touch(beside);
        using (var key = certificate.GetECDsaPrivateKey()!)
        using (var file = new FileStream(beside, FileMode.Open, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
