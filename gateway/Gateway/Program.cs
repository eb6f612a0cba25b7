using System.CommandLine;
using Quartier.Gateway.Host.Commands;

namespace Quartier.Gateway;

/// <summary>The gateway's commands, a file each in Host/Commands.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        var root = new RootCommand("Quartier's gateway. Exit codes: 0 done, 1 refused input, 2 wrong usage.")
        {
            ServeCommand.Create(),
            AccountCommand.Create(),
            ImportCommand.Create(),
            OffersCommand.Create(),
            IngestCommand.Create(),
            DecodeCommand.Create(),
            EncodeCommand.Create(),
            RenderCommand.Create(),
            FontsCommand.Create(),
        };
        return CommandLine.Run(root, args);
    }
}
