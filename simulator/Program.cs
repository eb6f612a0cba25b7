using System.CommandLine;
using Quartier.Gateway.Host.Commands;
using Quartier.Simulator;
using Quartier.Simulator.Window;

var root = new RootCommand("Der simulierte Stadtteil / the simulated quarter");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
return CommandLine.Run(root, args);
