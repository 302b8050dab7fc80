// Three silo processes on loopback by one command, one of them killed (SIGKILL) in the middle, and nothing lost:
//   dotnet run -c Release --project examples/Cluster                      moments of 24 partitions, 10,000 tenants
//   dotnet run -c Release --project examples/Cluster -- kills 20          kills at random moments, bytes compared each time
//   dotnet run -c Release --project examples/Cluster -- overhead 64       processor time of the cluster against one process
//   dotnet run -c Release --project examples/Cluster -- tenants 100000    as many tenants as you like
using System.Globalization;
using Cluster;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["silo", .. var silo]:
        await SiloProcess.RunAsync(silo);
        return 0;
    case []:
        return await MomentsPart.RunAsync(kills: 1) + await TenantsPart.RunAsync(tenants: 10_000);
    case ["kills", var kills]:
        return await MomentsPart.RunAsync(int.Parse(kills));
    case ["overhead", var features]:
        return await OverheadPart.RunAsync(int.Parse(features));
    case ["tenants", var tenants]:
        return await TenantsPart.RunAsync(int.Parse(tenants));
    default:
        Console.Error.WriteLine("One of: kills N, overhead P, tenants N, or nothing.");
        return 2;
}
