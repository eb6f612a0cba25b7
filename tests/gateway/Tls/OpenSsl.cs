using System.Diagnostics;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>The foreign peer: openssl as a program, with what it says and how it ends.</summary>
internal static class OpenSsl
{
    /// <param name="input">Typed to it; empty for nothing.</param>
    public static async Task<(int Code, string Said)> Run(string input, params string[] arguments) => await Program("openssl", input, arguments);

    public static async Task<(int Code, string Said)> Program(string program, string input, params string[] arguments)
    {
        using var process = GatewayProcess.Start(program, arguments);
        using var patience = new CancellationTokenSource(GatewayProcess.Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await TypeAsync(process, input);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>A program that has refused already reads nothing any more; its code says so.</summary>
    private static async Task TypeAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException) when (process.WaitForExit(GatewayProcess.Patience))
        {
            // Nor can it be closed: that would write what is left.
        }
    }

    /// <summary>A handshake; the code is 0 only when the chain and the name hold.</summary>
    /// <param name="version">-tls1_2 or -tls1_3.</param>
    public static Task<(int Code, string Said)> Handshake(int port, string authority, string name, string version) =>
        Run("Q\n", "s_client", "-connect", $"127.0.0.1:{port}", "-servername", name, "-verify_hostname", name, "-CAfile", authority, "-verify_return_error", "-brief", version);

    /// <summary>Whether a certificate in a file holds under an authority in a file, for that moment.</summary>
    public static Task<(int Code, string Said)> Verify(string certificate, string authority, DateTimeOffset at, params string[] more) =>
        Run("", ["verify", "-x509_strict", "-purpose", "sslserver", "-attime", $"{at.ToUnixTimeSeconds()}", "-CAfile", authority, .. more, certificate]);
}
