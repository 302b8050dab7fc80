// Three silo processes on loopback by one command, one of them killed (SIGKILL) in the middle, and nothing lost:
//   dotnet run -c Release --project examples/Cluster                      moments of 24 partitions, 10,000 tenants
//   dotnet run -c Release --project examples/Cluster -- localhost         the same without Redis, though there be one
//   dotnet run -c Release --project examples/Cluster -- kills 20          kills at random moments, bytes compared each time
//   dotnet run -c Release --project examples/Cluster -- overhead 64       processor time of the cluster against one process
//   dotnet run -c Release --project examples/Cluster -- tenants 100000    as many tenants as you like
using System.Globalization;
using Cluster;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var withRedis = args is not [.., "localhost"];
switch (withRedis ? args : args[..^1])
{
    case ["silo", .. var silo]:
        await SiloProcess.RunAsync(silo);
        return 0;
    case []:
        return await MomentsPart.RunAsync(kills: 1, withRedis) + await TenantsPart.RunAsync(tenants: 10_000, withRedis);
    case ["kills", var kills]:
        return await MomentsPart.RunAsync(int.Parse(kills), withRedis);
    case ["overhead", var features]:
        return await OverheadPart.RunAsync(int.Parse(features), withRedis);
    case ["tenants", var tenants]:
        return await TenantsPart.RunAsync(int.Parse(tenants), withRedis);
    default:
        Console.Error.WriteLine("One of: kills N, overhead P, tenants N, or nothing; and localhost at the end.");
        return 2;
}
