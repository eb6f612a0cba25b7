using System.CommandLine;
using Quartier.Simulator;

var root = new RootCommand("Der simulierte Stadtteil / the simulated quarter");
root.Subcommands.Add(SimulateCommand.Create());
return root.Parse(args).Invoke();
